"""Who can speak: the voices one can choose, and what the user is told when another one had to speak."""

from __future__ import annotations

from dataclasses import dataclass

from hireflow_voice.errors import PlainVoice


@dataclass(frozen=True, slots=True)
class Voice:
    """A voice one can choose."""

    name: str
    """As settings and `Speaker.speak` know it."""
    label: str
    """As the screen shows it."""
    accent: str
    speed: float
    """1 is the voice's own."""


VOICES: dict[str, Voice] = {
    "joe": Voice("joe", "Joe", "American, male", 1.0),
    "heart": Voice("heart", "Heart", "American, female", 1.0),
}
"""Every voice one can choose, the default first."""

PLAIN = Voice("espeak", "eSpeak NG", "robotic", 1.0)
"""Speaks when neither of the others can; never chosen."""


def stand_in(asked: str, spoke: str) -> PlainVoice | None:
    """What the user should know when `spoke` (`Pcm.voice`) is not the voice that was asked for; None when it is."""
    if spoke in ("", asked):
        return None
    if spoke == PLAIN.name:
        return PlainVoice(
            "No good voice can speak on this computer now, so a plain computer voice does.",
            "Fetch the models again; if that does not help, install HireFlow Voice again.",
        )
    label, other = VOICES[asked].label, VOICES[spoke].label
    return PlainVoice(
        f"{label} cannot speak on this computer now, so {other} does.",
        f"Fetch the models again, or choose {other} in Settings.",
    )
