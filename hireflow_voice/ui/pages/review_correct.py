"""A misheard word: what was heard, what was said, and the moment to hear it again."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCompleter, QVBoxLayout, QWidget

from hireflow_voice.transcript import HandCorrection
from hireflow_voice.ui.theme import Theme, Type
from hireflow_voice.ui.widgets.basics import Label, empty, row
from hireflow_voice.ui.widgets.buttons import Button, Kind
from hireflow_voice.ui.widgets.choices import Field
from hireflow_voice.ui.widgets.dialogs import Dialog, ways_out
from hireflow_voice.ui.words import one_line


class CorrectDialog(Dialog):
    """Asks what was really said. Opened without a nested event loop; `accepted` follows when it is to be kept."""

    def __init__(
        self,
        theme: Theme,
        parent: QWidget,
        heard: str,
        glossary: Sequence[str],
        hear: Callable[[], None],
        *,
        judged: bool,
    ) -> None:
        """`hear` plays the moment; `judged`: the answer is judged again afterwards."""
        super().__init__(theme, parent, "Correct a word")
        self.setModal(True)
        self._heard = heard
        pile = self.pile
        self.said = Field(theme, "What you said", longest=400)
        self.said.setText(one_line(heard, 400))
        self.said.selectAll()
        terms = QCompleter(sorted(set(glossary)), self)
        terms.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.said.setCompleter(terms)
        self.listen = Button(theme, "Hear it again", "play", key="Ctrl+P")
        self.listen.setShortcut("Ctrl+P")
        self.keep = Button(theme, "Correct and judge again" if judged else "Correct", kind=Kind.PRIMARY)
        self.leave = Button(theme, "Cancel", key="Esc")
        pile.addWidget(Label(theme, "What did you say here?", Type.QUESTION))
        pile.addWidget(Label(theme, f"The recogniser heard “{one_line(heard, 200)}”.", Type.BODY, "muted", wrap=True))
        pile.addWidget(self.said)
        note = "Both are kept, and you can undo it. Put right what was misheard, not what you wish you had said."
        pile.addWidget(Label(theme, note, Type.CAPTION, "muted", wrap=True))
        self.add_foot(ways_out(theme, self.listen, self.leave, self.keep, apart=True))
        self.listen.clicked.connect(hear)
        self.keep.clicked.connect(self.accept)
        self.leave.clicked.connect(self.reject)
        self.said.textChanged.connect(lambda _: self._look())
        self.said.returnPressed.connect(self.keep.click)
        # Enter in the field presses it; a default button would also be pressed by a completer's Enter.
        for button in (self.listen, self.keep, self.leave):
            button.setAutoDefault(False)
        self._look()
        self.said.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def written(self) -> str:
        """What stands in the field."""
        return " ".join(self.said.text().split())

    def _look(self) -> None:
        useful = any(c.isalnum() for c in self.written) and self.written != " ".join(self._heard.split())
        self.keep.setEnabled(useful)


class CorrectionList(QWidget):
    """What was corrected by hand in a take, each with a way back."""

    undone = Signal(int)
    """Place in `Transcript.by_hand`."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._pile = QVBoxLayout(self)
        self._pile.setContentsMargins(0, 0, 0, 0)
        self._pile.setSpacing(theme.px(4))
        self.buttons: list[Button] = []
        self.hide()

    def show_corrections(self, by_hand: Sequence[HandCorrection]) -> None:
        """Another take, or one that was changed."""
        empty(self._pile)
        self.buttons = []
        for number, one in enumerate(by_hand):
            words = f"Corrected by you: “{one_line(one.written, 120)}”. Heard: “{one_line(one.heard, 120)}”."
            undo = Button(
                self._theme, f"Undo “{one_line(one.written, 40)}”", "rotate-ccw", Kind.GHOST, icon_only=True, height=32
            )
            undo.clicked.connect(lambda _=False, number=number: self.undone.emit(number))
            line = row(Label(self._theme, words, Type.CAPTION, "muted", wrap=True), undo)
            line.setStretch(0, 1)
            self._pile.addLayout(line)
            self.buttons.append(undo)
        self.setVisible(bool(by_hand))
