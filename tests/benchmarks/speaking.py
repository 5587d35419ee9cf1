"""How soon the interviewer can speak: one sentence, both voices, nothing cached."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from hireflow_voice.models.verify import folder
from hireflow_voice.speech.voices import Speaker
from tests.benchmarks.table import Table, figure

TEXTS = {
    "acknowledgement": ("Okay, thank you.", "All right.", "I see. Thank you."),
    "follow-up": (
        "What happens to the counter when the server that holds it restarts?",
        "You said the cache is shared. What if two servers write to it at once?",
        "How would you find out in production that this has gone wrong?",
    ),
}


def run() -> Table:
    """Render each text with each voice."""
    figures = []
    with tempfile.TemporaryDirectory() as cache:
        speaker = Speaker(folder("voice-joe"), Path(cache))
        for voice in ("joe", "heart"):
            speaker.load(voice)
            for kind, texts in TEXTS.items():
                seconds = []
                for turn in range(4):
                    for text in texts:
                        begun = time.perf_counter()
                        speaker.speak(text + " " * turn, voice)
                        seconds.append(time.perf_counter() - begun)
                figures.append(figure(f"{kind}, {voice}", "s", seconds))
    return Table("Text to sound", "python -m tests.benchmarks speaking", tuple(figures))
