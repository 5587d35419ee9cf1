"""A long text, spoken: sentence by sentence, and silent at once when nobody wants it any more."""

from __future__ import annotations

from concurrent.futures import Future
from typing import Any

import numpy as np
import pytest

from hireflow_voice.app import saying
from hireflow_voice.errors import ModelMissing, NoSpeaker
from hireflow_voice.sound import RATE, Pcm

TEXT = "I would count locally.  Then I share the counts!\nIs that exact? No."


class Card:
    """In place of the sound card; a sound is over when it is asked for the second time."""

    def __init__(self) -> None:
        self.opened: list[str] = []
        self.heard: list[str] = []
        self.faded = self.closed = 0
        self.gone = False
        self.asked = 0

    def __call__(self, name: str) -> Card:
        self.opened.append(name)
        return self

    def play(self, pcm: Pcm) -> Any:
        self.heard.append(pcm.voice)
        self.asked = 0
        return self

    def fade(self) -> None:
        self.faded += 1

    def ended(self, _: object) -> bool:
        self.asked += 1
        return self.asked > 1 and not self.gone

    def lost(self, since: float) -> bool:
        return self.gone

    def close(self) -> None:
        self.closed += 1


@pytest.fixture
def card(monkeypatch: pytest.MonkeyPatch) -> Card:
    made = Card()
    monkeypatch.setattr(saying, "Speaker", made)
    return made


def spoken(text: str) -> Future[Pcm]:
    done: Future[Pcm] = Future()
    done.set_result(Pcm(np.zeros(10, np.int16), RATE, text))
    return done


def test_every_sentence_is_heard_once_and_in_order(card: Card) -> None:
    saying.say(TEXT, spoken, "headset", lambda: False)
    assert card.heard == ["I would count locally.", "Then I share the counts!", "Is that exact?", "No."]
    assert (card.opened, card.closed) == (["headset"], 1)


def test_it_is_silent_in_mid_sentence_when_nobody_wants_it(card: Card) -> None:
    saying.say(TEXT, spoken, "", lambda: len(card.heard) == 2)
    assert len(card.heard) == 2
    assert (card.faded, card.closed) == (1, 1)


def test_a_sentence_that_is_never_made_can_be_cancelled(card: Card) -> None:
    waiting: Future[Pcm] = Future()
    asked: list[str] = []
    saying.say(TEXT, lambda text: asked.append(text) or waiting, "", lambda: len(asked) == 1)
    assert waiting.cancelled()
    assert not card.opened


def test_a_missing_voice_and_a_speaker_that_goes_away_are_said(card: Card) -> None:
    missing: Future[Pcm] = Future()
    missing.set_exception(ModelMissing("There is no voice."))
    with pytest.raises(ModelMissing):
        saying.say(TEXT, lambda _: missing, "", lambda: False)
    card.gone = True
    with pytest.raises(NoSpeaker):
        saying.say(TEXT, spoken, "", lambda: False)
    assert card.closed == 1


def test_nothing_is_said_of_an_empty_text(card: Card) -> None:
    saying.say(" \n", spoken, "", lambda: False)
    assert not card.opened
