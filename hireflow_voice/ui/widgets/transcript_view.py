"""The words of a take: the one being heard is marked, a click on any plays it."""

from __future__ import annotations

from bisect import bisect_right

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QResizeEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QFrame, QMenu, QSizePolicy, QTextEdit

from hireflow_voice.transcript import Transcript, Word
from hireflow_voice.ui.theme import Theme, Type
from hireflow_voice.ui.widgets.buttons import mix
from hireflow_voice.ui.words import plain

UNSURE = 0.5
"""The recogniser's own probability under which a word is shown as unsure."""


def qt_offset(text: str, index: int) -> int:
    """Qt counts UTF-16 units, Python characters; they part ways after the first emoji."""
    return len(text[:index].encode("utf-16-le", "surrogatepass")) // 2


class TranscriptView(QTextEdit):
    """Read-only, as high as its words. Enter plays from the cursor, F2 corrects the word there."""

    word_chosen = Signal(float)
    """Seconds from the beginning of the take."""
    correction_asked = Signal(int, int)
    """Stretch of the transcript's text, in characters."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._words: tuple[Word, ...] = ()
        self._starts: list[float] = []
        self._spans: list[tuple[int, int]] = []
        self._current: int | None = None
        self._quote: tuple[int, int] | None = None
        self._by_hand: list[tuple[int, int]] = []
        self._text = ""
        self._still: list[QTextEdit.ExtraSelection] = []
        """What is marked whatever is being heard; made anew only when it changes."""
        self.setAcceptRichText(False)
        self.setReadOnly(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setTabChangesFocus(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFont(theme.font(Type.BODY))
        self.document().setDocumentMargin(0)
        self.viewport().setMouseTracking(True)
        self.setAccessibleName("Transcript")
        self.setToolTip("Transcript (click a word, or press Enter on it, to hear it; F2 corrects it)")
        theme.changed.connect(self._mark_all)

    @property
    def current(self) -> str:
        """The word that is marked as being heard, for those who cannot see it."""
        return "" if self._current is None else self._words[self._current].text

    @property
    def unsure(self) -> tuple[str, ...]:
        """The words the recogniser was unsure of."""
        return tuple(word.text for word in self._words if word.probability < UNSURE)

    def show_transcript(self, transcript: Transcript | None) -> None:
        """Another take."""
        text = plain(transcript.text) if transcript else ""
        words = transcript.words if transcript else ()
        self._words = tuple(w for w in words if w.end_char <= len(text))
        self._starts = [w.start_s for w in self._words]
        self._spans = [(qt_offset(text, w.start_char), qt_offset(text, w.end_char)) for w in self._words]
        self._by_hand = [
            (qt_offset(text, one.start_char), qt_offset(text, one.end_char))
            for one in (transcript.by_hand if transcript else ())
        ]
        self._text = text
        self._current = self._quote = None
        self.setPlainText(text)
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if self._words else Qt.CursorShape.IBeamCursor)
        self._mark_all()
        self._fit()

    def show_position(self, seconds: float | None) -> None:
        """Mark the word being heard; None: nothing is being heard."""
        index = None
        if seconds is not None and self._starts:
            found = bisect_right(self._starts, seconds + 0.02) - 1
            # A word stays marked through the short gap behind it, so that the mark does not flicker.
            if found >= 0 and seconds < self._words[found].end_s + 0.4:
                index = found
        if index != self._current:
            self._current = index
            self._mark()

    def mark_quote(self, start_char: int, end_char: int) -> None:
        """Tint the words of a quote."""
        self._quote = (qt_offset(self._text, start_char), qt_offset(self._text, end_char))
        self._mark_all()

    def ask_correction(self) -> None:
        """Ask for a correction of what is selected, the word at the cursor, or the first one that is not sure."""
        cursor = self.textCursor()
        first, last = cursor.selectionStart(), cursor.selectionEnd()
        chosen = [n for n, (a, b) in enumerate(self._spans) if a < last and b > first]
        if not cursor.hasSelection():
            chosen = [n for n, (a, b) in enumerate(self._spans) if a <= first <= b][:1] if self.hasFocus() else []
            unsure = [n for n, word in enumerate(self._words) if word.probability < UNSURE]
            chosen = chosen or unsure[:1] or list(range(len(self._words)))[:1]
        if chosen:
            start, end = self._words[chosen[0]].start_char, self._words[chosen[-1]].end_char
            bare = self._text[start:end].rstrip(".,;:!?…")  # the comma behind a word was not misheard
            self.correction_asked.emit(start, start + len(bare) if bare else end)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if not self._words:
            return
        if event.reason() is QContextMenuEvent.Reason.Mouse and not self.textCursor().hasSelection():
            self.setTextCursor(self.cursorForPosition(event.pos()))
        self.setFocus(Qt.FocusReason.PopupFocusReason)
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())

    def menu(self) -> QMenu:
        """What can be done with the word at the cursor."""
        menu = QMenu(self)
        menu.addAction("Hear from here\tEnter", lambda: self._choose(self.textCursor().position()))
        menu.addAction("Correct\tF2", self.ask_correction)
        copy = menu.addAction("Copy\tCtrl+C", self.copy)
        copy.setEnabled(self.textCursor().hasSelection())
        return menu

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if event.button() == Qt.MouseButton.LeftButton and not self.textCursor().hasSelection():
            self._choose(self.cursorForPosition(event.position().toPoint()).position())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose(self.textCursor().position())
        elif event.key() == Qt.Key.Key_F2:
            self.ask_correction()
        elif event.text() and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()  # nothing is written here; the page has keys of its own
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _choose(self, position: int) -> None:
        for word, (start, end) in zip(self._words, self._spans, strict=True):
            if start <= position <= end:
                self.word_chosen.emit(word.start_s)
                return

    def _fit(self) -> None:
        self.document().setTextWidth(self.viewport().width())
        self.setFixedHeight(round(self.document().size().height()) + 2)

    def _mark_all(self) -> None:
        theme = self._theme
        self._still = []
        unsure = QTextCharFormat()
        unsure.setUnderlineStyle(QTextCharFormat.UnderlineStyle.DotLine)
        unsure.setUnderlineColor(theme.colour("muted"))
        for word, span in zip(self._words, self._spans, strict=True):
            if word.probability < UNSURE:
                self._still.append(self._selection(span, unsure))
        mine = QTextCharFormat()
        mine.setUnderlineStyle(QTextCharFormat.UnderlineStyle.SingleUnderline)
        mine.setUnderlineColor(theme.colour("accent"))
        self._still += [self._selection(span, mine) for span in self._by_hand]
        if self._quote is not None:
            tint = QTextCharFormat()
            tint.setBackground(mix(theme.colour("surface"), theme.colour("accent"), 0.16))
            self._still.append(self._selection(self._quote, tint))
        self._mark()

    def _mark(self) -> None:
        marks = list(self._still)
        if self._current is not None:
            heard = QTextCharFormat()
            heard.setBackground(self._theme.colour("accent"))
            heard.setForeground(self._theme.colour("on_accent"))
            marks.append(self._selection(self._spans[self._current], heard))
        self.setExtraSelections(marks)

    def _selection(self, span: tuple[int, int], look: QTextCharFormat) -> QTextEdit.ExtraSelection:
        selection = QTextEdit.ExtraSelection()
        cursor = QTextCursor(self.document())
        last = self.document().characterCount() - 1
        cursor.setPosition(min(span[0], last))
        cursor.setPosition(min(span[1], last), QTextCursor.MoveMode.KeepAnchor)
        selection.cursor = cursor
        selection.format = look
        return selection
