"""One take of a review: its player, its words, and what there is to say of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QWidget

from hireflow_voice.records import TakeRecord
from hireflow_voice.ui.pages.review_correct import CorrectionList
from hireflow_voice.ui.theme import Theme, Type
from hireflow_voice.ui.widgets.basics import Card, Label, empty, row
from hireflow_voice.ui.widgets.buttons import Button, Kind
from hireflow_voice.ui.widgets.columns import Part, columns
from hireflow_voice.ui.widgets.marks import marks_of
from hireflow_voice.ui.widgets.player_bar import PlayerBar
from hireflow_voice.ui.widgets.transcript_view import TranscriptView
from hireflow_voice.ui.words import command
from hireflow_voice.verdict import Quote


class TakeCard(Card):
    """The player and the transcript of one take, in which a misheard word can be put right."""

    def __init__(self, theme: Theme, player: PlayerBar) -> None:
        super().__init__(theme)
        self.player = player
        self.note = Label(theme, "", Type.CAPTION, "muted", wrap=True)
        self.transcript = TranscriptView(theme)
        self.key = Label(theme, "", Type.CAPTION, "muted", wrap=True)
        self.again = row()
        self.column.addWidget(self.player)
        self.column.addLayout(columns(theme, Part(self.note, 1, least=240), self.again))
        self.column.addWidget(self.transcript)
        self.correct = Button(theme, "Correct a word", "keyboard", Kind.GHOST, "F2", height=36)
        self.corrections = CorrectionList(theme)
        self.column.addLayout(columns(theme, Part(self.key, 1, least=200), self.correct, between=4))
        self.column.addWidget(self.corrections)
        self.correct.clicked.connect(self.transcript.ask_correction)
        player.moved.connect(self.transcript.show_position)

    def show_again(self, button: QWidget | None) -> None:
        """A way on for a recording that was not recognised, or none."""
        empty(self.again)
        if button is not None:
            self.again.addWidget(button)

    def show_take(self, take: TakeRecord, sound: Path | None) -> None:
        """Words at once; the player follows when the sound is open."""
        self.player.setVisible(sound is not None)
        self.transcript.show_transcript(take.transcript)
        self.transcript.setVisible(bool(take.transcript and take.transcript.text))
        notes = _notes(take, sound)
        self.note.say(" ".join(notes))
        self.note.setVisible(bool(notes))
        by_hand = take.transcript.by_hand if take.transcript else ()
        said = ["Dotted underline: the recogniser was unsure."] if self.transcript.unsure else []
        said += ["Underlined: corrected by you."] if by_hand else []
        self.key.say(" ".join(said))
        self.correct.setVisible(bool(take.transcript and take.transcript.words))
        self.corrections.show_corrections(by_hand)

    def show_quotes(self, take: TakeRecord, quotes: Sequence[Quote]) -> None:
        """Mark on the shape of the sound what is known by now."""
        self.player.show_marks(marks_of(take, quotes))


def _notes(take: TakeRecord, sound: Path | None) -> list[str]:
    notes: list[str] = []
    if not take.sound:
        notes.append("Typed answer: there is no recording.")
    elif sound is None:
        notes.append("The recording of this answer is not there any more.")
    if take.transcript is None:
        notes.append("Not transcribed yet.")
    elif not take.transcript.text:
        notes.append("No words were heard.")
    if take.command:
        notes.append(command(take.command))
    if take.gaps and take.sound:
        lost = sum(seconds for _, seconds in take.gaps)
        notes.append(f"The microphone was gone for {lost:.1f} s; that part is silent.")
    return notes
