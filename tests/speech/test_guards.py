"""What Whisper invents does not come through, with a decoder that invents on demand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hireflow_voice.errors import ModelMissing
from hireflow_voice.sound import RATE, Samples
from hireflow_voice.speech.glossary import CONTEXT, FILLERS, prompt, text_budget
from hireflow_voice.speech.whisper import Recogniser, loops, unloop, without_padding

Scripted = Callable[[Any], Recogniser]
GOOD = "I would put a cache in front of the database and watch it."


def sound(seconds: float = 5.0) -> Samples:
    """Sound all along, so that the word rate is that of the text."""
    return np.random.default_rng(0).normal(0, 3000, int(seconds * RATE)).astype(np.int16)


def test_a_loop_is_decoded_again_with_the_glossary_alone_and_then_with_nothing(script: Any, scripted: Scripted) -> None:
    decoder = script("er, er, er, er, er", "the cache the cache the cache the cache", GOOD)
    heard = scripted(decoder).recognise(sound(), 0.0, ("Redis",), True)
    assert heard.text == GOOD
    assert decoder.prompts == [f"I would talk about Redis. {FILLERS}", "I would talk about Redis.", ""]


def test_the_first_good_decode_stands(script: Any, scripted: Scripted) -> None:
    decoder = script("Um, er, er, er, er.", GOOD)
    assert scripted(decoder).recognise(sound(), 0.0, ("Redis",), True).text == GOOD
    assert len(decoder.prompts) == 2


def test_a_stammer_is_no_loop(script: Any, scripted: Scripted) -> None:
    decoder = script("Um, I, I, I would, er, er, start with the, the cache, really.")
    assert scripted(decoder).recognise(sound(), 0.0, (), True).text.startswith("Um, I, I, I would, er, er,")
    assert len(decoder.prompts) == 1


def test_text_that_compresses_too_well_is_a_loop(say_decoded: Any) -> None:
    assert loops(say_decoded("many words", compression=2.4))
    assert not loops(say_decoded("many words", compression=2.39))


def test_when_every_decode_loops_the_repetition_is_cut_to_one(
    script: Any, scripted: Scripted, say_decoded: Any
) -> None:
    looping = say_decoded("so we we we we we shard it", compression=1.5)
    decoder = script(
        say_decoded("uh " * 30, compression=5.0), looping, say_decoded("and so and so and so and so", compression=3)
    )
    heard = scripted(decoder).recognise(sound(), 2.0, ("Redis",), True)
    assert heard.text == "so we shard it"
    assert [w.text for w in heard.words] == heard.text.split()
    assert unloop(say_decoded("a b a b a b a b c")).text == "a b c"


def test_without_a_voice_the_text_has_to_be_far_from_noise(script: Any, scripted: Scripted, say_decoded: Any) -> None:
    for invented in (
        say_decoded("thank you for watching", no_speech=0.6),
        say_decoded("little bit of a", compression=2.1),
        say_decoded("so so so so so"),
        say_decoded("...", no_speech=0.0),
    ):
        decoder = script(invented)
        heard = scripted(decoder).recognise(sound(), 0.0, ("Redis",), False)
        assert (heard.text, heard.words) == ("", ())
        assert decoder.prompts == [""], "a prompt is what noise turns into"
    decoder = script(say_decoded("a quiet voice the detector missed", no_speech=0.2))
    assert scripted(decoder).recognise(sound(2.0), 0.0, (), False).text == "a quiet voice the detector missed"


@pytest.mark.parametrize("text", [".", "...", "- -", "♪"])
def test_text_without_a_letter_is_nothing(script: Any, scripted: Scripted, text: str) -> None:
    assert scripted(script(text)).recognise(sound(1.0), 0.0, (), True).text == ""


def test_hardly_a_word_in_much_sound_is_decoded_with_more_effort(script: Any, scripted: Scripted) -> None:
    decoder = script("Well.", GOOD)
    assert scripted(decoder).recognise(sound(9.0), 0.0, ("Redis",), True).text == GOOD
    assert (decoder.prompts[-1], decoder.beams) == ("", [1, 5])
    looping = script("Well then.", "er er er er er er")
    assert scripted(looping).recognise(sound(9.0), 0.0, (), True).text == "Well then."
    short = script("Yes.")
    assert scripted(short).recognise(sound(1.2), 0.0, (), True).text == "Yes."


def test_silence_is_not_decoded_at_all(script: Any, scripted: Scripted) -> None:
    decoder = script()
    assert scripted(decoder).recognise(np.zeros(RATE, np.int16), 0.0, (), True).text == ""
    assert scripted(decoder).recognise(np.ones(100, np.int16), 0.0, (), True).text == ""
    assert decoder.prompts == []


def test_times_are_those_of_the_take_in_order_and_inside_the_chunk(script: Any, scripted: Scripted) -> None:
    heard = scripted(script(GOOD)).recognise(sound(5.0), 12.5, (), True)
    times = [t for w in heard.words for t in (w.start_s, w.end_s)]
    assert times == sorted(times)
    assert times[0] >= 12.5
    assert times[-1] <= 17.5


def test_a_chunk_longer_than_whisper_hears_is_refused_and_not_silently_cut(script: Any, scripted: Scripted) -> None:
    with pytest.raises(ValueError, match="too long"):
        scripted(script()).recognise(sound(30.1), 0.0, (), True)


def test_the_prompt_leaves_room_for_the_text() -> None:
    terms = [f"term number {n}" for n in range(80)]

    def tokens(text: str) -> int:
        return len(text) // 4

    for seconds in (1.0, 15.0, 27.6, 30.0):
        text, kept = prompt(terms, tokens, seconds)
        assert tokens(text) + text_budget(seconds) < CONTEXT
        assert kept == tuple(terms[: len(kept)])
        assert 0 < len(kept) < 80
        assert text.endswith(FILLERS)
    assert prompt((), tokens, 5.0) == (FILLERS, ())
    assert prompt(("", " "), tokens, 5.0, fillers=False) == ("", ())
    assert prompt(("Redis", "Kafka"), tokens, 5.0)[0] == f"I would talk about Redis, Kafka. {FILLERS}"


def test_a_folder_without_weights_says_what_is_missing(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(ModelMissing, match=r"model\.bin, tokenizer\.json"):
        Recogniser(tmp_path)


def test_damaged_weights_are_an_error_of_ours_and_not_a_crash(tmp_path: Path) -> None:
    for name in ("model.bin", "config.json", "tokenizer.json"):
        (tmp_path / name).write_bytes(b"not a model")
    with pytest.raises(ModelMissing, match="cannot be loaded"):
        Recogniser(tmp_path)


@pytest.mark.parametrize(("heard", "kept"), [(0, 1500), (300, 1500), (1100, 1500), (1200, 1600), (2999, 3000)])
def test_the_encoder_hears_a_chunk_and_some_silence_but_not_all_of_the_padding(heard: int, kept: int) -> None:
    spectrogram = np.zeros((80, 3000), np.float32)
    spectrogram[:, :heard] = -0.5
    cut = without_padding(spectrogram)
    assert cut.shape == (80, kept)
    assert cut.flags.c_contiguous
    assert (cut == spectrogram[:, :kept]).all()
