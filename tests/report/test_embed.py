"""A page that sounds: every take and every quote is in it, playable without a script, and only its own words."""

from __future__ import annotations

import base64
import io
import re
from pathlib import Path

import numpy as np
import pytest
import soundfile

from hireflow_voice.records import CallRecord
from hireflow_voice.report import Sounds, render

RATE = 16_000


@pytest.fixture
def folder(record: CallRecord, tmp_path: Path) -> Path:
    """Recordings whose pitch rises by 100 Hz a second, so that a clip tells where it is from."""
    for take in record.takes:
        if take.sound and take.seconds:
            t = np.arange(round(take.seconds * RATE)) / RATE
            tone = 8000 * np.sin(2 * np.pi * (300 * t + 50 * t**2))
            soundfile.write(tmp_path / take.sound, tone.astype(np.int16), RATE)
    return tmp_path


def sounds_of(page: str) -> list[tuple[str, np.ndarray]]:
    """(label, samples) of every audio element."""
    found = re.findall(r'<audio controls[^>]* aria-label="([^"]*)" src="data:audio/mpeg;base64,([^"]+)">', page)
    return [(label, soundfile.read(io.BytesIO(base64.b64decode(data)))[0]) for label, data in found]


def test_every_take_and_every_quote_is_in_the_page(record: CallRecord, folder: Path) -> None:
    page = render(record, "html", Sounds(folder))
    heard = sounds_of(page)
    takes = [t for t in record.takes if t.sound and t.seconds]
    whole = [samples for label, samples in heard if label != "Hear these words"]
    assert len(whole) == len(takes)
    for take, samples in zip(takes, whole, strict=True):
        assert len(samples) / RATE == pytest.approx(take.seconds, abs=0.15)
    quotes = [p.quote for j in record.judgements for p in j.points if p.quote is not None]
    clips = [samples for label, samples in heard if label == "Hear these words"]
    assert len(clips) == len(quotes) > 0
    for quote, samples in zip(quotes, clips, strict=True):
        assert quote.start_s is not None
        assert quote.end_s is not None
        middle = samples[len(samples) // 2 - 1600 : len(samples) // 2 + 1600]
        spectrum = np.abs(np.fft.rfft(middle * np.hanning(len(middle))))
        pitch = np.fft.rfftfreq(len(middle), 1 / RATE)[spectrum.argmax()]
        assert pitch == pytest.approx(300 + 100 * (quote.start_s + quote.end_s) / 2, abs=40)


def test_a_page_with_sound_still_loads_nothing_and_runs_nothing(record: CallRecord, folder: Path) -> None:
    page = render(record, "html", Sounds(folder))
    assert "media-src data:;" in page
    assert "script" not in page.lower().replace("transcript", "")
    assert "default-src 'none'" in page


def test_without_sound_there_is_no_player_and_none_is_allowed(record: CallRecord) -> None:
    page = render(record, "html")
    assert "<audio" not in page
    assert "media-src" not in page


def test_a_recording_that_is_gone_or_broken_is_left_out(record: CallRecord, folder: Path) -> None:
    whole = len(sounds_of(render(record, "html", Sounds(folder))))
    first, second = [t.sound for t in record.takes if t.sound][:2]
    (folder / first).unlink()
    (folder / second).write_bytes(b"RIFF\x00")
    assert 0 < len(sounds_of(render(record, "html", Sounds(folder)))) < whole


def test_it_can_be_stopped(record: CallRecord, folder: Path) -> None:
    assert sounds_of(render(record, "html", Sounds(folder, lambda: True))) == []
