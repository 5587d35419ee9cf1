"""How everything looks: one palette per scheme, one type ramp, one small style sheet, all on top of Fusion.

The colours and their least contrasts come from WCAG 2.2 (text 4.5, meaningful graphics 3.0); tests/ui/test_theme.py
computes every pair that is used. Native styles ignore parts of a palette, so the style is always Fusion.
"""

from __future__ import annotations

import gc
from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontInfo, QPalette
from PySide6.QtWidgets import QApplication

from hireflow_voice import resources
from hireflow_voice.settings import Appearance
from hireflow_voice.ui.icons import Icons


@dataclass(frozen=True, slots=True)
class Scheme:
    """The named colours of one scheme, as #rrggbb."""

    name: str
    bg: str
    """Behind everything."""
    surface: str
    """Cards and fields."""
    raised: str
    """Buttons, tracks and the row under the pointer."""
    text: str
    muted: str
    accent: str
    on_accent: str
    """Text on the accent."""
    live: str
    """Only "the line is open" and "end call"."""
    on_live: str
    good: str
    warn: str
    bad: str
    line: str
    """Outlines of controls."""
    wave: str
    """The part of a waveform that has not been played."""
    border: str
    """Decoration only; nothing depends on seeing it."""


LIGHT = Scheme(
    name="light",
    bg="#F7F8FA",
    surface="#FFFFFF",
    raised="#EEF1F5",
    text="#16191F",
    muted="#525C6B",
    accent="#1F5FD1",
    on_accent="#FFFFFF",
    live="#C62828",
    on_live="#FFFFFF",
    good="#17754A",
    warn="#8F5400",
    bad="#B3261E",
    line="#7A8594",
    wave="#7F8C9D",
    border="#D5DAE1",
)

DARK = Scheme(
    name="dark",
    bg="#111419",
    surface="#1A1E25",
    raised="#242A33",
    text="#EEF1F5",
    muted="#A5AFBD",
    accent="#7FB0FF",
    on_accent="#0B1220",
    live="#FF6B63",
    on_live="#1A0505",
    good="#5CD39A",
    warn="#F2B457",
    bad="#FF8A80",
    line="#76818F",
    wave="#707B89",
    border="#333B46",
)


class Type(Enum):
    """The type ramp: (pixels at normal size, weight, tabular figures)."""

    KEY = (12, 500, False)
    CAPTION = (13, 500, False)
    BODY = (15, 400, False)
    STRONG = (15, 600, False)
    TIMER = (15, 500, True)
    QUESTION = (20, 500, False)
    CLOCK = (20, 500, True)
    TITLE = (24, 600, False)
    SCORE = (32, 600, True)


def resolve(appearance: Appearance, system: Qt.ColorScheme) -> Scheme:
    """The scheme to show. A system that does not say (Unknown) gets the light one."""
    if appearance is Appearance.SYSTEM:
        return DARK if system == Qt.ColorScheme.Dark else LIGHT
    return DARK if appearance is Appearance.DARK else LIGHT


SMALLEST = (900, 640)
"""The smallest window, in pixels at every size of text: with larger text the pages scroll."""
LARGEST_TEXT = 2.0


def scale_of(default_px: float) -> float:
    """How much larger than designed everything is drawn, from the application font's pixels: 1.0 to LARGEST_TEXT.

    13 px is what desktops give at 96 dots per inch when nobody has asked for larger text.
    """
    return max(1.0, min(LARGEST_TEXT, default_px / 13.0))


def wanted_scale(percent: int = 0) -> float:
    """The scale of `Settings.text_size`: the chosen one, or the desktop's. A QApplication must be there."""
    if percent:
        return scale_of(13.0 * percent / 100)
    general = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
    return scale_of(QFontInfo(general).pixelSize())


class Theme(QObject):
    """Colours, fonts and icons for every widget. Lives on the GUI thread; `changed` follows a switch of scheme."""

    changed = Signal()

    def __init__(
        self, app: QApplication, appearance: Appearance = Appearance.SYSTEM, scale: float | None = None
    ) -> None:
        """`scale`: how much larger than designed; None: as the desktop's text says."""
        super().__init__()
        self._app = app
        # The chain must not be a temporary: PySide drops the wrapper and with it the connection.
        self._hints = app.styleHints()
        self._appearance = appearance
        self._system = self._hints.colorScheme()
        self._held = False
        self.scale = wanted_scale() if scale is None else scale
        self.icons = Icons(resources.assets() / "icons")
        self._family = self._load_font()
        self._fonts: dict[Type, QFont] = {}
        self.scheme = resolve(appearance, self._system)
        app.setStyle("Fusion")
        app.setFont(self.font(Type.BODY))
        self._dress()
        self._hints.colorSchemeChanged.connect(self.set_system)

    def px(self, pixels: float) -> int:
        """A length in the design's pixels, scaled with the text."""
        return round(pixels * self.scale)

    def font(self, kind: Type) -> QFont:
        """A font of the ramp."""
        if kind not in self._fonts:
            pixels, weight, tabular = kind.value
            font = QFont(self._family)
            font.setPixelSize(self.px(pixels))
            # The file is one variable font; Qt does not turn a weight into its axis by itself.
            font.setVariableAxis(QFont.Tag("wght"), float(weight))
            if tabular:
                font.setFeature(QFont.Tag("tnum"), 1)
            self._fonts[kind] = font
        return self._fonts[kind]

    def colour(self, role: str) -> QColor:
        """A colour of the scheme by its name there."""
        return QColor(getattr(self.scheme, role))

    def set_appearance(self, appearance: Appearance) -> None:
        """What the user chose."""
        self._appearance = appearance
        self._apply()

    def set_scale(self, scale: float) -> None:
        """Another size for everything that is built from now on; what is there keeps the sizes it was built with."""
        self.scale = scale
        self._fonts.clear()
        self._app.setFont(self.font(Type.BODY))
        self._dress()

    def set_system(self, system: Qt.ColorScheme) -> None:
        """What the desktop says now."""
        self._system = system
        if not self._held:
            self._apply()

    def hold(self, held: bool) -> None:
        """Keep the scheme as it is for a while: dressing every widget anew stops the window for half a second."""
        self._held = held
        if not held:
            self._apply()

    def _load_font(self) -> str:
        path = resources.assets() / "fonts" / "InterVariable-subset.woff2"
        families = QFontDatabase.applicationFontFamilies(QFontDatabase.addApplicationFont(str(path)))
        return families[0] if families else self._app.font().family()

    def _apply(self) -> None:
        scheme = resolve(self._appearance, self._system)
        if scheme is not self.scheme:
            self.scheme = scheme
            self._dress()
            self.changed.emit()

    def _dress(self) -> None:
        # Qt goes through a list of all widgets. Python hears of each; should it collect garbage then, a window that
        # nobody holds any more would be destroyed under Qt's hands.
        collects = gc.isenabled()
        gc.disable()
        try:
            self._app.setPalette(palette(self.scheme))
            self._app.setStyleSheet(style_sheet(self.scheme, self.scale))
        finally:
            if collects:
                gc.enable()


def palette(scheme: Scheme) -> QPalette:
    """The scheme for everything that Qt paints itself: menus, dialogs, selections."""
    roles = {
        QPalette.ColorRole.Window: scheme.bg,
        QPalette.ColorRole.Base: scheme.surface,
        QPalette.ColorRole.AlternateBase: scheme.raised,
        QPalette.ColorRole.Button: scheme.raised,
        QPalette.ColorRole.ToolTipBase: scheme.surface,
        QPalette.ColorRole.WindowText: scheme.text,
        QPalette.ColorRole.Text: scheme.text,
        QPalette.ColorRole.ButtonText: scheme.text,
        QPalette.ColorRole.ToolTipText: scheme.text,
        QPalette.ColorRole.BrightText: scheme.live,
        QPalette.ColorRole.PlaceholderText: scheme.muted,
        QPalette.ColorRole.Highlight: scheme.accent,
        QPalette.ColorRole.Accent: scheme.accent,
        QPalette.ColorRole.HighlightedText: scheme.on_accent,
        QPalette.ColorRole.Link: scheme.accent,
        QPalette.ColorRole.LinkVisited: scheme.accent,
        QPalette.ColorRole.Light: scheme.surface,
        QPalette.ColorRole.Midlight: scheme.border,
        QPalette.ColorRole.Mid: scheme.border,
        QPalette.ColorRole.Dark: scheme.line,
        QPalette.ColorRole.Shadow: scheme.line,
    }
    result = QPalette()
    for role, colour in roles.items():
        result.setColor(role, QColor(colour))
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, role, QColor(scheme.muted))
    return result


def style_sheet(scheme: Scheme, scale: float) -> str:
    """What a palette cannot say. Buttons, waveforms and choices paint themselves."""

    def px(pixels: float) -> str:
        return f"{round(pixels * scale)}px"

    s = scheme
    roles = "".join(
        f'QLabel[role="{role}"] {{ color: {getattr(s, role)}; }}\n'
        for role in ("muted", "accent", "live", "good", "warn", "bad")
    )
    return f"""
{roles}
QFrame[card="true"] {{ background: {s.surface}; border: 1px solid {s.border}; border-radius: 12px; }}
QFrame[well="true"] {{ background: {s.raised}; border: none; border-radius: 8px; }}
QFrame[rule="true"] {{ background: {s.border}; border: none; }}
QScrollArea, QScrollArea > QWidget > QWidget[clear="true"] {{ background: transparent; border: none; }}
QLineEdit, QPlainTextEdit {{
    background: {s.surface}; color: {s.text}; border: 1px solid {s.line}; border-radius: 8px;
    padding: 0 {px(10)}; selection-background-color: {s.accent}; selection-color: {s.on_accent};
}}
QPlainTextEdit {{ padding: {px(6)} {px(8)}; }}
QLineEdit:focus, QPlainTextEdit:focus {{ border: 2px solid {s.accent}; padding: 0 {px(9)}; }}
QPlainTextEdit:focus {{ padding: {px(5)} {px(7)}; }}
QLineEdit:disabled {{ background: {s.raised}; color: {s.muted}; border-color: {s.border}; }}
QDateEdit {{ background: {s.surface}; color: {s.text}; border: 1px solid {s.line}; border-radius: 8px;
    padding: 0 {px(10)}; selection-background-color: {s.accent}; selection-color: {s.on_accent}; }}
QDateEdit:focus {{ border: 2px solid {s.accent}; padding: 0 {px(9)}; }}
QDateEdit::up-button, QDateEdit::down-button {{ width: 0; border: none; }}
QDateEdit QLineEdit, QDateEdit QLineEdit:focus {{ border: none; padding: 0 {px(10)}; background: transparent; }}
QComboBox {{ combobox-popup: 0; }}
QComboBox QAbstractItemView {{
    background: {s.surface}; border: 1px solid {s.line}; padding: 4px; outline: 0;
    selection-background-color: {s.raised}; selection-color: {s.text};
}}
QComboBox QAbstractItemView::item {{ min-height: {px(36)}; padding: 0 {px(8)}; border-radius: 6px; }}
QComboBox QAbstractItemView::item:selected {{ background: {s.raised}; color: {s.text}; }}
QTableView {{ background: transparent; border: none; outline: 0; selection-background-color: {s.raised};
    selection-color: {s.text}; }}
QTableView::item {{ padding: 0 {px(6)}; border-bottom: 1px solid {s.border}; }}
QTableView::item:focus {{ border: 2px solid {s.accent}; }}
QHeaderView {{ background: transparent; }}
QHeaderView::section {{ background: {s.surface}; color: {s.muted}; border: none;
    border-bottom: 1px solid {s.line}; padding: {px(6)}; }}
QListView {{ background: transparent; border: none; outline: 0; }}
QTextEdit {{ background: transparent; border: none; selection-background-color: {s.accent};
    selection-color: {s.on_accent}; }}
QToolTip {{ background: {s.surface}; color: {s.text}; border: 1px solid {s.line}; padding: {px(6)}; }}
QScrollBar:vertical {{ background: transparent; width: 12px; margin: 2px; }}
QScrollBar::handle:vertical {{ background: {s.line}; border-radius: 4px; min-height: 32px; }}
QScrollBar::handle:vertical:disabled {{ background: transparent; }}
QScrollBar:horizontal {{ background: transparent; height: 12px; margin: 2px; }}
QScrollBar::handle:horizontal {{ background: {s.line}; border-radius: 4px; min-width: 32px; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
"""
