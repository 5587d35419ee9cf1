"""Every glossary term of every bank can be understood from each voice, or is a listed exception.

`python -m tests.benchmarks.terms WORD ...` shows what is heard of a word; `speech.respell` holds what to do about it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hireflow_voice import paths
from hireflow_voice.bank.loader import load_banks
from hireflow_voice.resources import questions
from hireflow_voice.speech.cast import VOICES
from hireflow_voice.speech.respell import MISHEARD, unpronounceable
from hireflow_voice.speech.voices import Speaker


@pytest.mark.models
@pytest.mark.slow
def test_every_glossary_term_of_every_bank_is_heard_right_from_each_voice(terms: Any, tmp_path: Path) -> None:
    import onnxruntime

    # A voice of its own, so that the noise that Piper draws is the same whatever was said before.
    onnxruntime.set_seed(11)
    speaker = Speaker(paths.models_dir() / "voice-joe", tmp_path)
    said = terms.sentences(load_banks(questions()))
    new = {
        (heard.voice, term): text
        for heard in terms.check_all(speaker, paths.models_dir() / "whisper-base", said)
        for term, text in heard.missed.items()
        if heard.voice not in MISHEARD.get(term, {})
    }
    assert not new, f"give these a respelling, or list them: {new}"


def test_every_exception_is_a_term_of_a_bank() -> None:
    used = {term for bank in load_banks(questions()) for question in bank.questions for term in question.glossary}
    assert set(MISHEARD) <= used
    assert {voice for by in MISHEARD.values() for voice in by} <= set(VOICES)


def test_a_term_that_no_voice_says_right_is_a_finding() -> None:
    assert not unpronounceable("Redis")
    assert all(unpronounceable(term) == (set(by) == set(VOICES)) for term, by in MISHEARD.items())
