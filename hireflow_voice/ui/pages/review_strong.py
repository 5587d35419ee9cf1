"""What a strong answer says: in outline, in full, and aloud."""

from __future__ import annotations

import threading
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal

from hireflow_voice.app.api import Api
from hireflow_voice.errors import HireFlowError
from hireflow_voice.records import QuestionRecord, Source
from hireflow_voice.ui.tasks import Tasks
from hireflow_voice.ui.theme import Theme, Type
from hireflow_voice.ui.widgets.basics import Card, Label, row
from hireflow_voice.ui.widgets.buttons import Button
from hireflow_voice.ui.words import one_line

MOST_SOURCES = 12


class Voice(QObject):
    """Speaks one text at a time; a second one replaces the first."""

    changed = Signal()
    """It began or ended."""
    failed = Signal(object)
    """HireFlowError."""

    def __init__(self, api: Api, tasks: Tasks) -> None:
        super().__init__()
        self._api, self._tasks = api, tasks
        self._stop: threading.Event | None = None

    @property
    def speaking(self) -> bool:
        """Whether something is being said."""
        return self._stop is not None

    def say(self, text: str) -> None:
        """Say it from its beginning."""
        self.stop()
        stop = self._stop = threading.Event()
        self.changed.emit()

        def failed(error: HireFlowError) -> None:
            self._over(stop)
            self.failed.emit(error)

        self._tasks.run(lambda: self._api.say(text, stop.is_set), lambda _: self._over(stop), failed)

    def stop(self) -> None:
        """Be quiet at once."""
        if self._stop is not None:
            self._stop.set()
            self._over(self._stop)

    def _over(self, stop: threading.Event) -> None:
        if self._stop is stop:
            self._stop = None
            self.changed.emit()


class _Hear(Button):
    """Says a text, and stops saying it."""

    def __init__(self, theme: Theme, text: str, voice: Voice, before: Callable[[], None]) -> None:
        super().__init__(theme, "Hear a strong answer", "volume-2", key="A", height=40)
        self._words, self._voice, self._before = text, voice, before
        self.clicked.connect(self._press)
        voice.changed.connect(self._show)  # a method of a QObject: the connection goes when the button goes

    def _press(self) -> None:
        if self._voice.speaking:
            self._voice.stop()
        else:
            self._before()
            self._voice.say(self._words)

    def _show(self) -> None:
        self.rename(*(("Stop", "pause") if self._voice.speaking else ("Hear a strong answer", "volume-2")))


class StrongCard(Card):
    """What a strong answer says, and where that can be checked."""

    def __init__(self, theme: Theme, question: QuestionRecord, voice: Voice, before: Callable[[], None]) -> None:
        """`before`: runs before the voice speaks, so that nothing else is heard."""
        super().__init__(theme, spacing=8)
        self.column.addWidget(Label(theme, "What a strong answer adds", Type.STRONG))
        for number, line in enumerate(question.outline, start=1):
            at = Label(theme, f"{number}", Type.TIMER, "muted")
            at.setFixedWidth(theme.px(20))
            item = row(spacing=theme.px(12))
            item.addWidget(at, 0, Qt.AlignmentFlag.AlignTop)
            item.addWidget(Label(theme, line, wrap=True), 1)
            self.column.addLayout(item)
        self.hear: Button | None = None
        self.read: Button | None = None
        if question.strong_answer.strip():
            self._offer(theme, question.strong_answer, voice, before)
        sources = _sources(question)
        if sources:
            self.column.addSpacing(theme.px(4))
            self.column.addWidget(Label(theme, "Sources", Type.CAPTION, "muted"))
        for source in sources:
            read = f" · read {one_line(source.checked, 20)}" if source.checked else ""
            words = f"{one_line(source.title, 160)}\n{one_line(source.url, 200)}{read}"
            label = Label(theme, words, Type.CAPTION, "muted", wrap=True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self.column.addWidget(label)

    def _offer(self, theme: Theme, text: str, voice: Voice, before: Callable[[], None]) -> None:
        self.hear = _Hear(theme, text, voice, before)
        self.read = read = Button(theme, "Read it", "chevron-down", key="W", height=40)
        words = Label(theme, text, wrap=True)
        words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        words.hide()

        def unfold() -> None:
            words.setVisible(words.isHidden())
            read.rename("Read it" if words.isHidden() else "Fold it up")

        read.clicked.connect(unfold)
        self.column.addSpacing(theme.px(4))
        self.column.addLayout(row(self.hear, read, 1))
        self.column.addWidget(words)


def _sources(question: QuestionRecord) -> tuple[Source, ...]:
    unique = {source.url: source for point in question.key_points for source in point.sources}
    return tuple(unique.values())[:MOST_SOURCES]
