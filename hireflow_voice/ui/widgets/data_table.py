"""A table to read: what a chart shows, exactly, and for whoever cannot see the chart."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QTableWidget, QTableWidgetItem

from hireflow_voice.progress.tables import Table
from hireflow_voice.ui.theme import Theme, Type
from hireflow_voice.ui.widgets.choices import named
from hireflow_voice.ui.words import one_line

WIDEST = 340
"""Of one column, in the design's pixels."""


class DataTable(QTableWidget):
    """Rows of text; arrows move the cell that is read, Tab leaves it."""

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self._theme = theme
        named(self, name)
        self.setFont(theme.font(Type.CAPTION))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(theme.px(32))
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setFont(theme.font(Type.CAPTION))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Alt+1 and the like belong to the window, and so do Ctrl's.
        if event.modifiers() & (Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ControlModifier):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def show_table(self, table: Table, name: str) -> None:
        """Other rows under another name."""
        named(self, name)
        self.clear()
        self.setRowCount(len(table.rows))
        self.setColumnCount(len(table.headings))
        self.setHorizontalHeaderLabels(list(table.headings))
        for at, row in enumerate(table.rows):
            for column, cell in enumerate(row):
                self.setItem(at, column, QTableWidgetItem(one_line(cell)))
        self.resizeColumnsToContents()
        for column in range(len(table.headings)):
            self.setColumnWidth(column, min(self.columnWidth(column) + self._theme.px(16), self._theme.px(WIDEST)))
        if table.rows:
            self.setCurrentCell(0, 0)
