"""Opens the window and runs it to its end."""

from __future__ import annotations

import logging
import os
import signal
import socket
import sys
import threading
import traceback
from types import TracebackType

from PySide6.QtCore import (
    QCoreApplication,
    QMessageLogContext,
    QObject,
    QSocketNotifier,
    Qt,
    QTimer,
    QtMsgType,
    Signal,
    qInstallMessageHandler,
)
from PySide6.QtGui import QGuiApplication, QIcon, QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from hireflow_voice import paths
from hireflow_voice.app.api import Api
from hireflow_voice.errors import NoDisplay
from hireflow_voice.ui.tasks import Tasks, Threads
from hireflow_voice.ui.theme import Theme, wanted_scale
from hireflow_voice.ui.widgets.dialogs import BugDialog
from hireflow_voice.ui.window import MainWindow

log = logging.getLogger("hireflow_voice.ui")

BUILD_REST_MS = 1_500
"""After the first paint: what fills Home is there by then, and nobody has pressed anything yet."""
LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


def check_display() -> None:
    """Raises NoDisplay where Qt would end the process: it aborts without a screen, and nothing can catch that."""
    if sys.platform in ("win32", "darwin"):
        return
    if not any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")):
        raise NoDisplay(
            "There is no screen to open a window on.",
            "Start it in a desktop session, or use `hireflow-voice call` in the terminal.",
        )


class Faults(QObject):
    """Shows our own bugs: whatever escapes a slot, a task or a thread. One dialog at a time, nothing sent anywhere."""

    _happened = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._dialog: BugDialog | None = None
        self.parent_widget: QWidget | None = None
        self._happened.connect(self._show)

    def install(self) -> None:
        """Catch what nobody catches, on this thread and on others."""
        sys.excepthook = self.hook
        threading.excepthook = self._thread_hook

    def hook(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """sys.excepthook; any thread."""
        if issubclass(kind, KeyboardInterrupt):
            QCoreApplication.exit(0)
            return
        log.error("a fault of our own", exc_info=(kind, error, trace))
        self._happened.emit("".join(traceback.format_exception(kind, error, trace)))

    def bug(self, error: BaseException) -> None:
        """An exception out of a task."""
        self.hook(type(error), error, error.__traceback__)

    def _thread_hook(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None and args.exc_type is not SystemExit:
            self.hook(args.exc_type, args.exc_value, args.exc_traceback)

    def _show(self, trace: str) -> None:
        if self._dialog is not None:
            return
        self._dialog = BugDialog(self._theme, self.parent_widget, trace, str(paths.log_dir()))
        self._dialog.finished.connect(self._closed)
        self._dialog.open()

    def _closed(self) -> None:
        self._dialog = None


class Interrupts(QObject):
    """Ctrl-C in the terminal ends the window: Python runs no handler while Qt waits, so a socket wakes Qt."""

    def __init__(self) -> None:
        super().__init__()
        self._read, self._write = socket.socketpair()
        self._read.setblocking(False)
        self._write.setblocking(False)
        self._before = signal.set_wakeup_fd(self._write.fileno(), warn_on_full_buffer=False)
        self._handlers = {s: signal.signal(s, lambda *_: None) for s in (signal.SIGINT, signal.SIGTERM)}
        self._notifier = QSocketNotifier(self._read.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._woken)

    def close(self) -> None:
        """Put everything back."""
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._before)
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        self._read.close()
        self._write.close()

    def _woken(self) -> None:
        numbers = self._read.recv(64)
        if any(number in (signal.SIGINT, signal.SIGTERM) for number in numbers):
            QCoreApplication.exit(0)  # quit() would ask the window first, and a call makes it refuse


class Windows(QObject):
    """The one window, built anew when the size of its text is changed."""

    def __init__(self, api: Api, theme: Theme, tasks: Tasks, faults: Faults) -> None:
        super().__init__()
        self._api, self._theme, self._tasks, self._faults = api, theme, tasks, faults
        self._before: list[MainWindow] = []
        """Hidden; what was under way in them still comes back to them."""
        self.window = self._open()

    def _open(self) -> MainWindow:
        window = MainWindow(self._api, self._theme, self._tasks)
        window.text_size_chosen.connect(self._rebuild, Qt.ConnectionType.QueuedConnection)
        self._faults.parent_widget = window
        window.show()
        return window

    def _rebuild(self, percent: int) -> None:
        """Queued: the old window is in the middle of telling."""
        scale = wanted_scale(percent)
        before = self.window
        if scale == self._theme.scale or before.calling:
            return
        self._theme.set_scale(scale)
        settings = before.keeper.settings
        self.window = self._open()
        self.window.take_over(before)
        # What was changed a moment ago is still on its way to the file.
        self.window.keeper.settings = settings
        self.window.open_settings()
        self.window.settings.show_settings()
        self.window.settings.text_size.setFocus(Qt.FocusReason.OtherFocusReason)
        before.shut()
        self._before.append(before)


def _to_log(kind: QtMsgType, _: QMessageLogContext, message: str) -> None:
    log.log(LEVELS.get(kind, logging.WARNING), "Qt: %s", message)


def run(api: Api) -> int:
    """Open the window and return when it is closed; the exit code. Main thread only. The caller closes `api`.

    Raises NoDisplay. Ctrl-C and SIGTERM close the window without asking; a call that was going on stays resumable.
    """
    check_display()
    QCoreApplication.setApplicationName("HireFlow Voice")
    QGuiApplication.setDesktopFileName("hireflow-voice")
    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication(sys.argv[:1])
    hooks = sys.excepthook, threading.excepthook, qInstallMessageHandler(_to_log)
    theme = Theme(app, api.settings.appearance, wanted_scale(api.settings.text_size))
    app.setWindowIcon(QIcon(QPixmap.fromImage(theme.icons.image("audio-lines", 64, theme.colour("accent")))))
    threads = Threads(held=True)
    tasks = Tasks(threads)
    faults = Faults(theme)
    faults.install()
    tasks.bug.connect(faults.bug)
    interrupts = Interrupts()
    windows = Windows(api, theme, tasks, faults)
    # After the first paint: what fills the page loads modules and warming starts a process, which would hold it up.
    QTimer.singleShot(0, threads.begin)
    QTimer.singleShot(0, api.warm)
    QTimer.singleShot(BUILD_REST_MS, lambda: windows.window.build_rest())
    try:
        return app.exec()
    finally:
        windows.window.shut()
        tasks.close()
        threads.close()
        interrupts.close()
        sys.excepthook, threading.excepthook = hooks[0], hooks[1]
        qInstallMessageHandler(hooks[2])
