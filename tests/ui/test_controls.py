"""Every control has a name, a tooltip that agrees, is reached with Tab, and fits where it stands."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QApplication,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QScrollBar,
    QTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from hireflow_voice.events import Caption, Phase, PhaseChanged, QuestionChanged, Trouble
from hireflow_voice.records import MentorReview
from hireflow_voice.settings import Appearance
from hireflow_voice.ui.theme import Theme
from hireflow_voice.ui.widgets.basics import Elided
from hireflow_voice.ui.window import MainWindow

CONTROLS = (QAbstractButton, QComboBox, QLineEdit, QPlainTextEdit, QTextEdit, QAbstractSlider, QAbstractItemView)
PAGES = (
    "home",
    "home-missing",
    "call",
    "call-typing",
    "call-notes",
    "review-form",
    "review-question",
    "review-blind",
    "progress",
    "progress-table",
    "settings",
)


def right_of(window: MainWindow, widget: QWidget) -> int:
    return widget.mapTo(window, QPoint(widget.width(), 0)).x()


@pytest.mark.parametrize("size", [QSize(1000, 720), QSize(1440, 900)], ids=lambda s: f"{s.width()}x{s.height()}")
def test_right_edges_meet_on_every_page_whether_it_scrolls_or_not(window: MainWindow, fakes: Any, size: QSize) -> None:
    window.resize(size)
    edges = {"bar": right_of(window, window.bar.to_settings)}
    window.open_home()
    QApplication.processEvents()
    edges["line check"] = right_of(window, window.home.line_check)
    window.open_review("20261123-174203-7f3a")
    review = window.review
    review.banner.trouble("Some", "", "A trouble.", "")
    for row in (1, 2):  # short, long
        review.list.choose(row)
        QApplication.processEvents()
        edges[f"answer {row}"] = right_of(window, review.take_card)
    window.open_progress()
    assert window.progress is not None
    window.progress.show_progress(fakes.some_progress())
    QApplication.processEvents()
    edges["filters"] = right_of(window, window.progress.view)
    edges["due"] = right_of(window, window.progress.practise[0].parentWidget())
    window.open_review("20261123-174203-7f3a")
    QApplication.processEvents()
    edges["export"] = right_of(window, review.export)
    edges["banner"] = right_of(window, review.banner)
    assert set(edges.values()) == {window.width() // 2 + min(window.width() - 64, 1136) // 2}, edges


def go(window: MainWindow, api: Any, fakes: Any, page: str) -> QWidget:
    """Bring a page on screen, in a busy state."""
    if page == "home-missing":
        api.items = fakes.MODELS_MISSING
        window.home.refresh()
    elif page.startswith("call"):
        window.home.start()
        api.on_event(PhaseChanged(0.0, Phase.SPEAKING))
        api.on_event(QuestionChanged(1.0, 2, 3, "q1", fakes.ASKED))
        api.on_event(Caption(1.0, "interviewer", fakes.ASKED, "a", True, "question"))
        api.on_event(PhaseChanged(2.0, Phase.LISTENING))
        if page == "call-notes":
            window.call.coach.show()
            window.call.notes.toggle.click()
        if page == "call-typing":
            api.on_event(Trouble(3.0, "NoMicrophone", "this computer", "The microphone went away.", "Plug it in."))
    elif page.startswith("review"):
        if page == "review-blind":
            record = api.records["20261123-174203-7f3a"]
            api.records["20261123-174203-7f3a"] = replace(record, mentors=(MentorReview("0000000a", mine=True),))
        window.open_review("20261123-174203-7f3a")
        window.review.list.choose(0 if page == "review-form" else 2)
    elif page.startswith("progress"):
        api.progressed = fakes.some_progress()
        window.open_progress()
        assert window.progress is not None
        if page == "progress-table":
            window.progress.view._group.button(1).click()
    elif page == "settings":
        endpoint = api.settings.endpoint.model_copy(update={"enabled": True})
        window.keeper.change(endpoint=endpoint)
        window.open_settings()
    for _ in range(4):
        QApplication.processEvents()
    return window.pages.currentWidget()


def controls(root: QWidget) -> list[QWidget]:
    """What a person can act on; scroll bars, headings of tables and the innards of drop-downs are Qt's own."""
    return [
        widget
        for kind in CONTROLS
        for widget in root.findChildren(kind)
        if widget.isVisible()
        and not isinstance(widget, QScrollBar | QHeaderView)
        and not isinstance(widget.parent(), QComboBox)
        and not widget.objectName().startswith("qt_")
        and "QComboBox" not in type(widget.parent()).__name__
    ]


@pytest.mark.parametrize("page", PAGES)
def test_every_control_has_a_name_and_a_tooltip_that_agrees(
    window: MainWindow, api: Any, fakes: Any, page: str
) -> None:
    go(window, api, fakes, page)
    found = controls(window)
    assert len(found) >= 4
    for control in found:
        name, tip = control.accessibleName(), control.toolTip()
        assert name, control
        assert re.sub(r" \([^()]*\)$", "", tip) == name or tip == name, (name, tip)
        if isinstance(control, QAbstractButton) and control.text():
            assert name.startswith(control.text()), (name, control.text())


@pytest.mark.parametrize("page", PAGES)
def test_every_control_that_works_is_reached_with_tab(
    window: MainWindow, api: Any, fakes: Any, qtbot: QtBot, page: str
) -> None:
    shown = go(window, api, fakes, page)
    reached: list[QWidget] = []
    for _ in range(120):
        window.focusNextChild()
        focus = window.focusWidget()
        if focus in reached and len(reached) > 1 and focus is reached[0]:
            break
        reached.append(focus)
    wanted = {c for c in controls(shown) if c.isEnabled() and not _passed_over(c)}
    assert wanted <= set(reached), [c.accessibleName() for c in wanted - set(reached)]


def _passed_over(control: QWidget) -> bool:
    """Of an exclusive row only the chosen one takes the focus; arrows reach the others."""
    return (
        isinstance(control, QAbstractButton)
        and control.isCheckable()
        and control.group() is not None
        and (not control.isChecked())
    )


@pytest.mark.parametrize("appearance", [Appearance.LIGHT, Appearance.DARK])
@pytest.mark.parametrize("size", [QSize(1000, 720), QSize(900, 640)], ids=lambda s: f"{s.width()}x{s.height()}")
@pytest.mark.parametrize("page", PAGES)
def test_nothing_is_cut_off(
    window: MainWindow, api: Any, fakes: Any, theme: Theme, page: str, size: QSize, appearance: Appearance
) -> None:
    theme.set_appearance(appearance)
    window.resize(size)
    shown = go(window, api, fakes, page)
    assert window.size() == size
    for widget in controls(window):
        if isinstance(widget, QAbstractButton):
            least = widget.minimumSizeHint()
            assert widget.width() >= least.width(), widget.accessibleName()
            assert widget.height() >= min(least.height(), widget.sizeHint().height()), widget.accessibleName()
    for label in shown.findChildren(QLabel):
        if label.isVisible() and label.text() and not label.wordWrap() and not isinstance(label, Elided):
            room = label.contentsRect().width() + 1
            assert label.fontMetrics().horizontalAdvance(label.text()) <= room, label.text()
    for area in shown.findChildren(QScrollArea):
        inside = area.widget()
        if area.isVisible() and inside is not None:
            assert inside.width() <= area.viewport().width(), area.parent()
    _inside(shown)


def _inside(page: QWidget) -> None:
    """No card reaches over the edge of its page, no two neighbours overlap."""
    cards = [w for w in page.findChildren(QWidget) if w.property("card") and w.isVisible()]
    for card in cards:
        if card.parentWidget() is page:
            assert page.rect().contains(card.geometry()), card
    outer = [card for card in cards if card.parentWidget() is page]
    for index, one in enumerate(outer):
        for other in outer[index + 1 :]:
            assert not one.geometry().intersects(other.geometry()), (one, other)


@pytest.mark.parametrize("appearance", [Appearance.LIGHT, Appearance.DARK])
def test_the_grounds_of_a_page_are_the_schemes(
    window: MainWindow, api: Any, fakes: Any, theme: Theme, appearance: Appearance
) -> None:
    theme.set_appearance(appearance)
    go(window, api, fakes, "home")
    image = window.grab().toImage()
    assert image.pixelColor(4, image.height() - 4).name().upper() == theme.scheme.bg
    card = window.home.card
    at = card.mapTo(window, card.rect().topLeft())
    assert image.pixelColor(at.x() + 12, at.y() + 12).name().upper() == theme.scheme.surface


def test_focus_can_be_seen(window: MainWindow, theme: Theme, qtbot: QtBot) -> None:
    button = window.home.card.hear
    window.home.card.name.setFocus()
    before = button.grab().toImage()
    button.setFocus(Qt.FocusReason.TabFocusReason)
    assert button.grab().toImage() != before
    assert window.focusWidget() is button
