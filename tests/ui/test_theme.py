"""The palette keeps its promises, and a scheme is chosen as the user and the desktop say."""

from __future__ import annotations

from itertools import product

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontInfo, QFontMetricsF, QPalette
from PySide6.QtWidgets import QApplication

from hireflow_voice import resources
from hireflow_voice.settings import Appearance
from hireflow_voice.ui.theme import DARK, LIGHT, Scheme, Theme, Type, resolve, scale_of, wanted_scale

GROUNDS = ("bg", "surface", "raised")
TEXTS = ("text", "muted", "accent", "live", "good", "warn", "bad")
GRAPHICS = ("line", "wave")


def luminance(colour: str) -> float:
    """Relative luminance of WCAG 2.2."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_computed_as_wcag_says() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21.0)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=lambda s: s.name)
@pytest.mark.parametrize(("ink", "ground"), list(product(TEXTS, GROUNDS)))
def test_text_can_be_read_on_every_ground(scheme: Scheme, ink: str, ground: str) -> None:
    assert contrast(getattr(scheme, ink), getattr(scheme, ground)) >= 4.5


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=lambda s: s.name)
@pytest.mark.parametrize(("ink", "ground"), list(product(GRAPHICS, GROUNDS)))
def test_outlines_and_bars_can_be_seen(scheme: Scheme, ink: str, ground: str) -> None:
    assert contrast(getattr(scheme, ink), getattr(scheme, ground)) >= 3.0


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=lambda s: s.name)
@pytest.mark.parametrize(("ink", "ground"), [("on_accent", "accent"), ("on_live", "live")])
def test_text_can_be_read_on_coloured_buttons(scheme: Scheme, ink: str, ground: str) -> None:
    assert contrast(getattr(scheme, ink), getattr(scheme, ground)) >= 4.5


@pytest.mark.parametrize(
    ("appearance", "system", "expected"),
    [
        (Appearance.SYSTEM, Qt.ColorScheme.Unknown, LIGHT),
        (Appearance.SYSTEM, Qt.ColorScheme.Light, LIGHT),
        (Appearance.SYSTEM, Qt.ColorScheme.Dark, DARK),
        (Appearance.LIGHT, Qt.ColorScheme.Dark, LIGHT),
        (Appearance.DARK, Qt.ColorScheme.Light, DARK),
    ],
)
def test_the_users_choice_wins_and_an_unknown_system_is_light(
    appearance: Appearance, system: Qt.ColorScheme, expected: Scheme
) -> None:
    assert resolve(appearance, system) is expected


def test_a_switch_reaches_the_palette_and_is_told(qapp: QApplication, theme: Theme) -> None:
    told: list[str] = []
    theme.changed.connect(lambda: told.append(theme.scheme.name))
    theme.set_appearance(Appearance.SYSTEM)
    theme.set_system(Qt.ColorScheme.Dark)
    assert told == ["dark"]
    assert qapp.palette().color(QPalette.ColorRole.Window).name().upper() == DARK.bg
    theme.set_appearance(Appearance.LIGHT)
    assert qapp.palette().color(QPalette.ColorRole.Window).name().upper() == LIGHT.bg


def test_inter_is_loaded_and_its_weights_differ(theme: Theme) -> None:
    assert QFontInfo(theme.font(Type.BODY)).family().startswith("Inter")
    body, strong = (QFontMetricsF(theme.font(kind)).horizontalAdvance("Listening") for kind in (Type.BODY, Type.STRONG))
    assert strong > body


def test_timers_do_not_shift_as_they_count(theme: Theme) -> None:
    metrics = QFontMetricsF(theme.font(Type.CLOCK))
    assert metrics.horizontalAdvance("11:11") == metrics.horizontalAdvance("00:00")


def test_larger_desktop_text_enlarges_everything_within_bounds() -> None:
    assert scale_of(9) == 1.0
    assert scale_of(13) == 1.0
    assert scale_of(16.25) == 1.25
    assert scale_of(40) == 2.0


def test_a_chosen_size_is_that_size_however_small_the_screen(qapp: QApplication) -> None:
    assert [wanted_scale(percent) for percent in (100, 125, 150, 175, 200)] == [1.0, 1.25, 1.5, 1.75, 2.0]


def test_every_asset_has_its_licence() -> None:
    licences = {path.name for path in (resources.assets() / "licences").iterdir()}
    assert {"Inter-OFL.txt", "Lucide-ISC.txt"} <= licences


def test_an_icon_takes_the_colour_it_is_asked_for(theme: Theme) -> None:
    image = theme.icons.image("mic", 24, theme.colour("live"), 2.0)
    assert image.width() == 48
    inks = {
        image.pixelColor(x, y).name().upper()
        for x in range(48)
        for y in range(48)
        if image.pixelColor(x, y).alpha() == 255
    }
    assert inks == {LIGHT.live}


def test_an_icon_that_is_not_there_is_an_error(theme: Theme) -> None:
    with pytest.raises(KeyError):
        theme.icons.image("no-such-icon", 24, theme.colour("text"))
