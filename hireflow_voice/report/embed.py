"""Recordings inside a page: each take, and each quote on its own, as MP3 in a `data:` address.

MP3, because every browser plays it without asking, and half an hour of speech at 16 kHz is 5 MB of it. A quote is a
clip of its own: a time in the address of a long recording works in some browsers only.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from pathlib import Path

from markupsafe import Markup

from hireflow_voice.report.model import QuoteReport, TakeReport

LEAD_S = 0.15
"""Before and after a quote, so that its first and last sound are not clipped."""
BLOCK_S = 30
"""Encoded at once: libsndfile's encoders have fallen over long pieces."""
QUALITY = 0.7
"""0 best .. 1 smallest; about 20 kbit/s of speech."""


class Sounds:
    """The recordings of one call. Not thread-safe; slow: a minute of speech takes about a second."""

    def __init__(self, folder: Path, stopped: Callable[[], bool] = lambda: False) -> None:
        """`folder`: where the recordings are; once `stopped`, nothing more is read."""
        self._folder, self._stopped = folder, stopped

    def take(self, take: TakeReport) -> Markup:
        """An audio element with the whole take; nothing where there is no recording."""
        return self._element(take.sound, 0.0, None, f"{take.label}, {take.call_at}")

    def quote(self, quote: QuoteReport, sound: str) -> Markup:
        """An audio element with just these words; nothing where their place is not known."""
        if quote.start_s is None or quote.end_s is None:
            return Markup("")
        return self._element(sound, max(0.0, quote.start_s - LEAD_S), quote.end_s + LEAD_S, "Hear these words")

    def _element(self, sound: str, start_s: float, end_s: float | None, label: str) -> Markup:
        data = self._encoded(sound, start_s, end_s) if sound and not self._stopped() else b""
        if not data:
            return Markup("")
        address = f"data:audio/mpeg;base64,{base64.b64encode(data).decode('ascii')}"
        return Markup('<audio controls preload="metadata" aria-label="{}" src="{}"></audio>').format(label, address)

    def _encoded(self, sound: str, start_s: float, end_s: float | None) -> bytes:
        """MP3 of a stretch of a recording; empty when it cannot be read."""
        import soundfile

        out = io.BytesIO()
        try:
            with soundfile.SoundFile(self._folder / sound) as source:
                rate = source.samplerate
                source.seek(min(round(start_s * rate), source.frames))
                left = (source.frames if end_s is None else min(round(end_s * rate), source.frames)) - source.tell()
                if left <= 0:
                    return b""
                with soundfile.SoundFile(
                    out,
                    "w",
                    rate,
                    1,
                    "MPEG_LAYER_III",
                    format="MP3",
                    compression_level=QUALITY,
                    bitrate_mode="VARIABLE",
                ) as target:
                    while left > 0 and not self._stopped():
                        block = source.read(min(left, BLOCK_S * rate), dtype="int16", always_2d=True)[:, 0]
                        if not len(block):
                            break
                        target.write(block)
                        left -= len(block)
        except (OSError, RuntimeError):  # soundfile's own errors are RuntimeErrors
            return b""
        return out.getvalue()
