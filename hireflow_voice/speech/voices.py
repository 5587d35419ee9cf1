"""The interviewer's voices: text in, sound out, rendered once and kept on disk."""

from __future__ import annotations

import contextlib
import hashlib
import io
import logging
import os
import tempfile
import threading
import wave
from collections.abc import Iterable
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from hireflow_voice.errors import ModelMissing, NotFound
from hireflow_voice.sound import Pcm, Samples
from hireflow_voice.speech import plain, respell
from hireflow_voice.speech.cast import PLAIN, VOICES, Voice

Sound = npt.NDArray[np.float32]

GAP_S = 0.2
"""Silence between two sentences."""
TAIL_S = 0.12
"""Silence after the last one: without it the last consonant is clipped on some sound cards."""
QUIET = 0.01
"""Part of the loudest sample under which the ends of a sentence are silence."""
LOUDNESS = -20.0
"""dBFS, RMS over the sounding parts: every utterance is as loud as the next."""
LOUDEST = 0.9
"""Of full scale; a short shout is not turned up beyond it."""
KEEP_BYTES = 300_000_000
"""Rendered speech kept on disk: about two hours."""

_log = logging.getLogger(__name__)


def at_hand(joe_folder: Path | None) -> tuple[str, ...]:
    """Names of the voices whose weights or program lie where they should, the best first; nothing is loaded."""
    joe = ("joe",) if joe_folder is not None else ()
    heart = ("heart",) if find_spec("hibari") is not None else ()
    return (*joe, *heart, *((PLAIN.name,) if plain.there() else ()))


class Speaker:
    """Speaks. Lives in the worker process; safe for several threads, one sentence at a time.

    `joe_folder` holds Piper's en_US-joe-medium.onnx and its .json; None if it was never fetched. `cache_dir` is made
    when something is first rendered. Models are loaded at first use.
    """

    def __init__(self, joe_folder: Path | None, cache_dir: Path) -> None:
        self._joe_folder = joe_folder
        self._cache = cache_dir
        self._lock = threading.Lock()
        self._joe: Any = None
        self._heart: Any = None

    def speak(self, text: str, voice: str) -> Pcm:
        """`text` in this voice, at the voice's own rate, from the cache if it was said before.

        When that voice cannot speak, because its weights are missing or broken or fail, the other one does, and then
        the plain one: `Pcm.voice` names who spoke, and `stand_in` has the words for it. Empty text is no sound. Raises
        NotFound for an unknown voice; when no voice at all can speak, what kept the one that was asked for from it,
        for example ModelMissing.
        """
        asked = _voice(voice)
        failed: Exception | None = None
        for one in (asked, *(other for other in VOICES.values() if other is not asked), PLAIN):
            try:
                return self._speak(text, one)
            except Exception as error:  # networks fail in ways of their own, and any of the voices is better than none
                _log.warning("the voice %s cannot speak: %s: %s", one.name, type(error).__name__, error)
                failed = failed or error
        assert failed is not None
        raise failed

    def load(self, voice: str) -> None:
        """Load the voice's model now. Raises as `speak` does."""
        name = _voice(voice).name
        with self._lock:
            self._load_joe() if name == "joe" else self._load_heart()

    def _speak(self, text: str, voice: Voice) -> Pcm:
        # First, so that a voice that is gone is not heard again in the sentences that were kept of it.
        self._look(voice)
        path = self._cache / f"{_key(text, voice)}.wav"
        if (kept := _read(path)) is None:
            with self._lock:
                if (kept := _read(path)) is None:
                    kept = self._render(respell.respell(text), voice)
                    # Kept before the next one looks: Piper never says a sentence the same way twice.
                    _keep(path, kept)
        return replace(kept, voice=voice.name)

    def _look(self, voice: Voice) -> None:
        """Whether its weights, or its program, lie where they should. Raises ModelMissing."""
        match voice.name:
            case "joe":
                self._joe_model()
            case "heart" if find_spec("hibari") is None:
                raise _heart_missing()

    def _render(self, text: str, voice: Voice) -> Pcm:
        match voice.name:
            case "joe":
                rate, sentences = self._say_joe(text, voice.speed)
            case "heart":
                rate, sentences = self._say_heart(text, voice.speed)
            case _:
                rate, sound = plain.say(text, voice.speed)
                sentences = [sound]
        if not all(np.isfinite(sentence).all() for sentence in sentences):
            raise ModelMissing(f"The voice {voice.label} made no sound but noise.", "Fetch the models again.")
        samples = _join([trim(sentence) for sentence in sentences], rate)
        if not len(samples) and any(letter.isalnum() for letter in text):
            raise ModelMissing(f"The voice {voice.label} stayed silent.", "Fetch the models again.")
        return Pcm(samples, rate)

    def _say_joe(self, text: str, speed: float) -> tuple[int, list[Sound]]:
        from piper import SynthesisConfig

        voice = self._load_joe()
        # Piper would stretch every sentence to full scale, so that "Okay." is a shout.
        config = SynthesisConfig(length_scale=1.0 / speed, normalize_audio=False)
        return voice.config.sample_rate, [c.audio_float_array for c in voice.synthesize(text, config)]

    def _say_heart(self, text: str, speed: float) -> tuple[int, list[Sound]]:
        voice = self._load_heart()
        return voice.sample_rate, list(voice.stream(text, speed=speed, seed=0))

    def _load_joe(self) -> Any:
        if self._joe is None:
            model = self._joe_model()
            import onnxruntime
            from piper import PiperConfig, PiperVoice

            config = (model.parent / f"{model.name}.json").read_text(encoding="utf-8")
            # PiperVoice.load would give the network all the threads there are, beside Whisper's.
            session = onnxruntime.InferenceSession(
                str(model), sess_options=_one_thread(), providers=["CPUExecutionProvider"]
            )
            self._joe = PiperVoice(session=session, config=PiperConfig.from_dict(_json(config)))
        return self._joe

    def _joe_model(self) -> Path:
        if self._joe_folder is None or not (model := self._joe_folder / "en_US-joe-medium.onnx").is_file():
            raise ModelMissing("The voice Joe is not on this computer.", "Fetch the models, or choose Heart.")
        return model

    def _load_heart(self) -> Any:
        if self._heart is None:
            from hibari import Hibari
            from hibari.voices import voice_path

            try:
                # Only what is in the package: the library would fetch other voices from a hub.
                path = voice_path("heart", download_missing=False)
            except FileNotFoundError as error:
                raise _heart_missing() from error
            self._heart = Hibari("heart", model=path, threads=1)
        return self._heart


def _voice(name: str) -> Voice:
    if name not in VOICES:
        raise NotFound(f"There is no voice called {name!r}.", f"Choose one of {', '.join(VOICES)}.")
    return VOICES[name]


def _heart_missing() -> ModelMissing:
    return ModelMissing("The voice Heart is not on this computer.", "Install HireFlow Voice again.")


def _json(text: str) -> dict[str, Any]:
    import json

    return dict(json.loads(text))


def _one_thread() -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return options


def trim(sound: Sound) -> Sound:
    """Without the silence that the models put around every sentence (54 and 245 ms for Piper)."""
    if not len(sound) or not (peak := float(np.abs(sound).max())):
        return sound[:0]
    loud = np.flatnonzero(np.abs(sound) > QUIET * peak)
    return sound[loud[0] : loud[-1] + 1]


def _join(sentences: Iterable[Sound], rate: int) -> Samples:
    """Sentences with short silences between them, evenly loud, with a tail."""
    pieces: list[Sound] = []
    for sentence in sentences:
        if len(sentence):
            pieces += [sentence, np.zeros(int(GAP_S * rate), np.float32)]
    if not pieces:
        return np.zeros(0, np.int16)
    pieces[-1] = np.zeros(int(TAIL_S * rate), np.float32)
    sound = np.concatenate(pieces)
    return np.asarray(np.clip(sound * _gain(sound, rate), -1.0, 1.0) * 32767.0, np.int16)


def _gain(sound: Sound, rate: int) -> float:
    """What brings the sounding parts to LOUDNESS without passing LOUDEST."""
    frame = rate // 50
    power = np.mean(np.square(sound[: len(sound) // frame * frame].reshape(-1, frame)), axis=1)
    peak = float(np.abs(sound).max())
    if not power.size or not power.max() or not peak:
        return 1.0
    rms = float(np.sqrt(np.mean(power[power > power.max() * 1e-3])))
    return min(10 ** (LOUDNESS / 20) / rms, LOUDEST / peak)


def _key(text: str, voice: Voice) -> str:
    said = "\0".join((text, voice.name, f"{voice.speed:g}", str(respell.VERSION)))
    return hashlib.sha256(said.encode()).hexdigest()


def _read(path: Path) -> Pcm | None:
    """A kept rendering; None if there is none or it is damaged."""
    try:
        with wave.open(str(path), "rb") as file:
            if file.getnchannels() != 1 or file.getsampwidth() != 2:
                return None
            data = file.readframes(file.getnframes())
            if len(data) != 2 * file.getnframes():
                return None
            pcm = Pcm(np.frombuffer(data, "<i2").astype(np.int16), file.getframerate())
        os.utime(path)  # used now: pruned last
        return pcm
    except (OSError, EOFError, wave.Error):
        return None


def _keep(path: Path, pcm: Pcm) -> None:
    """Write a rendering whole, under another name first. A full disk costs the cache, not the sentence."""
    held = io.BytesIO()
    with wave.open(held, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(pcm.rate)
        file.writeframes(pcm.samples.astype("<i2").tobytes())
    partial: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _prune(path.parent)
        handle, name = tempfile.mkstemp(suffix=".partial", dir=path.parent)
        partial = Path(name)
        with os.fdopen(handle, "wb") as out:
            out.write(held.getvalue())
        partial.replace(path)
    except OSError as error:
        _log.warning("speech is not kept on disk: %s", error)
        if partial is not None:
            with contextlib.suppress(OSError):
                partial.unlink(missing_ok=True)


def _prune(folder: Path) -> None:
    """Delete what was not used for longest until the cache is small enough."""
    kept = sorted(((p.stat().st_mtime, p.stat().st_size, p) for p in folder.glob("*.wav")), reverse=True)
    total = 0
    for _, size, path in kept:
        total += size
        if total > KEEP_BYTES:
            path.unlink(missing_ok=True)
