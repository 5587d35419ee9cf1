"""Buttons that paint themselves: Qt's own leave no room between icon and text and ignore parts of a palette.

Name, tooltip and visible text of every button agree; a tooltip may add the key in brackets.
"""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton, QSizePolicy

from hireflow_voice.ui.theme import Theme, Type
from hireflow_voice.ui.widgets.basics import tip


class Kind(Enum):
    """How loud a button is."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    GHOST = "ghost"
    DANGER = "danger"
    HERE = "here"
    """The place the user is at, among the others of a bar."""


def mix(one: QColor, other: QColor, share: float) -> QColor:
    """`one` with `share` of `other` in it."""
    return QColor.fromRgbF(
        one.redF() + (other.redF() - one.redF()) * share,
        one.greenF() + (other.greenF() - one.greenF()) * share,
        one.blueF() + (other.blueF() - one.blueF()) * share,
    )


class Button(QPushButton):
    """Icon and text with a gap. Takes focus from the keyboard only, so that a click leaves the keys where they were."""

    def __init__(
        self,
        theme: Theme,
        text: str,
        icon: str = "",
        kind: Kind = Kind.SECONDARY,
        key: str = "",
        *,
        icon_only: bool = False,
        height: int = 44,
    ) -> None:
        super().__init__()
        self._theme = theme
        self._kind = kind
        self._key = key
        self._icon_only = icon_only
        self._height = theme.px(height)
        self.icon_name = icon
        self.setFont(theme.font(Type.STRONG))
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAutoDefault(True)  # Enter presses the focused button outside dialogs too
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.rename(text)

    @property
    def key(self) -> str:
        """The key that presses it wherever the focus is, as it is written; empty when there is none."""
        return self._key

    def rename(self, text: str, icon: str | None = None) -> None:
        """Change the text everywhere it is said."""
        self.label = text
        if icon is not None:
            self.icon_name = icon
        self.setText("" if self._icon_only else text)
        self.setAccessibleName(text)
        self.setToolTip(tip(f"{text} ({self._key})" if self._key else text))
        self.updateGeometry()
        self.update()

    def set_icon_only(self, icon_only: bool) -> None:
        """Show the icon alone, or with its text."""
        self._icon_only = icon_only
        self.setText("" if icon_only else self.label)
        self.updateGeometry()
        self.update()

    def set_kind(self, kind: Kind) -> None:
        """Louder or quieter."""
        self._kind = kind
        self.update()

    def sizeHint(self) -> QSize:
        px = self._theme.px
        if self._icon_only:
            return QSize(self._height, self._height)
        width = QFontMetricsF(self.font()).horizontalAdvance(self.text()) + px(32)
        if self.icon_name:
            width += px(18 + 8)
        return QSize(round(width + 0.5), self._height)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        fill, ink, outline = self._colours()
        body = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setBrush(fill)
        painter.setPen(QPen(outline, 1.0) if outline.alpha() else Qt.PenStyle.NoPen)
        painter.drawRoundedRect(body, 8, 8)
        if self.hasFocus():
            self._paint_ring(painter, body)
        self.paint_content(painter, ink)

    def paint_content(self, painter: QPainter, ink: QColor) -> None:
        """Icon, gap and text, centred."""
        size, gap = self._theme.px(18), self._theme.px(8)
        text = self.text()
        advance = QFontMetricsF(self.font()).horizontalAdvance(text) if text else 0.0
        total = advance + (size if self.icon_name else 0) + (gap if text and self.icon_name else 0)
        x = (self.width() - total) / 2
        if self.icon_name:
            self._theme.icons.draw(painter, self.icon_name, QPointF(x, (self.height() - size) / 2), size, ink)
            x += size + gap
        painter.setPen(ink)
        painter.setFont(self.font())
        place = QRectF(x, 0, advance + 1, self.height())
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)

    def _paint_ring(self, painter: QPainter, body: QRectF) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self._kind in (Kind.PRIMARY, Kind.DANGER):
            inner = self._theme.colour("on_accent" if self._kind is Kind.PRIMARY else "on_live")
            painter.setPen(QPen(inner, 2.0))
            painter.drawRoundedRect(body.adjusted(3, 3, -3, -3), 5.5, 5.5)
        else:
            painter.setPen(QPen(self._theme.colour("accent"), 2.0))
            painter.drawRoundedRect(body.adjusted(0.5, 0.5, -0.5, -0.5), 7.5, 7.5)

    def _colours(self) -> tuple[QColor, QColor, QColor]:
        """(fill, ink, outline) for the state the button is in."""
        theme, clear = self._theme, QColor(0, 0, 0, 0)
        if not self.isEnabled():
            faint = mix(theme.colour("muted"), theme.colour("raised"), 0.35)
            return (clear if self._kind is Kind.GHOST else theme.colour("raised")), faint, clear
        push = 0.18 if self.isDown() else 0.09 if self.underMouse() else 0.0
        if self._kind in (Kind.PRIMARY, Kind.DANGER):
            role, ink = ("accent", "on_accent") if self._kind is Kind.PRIMARY else ("live", "on_live")
            # Towards the far end from the text on it, so that contrast only grows.
            far = QColor("#000000") if theme.colour(ink).lightnessF() > 0.5 else QColor("#FFFFFF")
            return mix(theme.colour(role), far, push), theme.colour(ink), clear
        if self._kind is Kind.HERE:
            return mix(theme.colour("raised"), theme.colour("text"), push / 2), theme.colour("text"), clear
        if self._kind is Kind.GHOST:
            quiet = theme.colour("text") if push else theme.colour("muted")
            return (theme.colour("raised") if push else clear), quiet, clear
        return mix(theme.colour("raised"), theme.colour("text"), push / 2), theme.colour("text"), theme.colour("line")


class Tile(Button):
    """A key of the call screen: icon over its word, and the letter that presses it."""

    def __init__(self, theme: Theme, text: str, icon: str, key: str, kind: Kind = Kind.SECONDARY) -> None:
        super().__init__(theme, text, icon, kind, key, height=64)
        self.setFont(theme.font(Type.CAPTION))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        width = QFontMetricsF(self.font()).horizontalAdvance(self.text()) + self._theme.px(20)
        # The icon stands in the middle, its key beside it.
        key = QFontMetricsF(self._theme.font(Type.KEY)).horizontalAdvance(self._key)
        width = max(width, 2 * (self._theme.px(10 + 2 + 8) + key))
        return QSize(round(max(width, self._theme.px(64)) + 0.5), self._height)

    def paint_content(self, painter: QPainter, ink: QColor) -> None:
        px = self._theme.px
        size = px(20)
        self._theme.icons.draw(painter, self.icon_name, QPointF((self.width() - size) / 2, px(12)), size, ink)
        painter.setPen(ink)
        painter.setFont(self.font())
        words = QRectF(0, px(36), self.width(), px(20))
        painter.drawText(words, Qt.AlignmentFlag.AlignCenter, self.text())
        painter.setFont(self._theme.font(Type.KEY))
        quiet = self.isEnabled() and self._kind is Kind.SECONDARY
        painter.setPen(self._theme.colour("muted") if quiet else ink)
        cap = QRectF(0, px(4), self.width() - px(8), px(18))
        painter.drawText(cap, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self._key)
