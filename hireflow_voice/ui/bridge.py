"""The one door from the call's thread into Qt."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from hireflow_voice.events import CallEvent


class Bridge(QObject):
    """Carries call events to the GUI thread: whatever thread posts, slots connected on the GUI thread run there."""

    happened = Signal(object)
    """A CallEvent."""

    def post(self, event: CallEvent) -> None:
        """Any thread; returns at once."""
        self.happened.emit(event)
