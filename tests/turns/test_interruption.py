"""Speaking over the interviewer: at once softer, surely only after a while."""

from __future__ import annotations

import numpy as np
import pytest

from hireflow_voice.sound import RATE
from hireflow_voice.turns.interruption import Interruption, Voice

STEP = RATE // 50


def heard(sound):
    """(second, what) as the sound goes by."""
    one, told = Interruption(), []
    for at in range(0, len(sound), STEP):
        told += [((at + STEP) / RATE, what) for what in one.feed(sound[at : at + STEP])]
    return told


def test_a_sentence_is_perhaps_one_at_a_quarter_of_a_second_and_surely_at_six_tenths(say, room) -> None:
    told = heard(room(1.0, say("Wait, the token bucket also needs a refill."), 1.0))
    assert [what for _, what in told] == [Voice.PERHAPS, Voice.SURELY, Voice.OVER]
    assert told[0][0] == pytest.approx(1.3, abs=0.15)
    assert told[1][0] == pytest.approx(1.65, abs=0.2)


def test_uh_huh_and_a_cough_are_not_meant(say, room) -> None:
    rng = np.random.default_rng(0)
    cough = (rng.normal(0, 8000, int(0.35 * RATE)) * np.exp(-np.linspace(0, 4, int(0.35 * RATE)))).astype(np.int16)
    told = heard(room(1.0, cough, 1.0, say("Mhm."), 1.0, cough, 0.5))
    assert Voice.SURELY not in [what for _, what in told]


def test_the_stretch_is_counted_from_its_first_sound(say, room) -> None:
    one = Interruption()
    speech = say("And one more thing about the cache.")
    one.feed(room(1.0, speech[:RATE]))
    assert one.stretch_s == pytest.approx(1.0, abs=0.12)
    one.feed(room(1.0))
    assert one.stretch_s == 0.0
