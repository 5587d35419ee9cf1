"""A question answered again: both answers side by side, what changed, and another try."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from hireflow_voice.app.api import Api, SoundPlayer
from hireflow_voice.errors import HireFlowError
from hireflow_voice.records import CallRecord, QuestionRecord
from hireflow_voice.ui.tasks import Tasks
from hireflow_voice.ui.theme import Theme, Type
from hireflow_voice.ui.widgets.bars import ShareBar
from hireflow_voice.ui.widgets.basics import Card, Elided, Label, Rule, column, empty, row
from hireflow_voice.ui.widgets.buttons import Button
from hireflow_voice.ui.widgets.choices import Select
from hireflow_voice.ui.widgets.columns import Part, columns
from hireflow_voice.ui.words import count, percent, score_role, score_word, when

LANE = "clip"
POLL_MS = 100


class Clip(QObject):
    """Plays one other recording from its beginning, beside the player of the page."""

    changed = Signal()
    failed = Signal(object)
    """HireFlowError."""

    def __init__(self, api: Api, tasks: Tasks) -> None:
        super().__init__()
        self._api, self._tasks = api, tasks
        self._player: SoundPlayer | None = None
        self.path: Path | None = None
        """What is being heard."""
        self._poll = QTimer(self)
        self._poll.setInterval(POLL_MS)
        self._poll.timeout.connect(self._look)

    def play(self, path: Path) -> None:
        """Hear a recording."""
        self.path = path
        self.changed.emit()

        def op() -> SoundPlayer:
            player = self._player or self._api.player()
            player.load(path)
            player.play()
            return player

        def done(player: SoundPlayer) -> None:
            self._player = player
            if self.path == path:
                self._poll.start()
            else:
                self._pause()

        def failed(error: HireFlowError) -> None:
            self._over()
            self.failed.emit(error)

        self._tasks.run(op, done, failed, LANE)

    def stop(self) -> None:
        """Be quiet."""
        if self.path is not None:
            self._over()
            self._pause()

    def close_player(self) -> None:
        """Let go of the speaker for good."""
        self._poll.stop()
        if self._player is not None:
            self._player.close()

    def _pause(self) -> None:
        player = self._player
        if player is not None:
            self._tasks.run(player.pause, lambda _: None, self.failed.emit, LANE)

    def _look(self) -> None:
        if self._player is not None and not self._player.playing:
            self._over()

    def _over(self) -> None:
        self._poll.stop()
        self.path = None
        self.changed.emit()


class _Play(Button):
    """Plays one side, and stops it."""

    def __init__(self, theme: Theme, name: str, path: Path, clip: Clip, before: Callable[[], None]) -> None:
        super().__init__(theme, name, "play", height=40)
        self._name, self._path, self._clip, self._before = name, path, clip, before
        self.clicked.connect(self._press)
        clip.changed.connect(self._show)
        self._show()

    def _press(self) -> None:
        if self._clip.path == self._path:
            self._clip.stop()
        else:
            self._before()
            self._clip.play(self._path)

    def _show(self) -> None:
        playing = self._clip.path == self._path
        self.rename(f"Stop {self._name[5:]}" if playing else self._name, "pause" if playing else "play")


class RetakeCard(Card):
    """Offers another try; once there is one, shows both."""

    asked = Signal()
    """The question is to be answered again."""

    def __init__(
        self,
        theme: Theme,
        api: Api,
        question: QuestionRecord,
        answers: Sequence[CallRecord],
        clip: Clip,
        before: Callable[[], None],
    ) -> None:
        """`answers`: the calls in which the question was answered, the first one first; `before` runs before a side
        is heard."""
        super().__init__(theme, spacing=8)
        self._theme, self._api, self._question = theme, api, question
        self._answers, self._clip, self._before = tuple(answers), clip, before
        self.sides: list[_Play] = []
        self.which: Select | None = None
        self.again = Button(theme, "Answer again", "mic", key="N", height=40)
        self.again.clicked.connect(self.asked)
        self._pile = QVBoxLayout()
        self._pile.setSpacing(theme.px(8))
        if len(self._answers) < 2:
            words = column(
                Label(theme, "Try it once more", Type.STRONG),
                Label(
                    theme, "A call of this one question. Both answers are kept, side by side.", Type.BODY, "muted",
                    wrap=True,
                ),
                spacing=theme.px(2),
            )  # fmt: skip
            self.column.addLayout(columns(theme, Part(words, 1, least=240), self.again))
            return
        head = columns(theme, Part(Label(theme, "Your answers side by side", Type.STRONG), 1), spacing=8)
        if len(self._answers) > 2:
            self.which = Select(theme, "Compare with")
            pairs = [(str(n), when(one.header.started)) for n, one in enumerate(self._answers) if n]
            self.which.fill(pairs, pairs[-1][0])
            self.which.setFixedWidth(theme.px(220))
            self.which.chosen.connect(lambda value: self._show(int(value)))
            head.put(Part(self.which))
        head.put(Part(self.again))
        self.column.addLayout(head)
        self.column.addLayout(self._pile)
        self._show(len(self._answers) - 1)

    def _show(self, number: int) -> None:
        # The report room is loaded with the record, off the GUI thread.
        from hireflow_voice.report import compare

        theme, first, second = self._theme, self._answers[0], self._answers[number]
        empty(self._pile)
        self.sides = []
        sides = columns(
            theme,
            *(Part(self._side(record, name), 1, least=220)
              for record, name in ((first, "first answer"), (second, "new answer"))),
            spacing=24,
        )  # fmt: skip
        self._pile.addLayout(sides)
        self._pile.addWidget(Rule())
        changes = compare(self._question, first, second)
        self._pile.addWidget(Label(theme, "What changed", Type.STRONG))
        if not changes.judged:
            words = "What was gained is shown when both answers are judged."
            self._pile.addWidget(Label(theme, words, Type.BODY, "muted", wrap=True))
        for mark, role, texts in (("Gained", "good", changes.gained), ("Lost", "bad", changes.lost)):
            for text in texts:
                label = Label(theme, mark, Type.CAPTION, role)
                label.setFixedWidth(theme.px(56))
                line = row(spacing=theme.px(8))
                line.addWidget(label, 0, Qt.AlignmentFlag.AlignTop)
                line.addWidget(Label(theme, text, wrap=True), 1)
                self._pile.addLayout(line)
        if changes.judged:
            same = f"{count(changes.kept, 'key point')} as before."
            self._pile.addWidget(Label(theme, same, Type.CAPTION, "muted"))
        if changes.delivery:
            words = "Delivery, never part of the score: " + " ".join(changes.delivery)
            self._pile.addWidget(Label(theme, words, Type.CAPTION, "muted", wrap=True))

    def _side(self, record: CallRecord, name: str) -> QWidget:
        from hireflow_voice.report import answer_of, judgement_of

        theme = self._theme
        take, judged = answer_of(record, self._question.id), judgement_of(record, self._question.id)
        side = QWidget()
        pile = QVBoxLayout(side)
        pile.setContentsMargins(0, 0, 0, 0)
        pile.setSpacing(theme.px(6))
        pile.addWidget(Elided(theme, f"{name.capitalize()} · {when(record.header.started)}", Type.CAPTION, "muted"))
        if judged is not None and judged.score is not None:
            role = score_role(judged.score)
            score = Label(theme, percent(judged.score), Type.TITLE)
            pile.addLayout(row(score, Label(theme, score_word(judged.score), Type.CAPTION, role), 1))
            pile.addWidget(ShareBar(theme, judged.score, role))
        else:
            pile.addWidget(Label(theme, "Not judged yet", Type.BODY, "muted"))
        said = take.transcript.text if take and take.transcript else ""
        pile.addWidget(Label(theme, said or "No words were heard.", Type.BODY, "text" if said else "muted", wrap=True))
        sound = self._api.sound_of(record.header.id, take) if take else None
        if sound is not None:
            play = _Play(theme, f"Play the {name}", sound, self._clip, self._before)
            self.sides.append(play)
            pile.addLayout(row(play, 1))
        pile.addStretch(1)
        return side
