"""At every size of text, in the smallest and in a large window, all of a page can be read and reached."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QLabel, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from hireflow_voice.ui.tasks import Tasks
from hireflow_voice.ui.theme import Theme
from hireflow_voice.ui.widgets.basics import Elided
from hireflow_voice.ui.widgets.page import Page
from hireflow_voice.ui.window import MainWindow

CALL = "20261123-174203-7f3a"
SMALL, LARGE = QSize(900, 640), QSize(1440, 900)
LOOKS = [(size, percent) for size in (SMALL, LARGE) for percent in (100, 150, 200)]


@pytest.fixture(params=LOOKS, ids=lambda look: f"{look[0].width()}x{look[0].height()}-{look[1]}")
def sized(request: pytest.FixtureRequest, qtbot: QtBot, api: Any, theme: Theme, tasks: Tasks) -> Iterator[MainWindow]:
    size, percent = request.param
    theme.set_scale(percent / 100)
    window = MainWindow(api, theme, tasks)
    qtbot.addWidget(window, before_close_func=lambda _: setattr(window, "_leaving", True))
    window.resize(size)
    with qtbot.waitExposed(window):
        window.show()
    window.resize(size)
    yield window
    theme.set_scale(1.0)


def settle() -> None:
    for _ in range(4):
        QApplication.processEvents()


def faults(root: QWidget) -> list[str]:
    """What is clipped or lies over a neighbour, in words."""
    found = []
    for label in root.findChildren(QLabel):
        if label.isVisible() and label.text() and not isinstance(label, Elided):
            found += _cut(label)
    for button in root.findChildren(QAbstractButton):
        least = button.minimumSizeHint()
        if button.isVisible() and (button.width() < least.width() or button.height() < least.height()):
            found.append(f"button {button.accessibleName()}: {button.size()} of {least}")
    for area in root.findChildren(QScrollArea):
        inside = area.widget()
        if area.isVisible() and inside.width() > area.viewport().width():
            found.append(f"{type(area).__name__} scrolls sideways: {inside.width()} in {area.viewport().width()}")
    return found + _outside(root) + _overlaps(root)


def _cut(label: QLabel) -> list[str]:
    room = label.contentsRect()
    metrics = label.fontMetrics()
    if label.wordWrap():
        flags = int(Qt.TextFlag.TextWordWrap)
        needed = metrics.boundingRect(QRect(0, 0, room.width() + 1, 100_000), flags, label.text())
        fits = needed.width() <= room.width() + 1 and needed.height() <= room.height() + 2
    else:
        lines = label.text().split("\n")
        needed = QRect(0, 0, max(metrics.horizontalAdvance(line) for line in lines), metrics.height() * len(lines))
        fits = needed.width() <= room.width() + 1 and metrics.ascent() * len(lines) <= room.height() + 2
    return [] if fits else [f"text {label.text()[:60]!r}: {needed.size()} in {room.size()}"]


def _leaves(root: QWidget) -> list[QWidget]:
    """What is read or pressed."""
    kinds = (QLabel, QAbstractButton)
    return [
        w for kind in kinds for w in root.findChildren(kind) if w.isVisible() and not w.findChildren(QAbstractButton)
    ]


def _outside(root: QWidget) -> list[str]:
    """A part that reaches over the edge of what it stands in, where nothing scrolls to the rest of it."""
    found = []
    for widget in _leaves(root):
        parent = widget.parentWidget()
        while parent is not None and parent is not root.window():
            place = QRect(widget.mapTo(parent, QPoint(0, 0)), widget.size())
            scrolled = isinstance(parent.parentWidget(), QScrollArea)  # a viewport
            inside = parent.rect()
            if place.left() < inside.left() or place.right() > inside.right():
                found.append(f"{_said(widget)} sticks out sideways of {type(parent).__name__}")
            if not scrolled and (place.top() < inside.top() or place.bottom() > inside.bottom()):
                found.append(f"{_said(widget)} sticks out of {type(parent).__name__}: {place} in {inside}")
            if scrolled:
                break
            parent = parent.parentWidget()
    return found


def _overlaps(root: QWidget) -> list[str]:
    found = []
    leaves = [w for w in _leaves(root) if not isinstance(w.parentWidget(), QAbstractButton)]
    places = [(w, QRect(w.mapTo(root, QPoint(0, 0)), w.size())) for w in leaves]
    for at, (one, here) in enumerate(places):
        for other, there in places[at + 1 :]:
            if one.parentWidget() is other.parentWidget() and here.intersects(there.adjusted(1, 1, -1, -1)):
                found.append(f"{_said(one)} lies over {_said(other)}")
    return found


def _said(widget: QWidget) -> str:
    return repr((widget.text() if isinstance(widget, QLabel) else widget.accessibleName())[:40])


def test_every_page_can_be_read_whole(sized: MainWindow, api: Any, fakes: Any, pages: Any) -> None:
    found = {}
    for page in pages.PAGES:
        shown = pages.go(sized, api, fakes, page)
        settle()
        assert sized.size().width() <= LARGE.width(), page
        if trouble := faults(sized):
            found[page] = trouble
        if page.startswith("call"):
            sized._gave_up()
        assert shown is sized.pages.currentWidget()
    assert not found, json.dumps(found, indent=1)


@pytest.mark.parametrize("sized", [(SMALL, 200), (LARGE, 100)], indirect=True, ids=["small-200", "large-100"])
def test_what_tab_reaches_comes_into_sight(sized: MainWindow, api: Any, fakes: Any, pages: Any) -> None:
    for page in ("home", "call-notes", "review-question", "settings"):
        shown = pages.go(sized, api, fakes, page)
        assert isinstance(shown, Page)
        for _ in range(60):
            sized.focusNextChild()
            QApplication.processEvents()
            focus = sized.focusWidget()
            room = QRect(QPoint(0, 0), sized.size())
            place = QRect(focus.mapTo(sized, QPoint(0, 0)), focus.size()).intersected(room)
            seen = focus.visibleRegion().boundingRect()
            assert seen.height() >= min(focus.height(), 40), (page, focus.accessibleName(), place)
        if page.startswith("call"):
            sized._gave_up()


@pytest.mark.parametrize("sized", [(SMALL, 100), (SMALL, 200)], indirect=True, ids=["100", "200"])
def test_every_dialog_fits_the_window_and_can_be_read_whole(
    sized: MainWindow, api: Any, fakes: Any, pages: Any, qtbot: QtBot
) -> None:
    def look(what: str) -> None:
        settle()
        (dialog,) = (d for d in sized.findChildren(QDialog) if d.isVisible())
        assert dialog.width() <= sized.width(), what
        assert dialog.height() <= sized.height(), what
        assert not faults(dialog), what
        dialog.close()
        settle()

    sized.home.today.change.click()
    look("plan")
    sized.home.card.material.click()
    look("material")
    sized.home.rows[0].delete.click()
    look("delete")
    sized.open_review(CALL)
    sized.review.list.choose(2)
    settle()
    sized.review.take_card.correct.click()
    look("correct")
    pages.go(sized, api, fakes, "call")
    sized.call.show_keys.click()
    look("keys")
    sized.call.state.devices.click()
    look("devices")
    sized.call.end.click()
    look("end")
    sized._gave_up()
