"""Side by side while there is room, else one under another: how every page stays whole at any size of text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from typing import NamedTuple

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QSizePolicy, QWidget

from hireflow_voice.ui.theme import Theme, Type
from hireflow_voice.ui.widgets.basics import Label, held


class Place(NamedTuple):
    """Where an item stands in its line, in pixels."""

    item: QLayoutItem
    x: int
    width: int


class Lines(QLayout):
    """Items in lines, as high as they need. How they are broken into lines is up to the kind."""

    def __init__(self, gap: int, between: int) -> None:
        """`gap`: pixels between neighbours of a line; `between`: between lines."""
        super().__init__()
        self.gap, self.between = gap, between
        self._items: list[QLayoutItem] = []
        self._broken: dict[int, list[list[Place]]] = {}
        self.setContentsMargins(0, 0, 0, 0)

    # -- what a kind says ----------------------------------------------------------------------------------------------

    def break_up(self, width: int) -> list[list[Place]]:
        """The lines, for a width."""
        raise NotImplementedError

    def least_width(self) -> int:
        """Under which something is cut off."""
        raise NotImplementedError

    # -- what Qt asks --------------------------------------------------------------------------------------------------

    def addItem(self, item: QLayoutItem, /) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int, /) -> QLayoutItem:
        return self._items[index] if 0 <= index < len(self._items) else None  # type: ignore[return-value]  # Qt asks until there is none

    def takeAt(self, index: int, /) -> QLayoutItem:
        return self._items.pop(index) if 0 <= index < len(self._items) else None  # type: ignore[return-value]  # as above

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation.Horizontal

    def hasHeightForWidth(self) -> bool:
        return True

    def invalidate(self) -> None:
        self._broken.clear()
        super().invalidate()

    def heightForWidth(self, width: int, /) -> int:
        return self._sum(self._lines(width), _height)

    def minimumHeightForWidth(self, width: int, /) -> int:
        return self._sum(self._lines(width), _least_height)

    def minimumSize(self) -> QSize:
        least = max((item.minimumSize().height() for item in self.shown()), default=0)
        return QSize(self.least_width(), least)

    def sizeHint(self) -> QSize:
        wide = sum(item.sizeHint().width() for item in self.shown()) + self.gap * max(0, len(list(self.shown())) - 1)
        wide = max(wide, self.least_width())
        return QSize(wide, self.heightForWidth(wide))

    def setGeometry(self, rect: QRect, /) -> None:
        super().setGeometry(rect)
        lines = self._lines(rect.width())
        y = rect.y()
        for line, height, gap in zip(lines, *self.share(lines, rect.height()), strict=True):
            for item, x, width in line:
                item.setGeometry(QRect(rect.x() + x, y, width, height))
            y += height + gap

    # -- the rest ------------------------------------------------------------------------------------------------------

    def shown(self) -> Iterator[QLayoutItem]:
        """What is not hidden."""
        return (item for item in self._items if not (item.isEmpty() or _bare(item)))

    def stacked(self, width: int) -> bool:
        """Whether it takes more than one line."""
        return len(self._lines(width)) > 1

    def _lines(self, width: int) -> list[list[Place]]:
        if width not in self._broken:
            self._broken[width] = self.break_up(width)
        return self._broken[width]

    def gap_under(self, _line: list[Place]) -> int:
        """Pixels between a line and the next."""
        return self.between

    def share(self, lines: list[list[Place]], height: int) -> tuple[list[int], list[int]]:
        """The heights of the lines and the gaps under them, in a room that may be higher than they need."""
        if len(lines) == 1:
            return [height], [0]
        heights = [_height(line) for line in lines]
        over = height - self._sum(lines, _height)
        greedy = [at for at, line in enumerate(lines) if any(_grows(place.item) for place in line)]
        for at in greedy:
            heights[at] += max(0, over) // len(greedy)
        return heights, [self.gap_under(line) for line in lines]

    def _sum(self, lines: list[list[Place]], height: Callable[[list[Place]], int]) -> int:
        return sum(height(line) for line in lines) + sum(self.gap_under(line) for line in lines[:-1])


def _height(line: list[Place]) -> int:
    return max((_height_of(place.item, place.width) for place in line), default=0)


def _least_height(line: list[Place]) -> int:
    return max((_least_height_of(place.item, place.width) for place in line), default=0)


def _height_of(item: QLayoutItem, width: int) -> int:
    return item.heightForWidth(width) if item.hasHeightForWidth() else item.sizeHint().height()


def _least_height_of(item: QLayoutItem, width: int) -> int:
    return item.minimumHeightForWidth(width) if item.hasHeightForWidth() else item.minimumSize().height()


def _bare(item: QLayoutItem) -> bool:
    """Nothing in it is shown."""
    widget = item.widget()
    layout = widget.layout() if widget is not None else None
    return layout is not None and layout.isEmpty()


def _grows(item: QLayoutItem) -> bool:
    return bool(item.expandingDirections() & Qt.Orientation.Vertical)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of `columns`."""

    widget: QWidget | QLayout
    stretch: int = 0
    """Its share of the room that is left over."""
    least: int = 0
    """In the design's pixels: narrower than this it goes into a line of its own."""
    align: Qt.AlignmentFlag | None = None


class Columns(Lines):
    """Neighbours, in as few lines as give each its least width."""

    def __init__(self, theme: Theme, spacing: int = 16, between: int | None = None) -> None:
        """`spacing` and `between` (lines; as `spacing` when None): the design's pixels."""
        super().__init__(theme.px(spacing), theme.px(spacing if between is None else between))
        self._theme = theme
        self._parts: dict[QWidget | None, tuple[int, int]] = {}
        """Stretch, and least width in pixels. A layout does not keep Python's part of a widget alive; this does."""

    def put(self, part: Part) -> None:
        """One more neighbour."""
        widget = held(part.widget) if isinstance(part.widget, QLayout) else part.widget
        self._parts[widget] = (part.stretch, self._theme.px(part.least))
        self.addWidget(widget)
        if part.align:
            self.setAlignment(widget, part.align)

    def break_up(self, width: int) -> list[list[Place]]:
        items = list(self.shown())
        lines = self._greedy(items, width)
        if len(lines) > 1:
            each = ceil(len(items) / len(lines))
            even = [items[at : at + each] for at in range(0, len(items), each)]
            if all(self._needs(line) <= width for line in even):
                lines = even
        return [self._place(line, width) for line in lines]

    def least_width(self) -> int:
        # A least width asks for a line of its own; in it, an item can be as narrow as it can be.
        return max((item.minimumSize().width() for item in self.shown()), default=0)

    def _greedy(self, items: list[QLayoutItem], width: int) -> list[list[QLayoutItem]]:
        lines: list[list[QLayoutItem]] = []
        for item in items:
            if lines and self._needs([*lines[-1], item]) <= width:
                lines[-1].append(item)
            else:
                lines.append([item])
        return lines

    def _part(self, item: QLayoutItem) -> tuple[int, int]:
        stretch, least = self._parts.get(item.widget(), (0, 0))
        return stretch, max(least, item.minimumSize().width())

    def _needs(self, items: list[QLayoutItem]) -> int:
        return sum(self._part(item)[1] for item in items) + self.gap * (len(items) - 1)

    def _place(self, items: list[QLayoutItem], width: int) -> list[Place]:
        """Each has its least width; what is left goes to those that would like more, then to those that stretch."""
        if len(items) == 1 and _takes_a_line(items[0]):
            return [Place(items[0], 0, width)]
        shares = [self._part(item)[0] for item in items]
        if not any(shares):
            shares = [int(bool(item.expandingDirections() & Qt.Orientation.Horizontal)) for item in items]
        widths = [min(self._part(item)[1], width) for item in items]
        left = width - sum(widths) - self.gap * (len(items) - 1)
        for at, item in enumerate(items):
            if not shares[at]:
                more = min(max(0, item.sizeHint().width() - widths[at]), max(0, left))
                widths[at] += more
                left -= more
        widths = _stretched(widths, shares, max(0, left))
        places, x = [], 0
        for item, wide in zip(items, widths, strict=True):
            places.append(Place(item, x, wide))
            x += wide + self.gap
        return places


def _stretched(widths: list[int], shares: list[int], left: int) -> list[int]:
    """Widths in proportion to their shares, none under its own; the last of them takes what rounding leaves."""
    growing = [at for at, share in enumerate(shares) if share]
    room = left + sum(widths[at] for at in growing)
    result = list(widths)
    while growing:
        whole = sum(shares[at] for at in growing)
        stuck = [at for at in growing if room * shares[at] / whole < widths[at]]
        if not stuck:
            for at in growing:
                result[at] = room * shares[at] // whole
            result[growing[-1]] += room - sum(result[at] for at in growing)
            break
        for at in stuck:
            room -= widths[at]
            growing.remove(at)
    return result


def _takes_a_line(item: QLayoutItem) -> bool:
    widget = item.widget()
    policy = widget.sizePolicy().horizontalPolicy() if widget is not None else None
    return not item.alignment() and policy not in (QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)


def columns(theme: Theme, *parts: Part | QWidget | QLayout, spacing: int = 16, between: int | None = None) -> Columns:
    """Neighbours in one line where there is room; see `Columns`."""
    layout = Columns(theme, spacing, between)
    for part in parts:
        layout.put(part if isinstance(part, Part) else Part(part))
    return layout


class Form(Lines):
    """Names with their controls at the right of them; where one of them has no room there, all of them below."""

    def __init__(
        self, theme: Theme, rows: Sequence[tuple[str, QWidget]], *, names: int = 120, spacing: int = 10, loose: int = 0
    ) -> None:
        """`names`: their least width, the same in all the forms of a page; `loose`: by how much each gap between rows
        may grow where there is room to spare. The design's pixels."""
        super().__init__(theme.px(16), theme.px(spacing))
        self._theme, self._least_name, self._loose = theme, theme.px(names), theme.px(loose)
        self.names: dict[QWidget | None, Label] = {}
        """Of each control that has one."""
        self._controls = [widget for _, widget in rows]
        """A layout does not keep Python's part of a widget alive; this does."""
        for text, widget in rows:
            if text:
                self.names[widget] = Label(theme, text, Type.BODY, "muted")
                self.addWidget(self.names[widget])
            self.addWidget(widget)

    def break_up(self, width: int) -> list[list[Place]]:
        labels = {item.widget(): item for item in self._items if item.widget() in self.names.values()}
        controls = [item for item in self.shown() if item.widget() not in labels]
        wide = max([self._least_name, *(name.sizeHint().width() for name in self.names.values())])
        beside = wide + self.gap
        level = width >= beside + max((control.minimumSize().width() for control in controls), default=0)
        lines: list[list[Place]] = []
        for control in controls:
            name = self.names.get(control.widget())
            said = [Place(labels[name], 0, wide if level else width)] if name is not None else []
            if level:
                lines.append([*said, Place(control, beside, width - beside)])
            else:
                lines += [line for line in (said, [Place(control, 0, width)]) if line]
        return lines

    def least_width(self) -> int:
        return max((item.minimumSize().width() for item in self.shown()), default=0)

    def setGeometry(self, rect: QRect, /) -> None:
        super().setGeometry(rect)
        for control, name in self.names.items():
            if control is not None and control.isHidden():
                name.resize(0, 0)

    def gap_under(self, line: list[Place]) -> int:
        alone = len(line) == 1 and line[0].item.widget() in self.names.values()
        return self._theme.px(4) if alone else self.between

    def share(self, lines: list[list[Place]], height: int) -> tuple[list[int], list[int]]:
        heights, gaps = [_height(line) for line in lines], [self.gap_under(line) for line in lines]
        over = max(0, height - self._sum(lines, _height)) // max(1, len(lines) - 1)
        return heights, [gap + min(self._loose, over) if gap == self.between else gap for gap in gaps]
