"""The window: a quiet bar at the top, the pages below, and the call's way between them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QSettings, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from hireflow_voice import paths
from hireflow_voice.app.api import Api, CallOptions, LiveCall
from hireflow_voice.errors import HireFlowError, NotFound
from hireflow_voice.events import CallEnded, CallEvent, CallSaved, Judged, Press
from hireflow_voice.records import CallFile, CallRecord
from hireflow_voice.ui.bridge import Bridge
from hireflow_voice.ui.keeper import Keeper
from hireflow_voice.ui.pages.home import HomePage
from hireflow_voice.ui.ready import Ready
from hireflow_voice.ui.tasks import Tasks
from hireflow_voice.ui.theme import SMALLEST, Theme, Type
from hireflow_voice.ui.widgets.banner import Glyph
from hireflow_voice.ui.widgets.basics import Label, centred
from hireflow_voice.ui.widgets.buttons import Button, Kind
from hireflow_voice.ui.widgets.dialogs import Ask
from hireflow_voice.ui.widgets.page import NARROW

if TYPE_CHECKING:
    from hireflow_voice.ui.pages.call import CallPage
    from hireflow_voice.ui.pages.progress import ProgressPage
    from hireflow_voice.ui.pages.review import ReviewPage
    from hireflow_voice.ui.pages.settings import SettingsPage

USUAL = (1000, 720)
NAMED = 600
"""Width of the bar with room for the program's name."""
RETAKE_MINUTES = 6.0
"""Of a call in which one question is answered again."""


class TopBar(QWidget):
    """Where the user is and can go; out of sight during a call."""

    home = Signal()
    progress = Signal()
    settings = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.to_home = Button(theme, "Home", "phone", Kind.GHOST, "Alt+1", height=40)
        self.to_progress = Button(theme, "Progress", "chart-line", Kind.GHOST, "Alt+2", height=40)
        self.to_settings = Button(theme, "Settings", "settings", Kind.GHOST, "Alt+3", height=40)
        self.to_home.clicked.connect(self.home)
        self.to_progress.clicked.connect(self.progress)
        self.to_settings.clicked.connect(self.settings)
        self._px = theme.px
        self.name = Label(theme, "HireFlow Voice", Type.STRONG)
        self._whole = whole = QHBoxLayout(self)
        content = QWidget()
        whole.addLayout(centred(theme, content))
        line = QHBoxLayout(content)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.px(4))
        line.addWidget(Glyph(theme, "audio-lines", "accent", 22))
        line.addSpacing(theme.px(6))
        line.addWidget(self.name)
        line.addStretch(1)
        line.addWidget(self.to_home)
        line.addWidget(self.to_progress)
        line.addWidget(self.to_settings)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        buttons = (self.to_home, self.to_progress, self.to_settings)
        return QSize(sum(b.sizeHint().width() for b in buttons), super().minimumSizeHint().height())

    def _fit(self) -> None:
        """In a narrow window only what leads somewhere."""
        narrow = self.width() < self._px(NAMED)
        self.name.setVisible(not narrow)
        side = self._px(NARROW if narrow else 32)
        self._whole.setContentsMargins(side, self._px(12), side, self._px(4))

    def show_place(self, place: QWidget | None) -> None:
        """Mark where the user is."""
        for button in (self.to_home, self.to_progress, self.to_settings):
            button.set_kind(Kind.HERE if button is place else Kind.GHOST)


class MainWindow(QMainWindow):
    """Owns the pages and one call at a time. Everything slow goes through `tasks`."""

    text_size_chosen = Signal(int)
    """Percent, 0: as the desktop. The pages have the sizes they were built with: this window must be built anew."""

    def __init__(self, api: Api, theme: Theme, tasks: Tasks) -> None:
        super().__init__()
        self._api, self._theme, self._tasks = api, theme, tasks
        self._live: LiveCall | None = None
        self._calling = False
        self._leaving = False
        self._number = 0
        self._retake: tuple[str, str] | None = None
        """Call and question, while a question is answered again."""
        self._being_judged: set[str] = set()
        self.keeper = Keeper(api, tasks)
        self.ready = Ready(api, tasks)
        self.bar = TopBar(theme)
        self.home = HomePage(api, theme, tasks, self.keeper, self.ready)
        # Built when they are first opened: the window must be on screen before.
        self._call: CallPage | None = None
        self._review: ReviewPage | None = None
        self.progress: ProgressPage | None = None
        self._settings: SettingsPage | None = None
        self.pages = QStackedWidget()
        self.home.setAccessibleName("Home")
        self.pages.addWidget(self.home)
        middle = QWidget()
        pile = QVBoxLayout(middle)
        pile.setContentsMargins(0, 0, 0, 0)
        pile.setSpacing(0)
        pile.addWidget(self.bar)
        pile.addWidget(self.pages, 1)
        self.setCentralWidget(middle)
        self.setWindowTitle("HireFlow Voice")
        self.setMinimumSize(*SMALLEST)
        self._connect()
        self._restore()
        self.open_home()
        self._expire()

    def _connect(self) -> None:
        self.bar.home.connect(self.open_home)
        self.bar.progress.connect(self.open_progress)
        self.bar.settings.connect(self.open_settings)
        self.home.start_requested.connect(self.start)
        self.home.resume_requested.connect(self.resume)
        self.home.review_requested.connect(self.open_review)
        self.home.open_file.clicked.connect(self.open_file)
        self.home.settings_requested.connect(self.open_settings)
        self.home.judge_requested.connect(self._open_judge)
        self.home.being_judged = lambda call: (
            call in self._being_judged or (self._review is not None and self._review.judging(call))
        )
        for keys, slot in (
            ("Alt+1", self.open_home),
            ("Alt+2", self.open_progress),
            ("Alt+3", self.open_settings),
            ("Ctrl+Return", self._start_by_key),
            ("Ctrl+Enter", self._start_by_key),
            ("Ctrl+O", self.open_file),
            ("Ctrl+T", self._start_today),
            ("Ctrl+L", self._start_loop),
            ("Ctrl+Q", self.close),
        ):
            QShortcut(QKeySequence(keys), self).activated.connect(slot)

    def _expire(self) -> None:
        """Delete what is older than the settings allow, once a start."""

        def done(gone: tuple[str, ...]) -> None:
            if gone:
                self.home.judged()

        if self.keeper.settings.keep_days:
            self._tasks.run(self._api.expire, done, self.home.banner.error)

    def open_home(self) -> None:
        """The first page; not while a call is going on."""
        if not self._calling:
            self._go(self.home, self.bar.to_home)
            self.home.lead_focus()

    def open_progress(self) -> None:
        """What the calls add up to; not while a call is going on."""
        if self._calling:
            return
        if self.progress is None:
            from hireflow_voice.ui.pages.progress import ProgressPage

            self.progress = ProgressPage(self._api, self._theme, self._tasks)
            self.progress.setAccessibleName("Progress")
            self.progress.practise_requested.connect(self.home.start_planned)
            self.progress.home_requested.connect(self.open_home)
            self.pages.addWidget(self.progress)
        self._go(self.progress, self.bar.to_progress)

    def build_rest(self) -> None:
        """Build what a press will soon ask for, when the window has been on screen for a moment.

        Not during a call: it takes a fifth of a second in which nothing moves."""
        if self._calling:
            return
        for page in (self.call, self.review):
            page.ensurePolished()

    @property
    def call(self) -> CallPage:
        """The page of a call."""
        if self._call is None:
            from hireflow_voice.ui.pages.call import CallPage

            page = self._call = CallPage(self._theme, self.keeper)
            page.setAccessibleName("Call")
            page.ended.connect(self._gave_up)
            page.devices_asked.connect(lambda: self._tasks.run(self._api.devices, page.show_devices, page.banner.error))
            page.notes.kept.connect(self._keep_notes)
            self.pages.addWidget(page)
        return self._call

    @property
    def review(self) -> ReviewPage:
        """The page of a review."""
        if self._review is None:
            from hireflow_voice.ui.pages.review import ReviewPage

            page = self._review = ReviewPage(self._api, self._theme, self._tasks)
            page.setAccessibleName("Review")
            page.judged.connect(self.home.judged)
            page.retake_asked.connect(self.retake)
            self.pages.addWidget(page)
        return self._review

    @property
    def settings(self) -> SettingsPage:
        """The settings page."""
        if self._settings is None:
            from hireflow_voice.ui.pages.settings import SettingsPage

            page = self._settings = SettingsPage(self._api, self._theme, self._tasks, self.keeper, self.ready)
            page.setAccessibleName("Settings")
            page.appearance_chosen.connect(self._theme.set_appearance)
            page.text_size_chosen.connect(self.text_size_chosen)
            page.plan_asked.connect(self.home.today.open_plan)
            page.privacy.deleted.connect(self.home.judged)
            self.pages.addWidget(page)
        return self._settings

    def open_settings(self) -> None:
        """The settings; not while a call is going on."""
        if not self._calling:
            self.settings.keys.show_pages(self._keys())
            self._go(self.settings, self.bar.to_settings)

    def _open_judge(self) -> None:
        self.open_settings()
        self.settings.show_judge()

    def _keys(self) -> list[tuple[str, tuple[tuple[str, str], ...]]]:
        from hireflow_voice.ui.pages.settings_keys import WITH_A_CALL, WITH_A_QUESTION, keys_of

        review = dict(keys_of(self.review)) | dict(WITH_A_QUESTION)
        return [
            ("Everywhere but in a call", (*keys_of(self.bar), ("Ctrl+Q", "Close"))),
            ("Home", (*keys_of(self.home), *WITH_A_CALL)),
            ("Call", keys_of(self.call)),
            ("Review", tuple(review.items())),
        ]

    def open_review(self, call: str, question: str = "") -> None:
        """The review of one call, at one of its questions; it says so while the judge still writes."""
        self._go(self.review, None)
        self.review.open(call, writing=call in self._being_judged, question=question)
        self.review.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def start(self, options: CallOptions) -> None:
        """Dial."""
        info = self.home.card.info_of(options.company, options.round)
        self._remember()
        title = f"{info.company_title} · {info.role} · {info.title}" if info else ""
        bridge = self._begin(title)
        self._run_call(lambda: self._api.start_call(options, bridge.post))

    def ask_file(self) -> str:
        """A path from the file dialog; empty where it was left."""
        return QFileDialog.getOpenFileName(self, "Open a call file", "", "Call files (*.zip)")[0]

    def open_file(self) -> None:
        """Import a call, or a mentor's scores, and show it."""
        if self._calling or not (path := self.ask_file()):
            return
        source = Path(path)
        self._tasks.run(lambda: self._api.import_file(source), self._imported, self._not_imported)

    def _imported(self, imported: tuple[str, CallFile]) -> None:
        self.home.judged()
        if not self._calling:
            self.open_review(imported[0])

    def _not_imported(self, error: HireFlowError) -> None:
        if not self._calling:
            self.open_home()
        self.home.banner.error(error)

    def retake(self, call: str, question: str) -> None:
        """Dial for one question of an earlier call; its review is opened again afterwards."""
        if self._calling:
            return
        bridge = self._begin("One question again")
        self._retake = (call, question)
        options = CallOptions(questions=1, minutes=RETAKE_MINUTES, question_ids=(question,), retake_of=call)
        self._run_call(lambda: self._api.start_call(options, bridge.post))

    def resume(self, call: str) -> None:
        """Go on with a call that was broken off."""
        bridge = self._begin("Going on with your call")
        self._run_call(lambda: self._api.resume_call(call, bridge.post))

    @property
    def calling(self) -> bool:
        """Whether a call is going on."""
        return self._calling

    def take_over(self, before: MainWindow) -> None:
        """Know what another window, which this one replaces, is still told: which calls are being judged."""
        self._being_judged = before._being_judged

    def _set_calling(self, calling: bool) -> None:
        self._calling = calling
        self._theme.hold(calling)

    def _begin(self, title: str) -> Bridge:
        self._number += 1
        number = self._number
        self._live = None
        self._retake = None
        self._set_calling(True)
        # A bridge for each call: events of one that was given up must not reach the next.
        bridge = Bridge(self)
        bridge.happened.connect(lambda event: self._on_event(event, number))
        self.call.begin(title)
        self._go(self.call, None)
        return bridge

    def _run_call(self, dial: Callable[[], LiveCall]) -> None:
        number = self._number
        self._tasks.run(dial, lambda live: self._dialled(live, number), lambda error: self._failed(error, number))

    def _dialled(self, live: LiveCall, number: int) -> None:
        if number != self._number or not self._calling:
            live.post(Press.HANG_UP)
            return
        self._live = live
        self.call.attach(live)
        self._tasks.run(lambda: self._api.call(live.id), self._agreed, self._no_header)

    def _agreed(self, record: CallRecord) -> None:
        if self._live is not None and record.header.id == self._live.id:
            self.call.show_agreed(record.header)
            self.call.notes.show_kept(record.notes)

    def _no_header(self, error: HireFlowError) -> None:
        # A call whose header cannot be read goes on without the name of the interviewer.
        if not isinstance(error, NotFound):
            self.call.banner.error(error)

    def _failed(self, error: HireFlowError, number: int) -> None:
        if number == self._number and self._calling:
            self._set_calling(False)
            self.open_home()
            self.home.banner.error(error)

    def _keep_notes(self, text: str) -> None:
        """Written while the call goes on, in the order in which it was typed."""
        if self._live is not None:
            call = self._live.id
            self._tasks.run(
                lambda: self._api.save_notes(call, text),
                lambda _: self._notes_kept(call),
                self.call.banner.error,
                lane="notes",
            )

    def _notes_kept(self, call: str) -> None:
        if self._review is not None and self._review.call == call and self._review.isVisible():
            self._review.refresh()

    def _gave_up(self) -> None:
        self._set_calling(False)
        self.open_home()

    def _on_event(self, event: CallEvent, number: int) -> None:
        if isinstance(event, Judged | CallSaved):
            self._feedback(event)
        if number != self._number or not self._calling:
            return
        self.call.on_event(event)
        if isinstance(event, CallEnded):
            self._set_calling(False)
            self._live = None
            self._being_judged.add(event.call)
            self.open_review(*(self._retake or (event.call,)))

    def _feedback(self, event: Judged | CallSaved) -> None:
        if isinstance(event, CallSaved):
            self._being_judged.discard(event.call)
            self.home.judged()
        page = self._review
        if page is None:
            return
        if isinstance(event, CallSaved):
            if event.call == page.call:
                page.saved()
            elif page.isVisible():
                page.refresh()  # it may be a retake that is shown there
        elif page.writing:
            page.refresh()

    def _go(self, page: QWidget, place: Button | None) -> None:
        self.bar.setVisible(page is not self._call)
        self.bar.show_place(place)
        self.pages.setCurrentWidget(page)

    def _start_by_key(self) -> None:
        if self.pages.currentWidget() is self.home:
            self.home.start()

    def _start_today(self) -> None:
        if self.pages.currentWidget() is self.home:
            self.home.today.begin()

    def _start_loop(self) -> None:
        if self.pages.currentWidget() is self.home:
            self.home.loop.begin()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """With no focus anywhere the window gets the keys; the page on screen knows them."""
        page = self.pages.currentWidget()
        keyed = next((one for one in (self._call, self._review) if one is not None and one is page), None)
        if keyed is not None and self.focusWidget() is None:
            keyed.keyPressEvent(event)
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._calling and not self._leaving:
            event.ignore()
            Ask.open_for(
                self._theme,
                self,
                "Leave the call?",
                "The call is broken off. What you have said is kept, and Home offers to go on with it.",
                "Leave",
                "Stay on the line",
                self._leave,
            )
            return
        self.ready.cancel()
        if self._call is not None:
            self._call.put_away()
        self._geometry().setValue("geometry", self.saveGeometry())
        self._remember()
        super().closeEvent(event)

    def shut(self) -> None:
        """The program ends: stop a fetch, be quiet, let go of the speaker."""
        self.ready.cancel()
        self.home.example.cancel()
        self.home.writing.stop()
        if self._settings is not None:
            self._settings.privacy.cancel()
            self._settings.models.cancel()
        self.home.line_check.stop()
        if self._call is not None:
            self._call.put_away()
        if self._review is not None:
            self._review.close_players()
        self.hide()

    def _leave(self) -> None:
        self._leaving = True
        self.close()

    def _geometry(self) -> QSettings:
        return QSettings(str(paths.config_dir() / "window.ini"), QSettings.Format.IniFormat)

    def _remember(self) -> None:
        """What was chosen on Home, for the next start."""
        card, kept = self.home.card, self._geometry()
        kept.setValue("company", card.company.value())
        kept.setValue("round", card.round.value())
        kept.setValue("length", card.length.index())
        kept.setValue("mode", card.mode.index())

    def _restore(self) -> None:
        company, round_, *places = (
            str(self._geometry().value(key, "")) for key in ("company", "round", "length", "mode")
        )
        if company and all(place.isdigit() for place in places):
            self.home.card.prefer(company, round_, *(int(place) for place in places))
        kept = self._geometry().value("geometry")
        if not (isinstance(kept, QByteArray) and self.restoreGeometry(kept)):
            room = self.screen().availableSize()
            wanted = QSize(*(self._theme.px(side) for side in USUAL))
            self.resize(wanted.boundedTo(room).expandedTo(QSize(*USUAL)))
