"""What the window and the command line may ask of the application; `application.py` is the one implementation.

Every method may be called from any thread. Those marked "slow" can take seconds and must not be called on Qt's thread.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from hireflow_voice.events import CallCommand, CallEvent
from hireflow_voice.records import CallFile, CallRecord, CallSummary, MentorReview, TakeRecord
from hireflow_voice.settings import Endpoint, Settings
from hireflow_voice.sound import EchoFound

if TYPE_CHECKING:  # they describe calls that can be started, and so stand on this module
    from hireflow_voice.app.loops import LoopStatus
    from hireflow_voice.app.progressing import Progress
    from hireflow_voice.app.today import Today
    from hireflow_voice.progress.history import Filter
    from hireflow_voice.report.debrief import Debrief


@dataclass(frozen=True, slots=True)
class RoundInfo:
    """One round that can be called."""

    company: str
    """Id, also the folder's name."""
    company_title: str
    round: str
    """Id."""
    title: str
    role: str
    questions: int
    """How many the bank holds."""
    lengths: tuple[tuple[int, int], ...] = ((3, 15), (5, 30), (10, 45))
    """(questions, minutes) on offer, the shortest first."""
    noun: str = "question"
    """What one of them is called: a question, a problem, a story."""
    about: str = ""
    """What the company's profile says of it, in a sentence or two."""
    written: int = 0
    """How many more an endpoint's model wrote for the user's job."""


USUAL = ("cloudflare", "technical-phone")
"""Company and round that are offered first, while they are there; nothing else depends on them."""


def usual(rounds: Sequence[RoundInfo], company: str = "") -> RoundInfo | None:
    """The round to offer first, of one company or of all; None when there is none."""
    own = [info for info in rounds if company in ("", info.company)]
    return max(own, key=lambda info: (info.company == USUAL[0], info.round == USUAL[1]), default=None)


@dataclass(frozen=True, slots=True)
class CallOptions:
    """What the user chose on Home."""

    company: str = USUAL[0]
    round: str = USUAL[1]
    questions: int | None = None
    """How many; None: as many as fit."""
    minutes: float | None = None
    """Length of the call; None: the shortest on offer for its round."""
    seed: int | None = None
    """Which questions of the bank are drawn; None: by chance."""
    question_ids: tuple[str, ...] = ()
    """Exactly these, in this order, instead of a draw."""
    coach: bool = False
    """Coach mode: feedback while it goes on, and another try at each answer. Otherwise nothing but the call."""
    loop: str = ""
    """Id of the full loop that the call is a round of."""
    use_material: bool = True
    """Draw oftener what the candidate's job description and résumé are about."""
    written: bool = False
    """Ask first what the endpoint's model wrote for the candidate's job."""
    retake_of: str = ""
    """Id of a call: `question_ids` are questions of it, answered once more and nothing else; company and round are
    those of that call."""


@dataclass(frozen=True, slots=True)
class Readiness:
    """One thing a call needs."""

    name: str
    """Short and stable: "microphone", "speaker", "speech to text", "interviewer's voice", "judge", "questions", ..."""
    ok: bool
    sentence: str
    """What is there, or what is missing and what that means for a call."""
    remedy: str = ""
    """The one command or setting that mends it."""
    needed: bool = True
    """False: a call works without it, less well."""
    mend: str = ""
    """ "models" when the window can mend it by fetching weights, "settings" when on the settings page, else empty."""


@dataclass(frozen=True, slots=True)
class Devices:
    """Names of the sound devices, the default first."""

    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    problem: str = ""
    """A sentence when the sound system cannot be used at all."""


@dataclass(frozen=True, slots=True)
class FetchProgress:
    """How far the weights are."""

    model: str
    """Purpose, as shown."""
    done_bytes: int
    """Of all that was missing when the fetch began."""
    total_bytes: int
    seconds_left: float | None


@dataclass(frozen=True, slots=True)
class MaterialInfo:
    """The candidate's job description and résumé, and what they change."""

    documents: tuple[tuple[str, int], ...]
    """(name, words)."""
    leaning: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """(a question's words, the material's words that ask for it), the most asked for first."""
    writer: str = ""
    """Model and host that can write questions for this round; empty without an endpoint, or where none can be."""
    written: tuple[str, ...] = ()
    """The words of what was written for this round."""


@dataclass(frozen=True, slots=True)
class Writing:
    """What came of having questions written."""

    by: str
    """Model and host."""
    kept: tuple[str, ...]
    """The words of the questions that passed every check."""
    dropped: tuple[tuple[str, str], ...]
    """(what its words begin with, why) of those that did not, after a second try."""


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """One set of weights."""

    id: str
    purpose: str
    title: str
    size: int
    """Bytes on disk."""
    state: str
    """ "installed", "missing" or "damaged"."""
    needed: bool
    """False: a call works without."""


@dataclass(frozen=True, slots=True)
class WordChange:
    """A stretch of a take's text, and what was really said there."""

    start_char: int
    """Offsets in `Transcript.text`."""
    end_char: int
    written: str


@dataclass(frozen=True, slots=True)
class Undo:
    """Take a correction back."""

    number: int
    """Place in `Transcript.by_hand`."""


@dataclass(frozen=True, slots=True)
class VoiceInfo:
    """A voice the interviewer can have."""

    id: str
    title: str


class LiveCall(Protocol):
    """A call that is going on, driven by its own thread."""

    @property
    def id(self) -> str:
        """Id of the call in the store."""
        ...

    def post(self, command: CallCommand) -> None:
        """A key, a button, or a typed answer; returns at once."""
        ...

    def join(self, timeout: float | None = None) -> bool:
        """Wait for `CallSaved`; True when the call's thread is gone."""
        ...


class LineCheck(Protocol):
    """The microphone, tried before a call."""

    def record(self) -> None:
        """Start to keep what is said. Raises NoMicrophone."""
        ...

    def play_back(self, on_end: Callable[[], None]) -> float:
        """Stop recording and play what was kept; seconds of it. `on_end` on another thread. Raises NoSpeaker."""
        ...

    def close(self) -> None:
        """Let go of the devices."""
        ...


class SoundPlayer(Protocol):
    """Plays one take for the review."""

    def load(self, path: Path) -> float:
        """Open a WAV, stopped at 0; its seconds. Raises SoundFileError."""
        ...

    def play(self, from_s: float | None = None, until_s: float | None = None) -> None:
        """Play from a moment (default: where it is) to another (default: the end). Raises NoSpeaker."""
        ...

    def pause(self) -> None: ...

    def seek(self, at_s: float) -> None: ...

    def set_speed(self, speed: float) -> None:
        """0.5 to 4 times as fast at the same pitch; every time stays one of the recording. Raises NoSpeaker."""
        ...

    @property
    def position_s(self) -> float: ...

    @property
    def playing(self) -> bool: ...

    def close(self) -> None: ...


class Api(Protocol):
    """The application as the window and the command line see it."""

    @property
    def settings(self) -> Settings: ...

    def save_settings(self, settings: Settings) -> None:
        """Keep and use from now on. Raises DataFolderUnusable."""
        ...

    def warm(self) -> None:
        """Begin to load the models in the background; returns at once."""
        ...

    def rounds(self) -> tuple[RoundInfo, ...]:
        """Raises QuestionBankError."""
        ...

    def voices(self) -> tuple[VoiceInfo, ...]: ...

    def readiness(self) -> tuple[Readiness, ...]:
        """Slow. Everything a call needs, there or not."""
        ...

    def judge_label(self) -> str:
        """ "on this computer" or the endpoint's host name."""
        ...

    def start_call(self, options: CallOptions, on_event: Callable[[CallEvent], None]) -> LiveCall:
        """Slow. Prepare and dial; events come on the call's thread. Raises MachineError, QuestionBankError."""
        ...

    def resume_call(self, call: str, on_event: Callable[[CallEvent], None]) -> LiveCall:
        """Slow. Go on with a call that was broken off. Raises NotFound, MachineError."""
        ...

    def calls(self) -> tuple[CallSummary, ...]:
        """Newest first."""
        ...

    def call(self, call: str) -> CallRecord:
        """Raises NotFound."""
        ...

    def save_notes(self, call: str, text: str) -> None:
        """Keep what the candidate writes down, at any time; empty text removes it.

        Raises NotFound, InputError, DiskFull, DataFolderUnusable.
        """
        ...

    def keep_call(self, call: str, kept: bool) -> None:
        """Keep a call for ever, or no longer. Raises NotFound, DiskFull, DataFolderUnusable."""
        ...

    def retakes(self, call: str) -> tuple[CallRecord, ...]:
        """Slow. The call a question of which was answered again, where there still is one, and every retake of it,
        oldest first; only the call itself when nothing was. Raises NotFound."""
        ...

    def delete_call(self, call: str) -> None:
        """The recording, its sidecars and every row of it. Raises NotFound."""
        ...

    def sound_of(self, call: str, take: TakeRecord) -> Path | None:
        """The take's WAV, None for a typed answer."""
        ...

    def judge_again(self, call: str, *, cancelled: Callable[[], bool]) -> CallRecord:
        """Slow. Recognise and judge whatever the call left open; once `cancelled`, what was done by then is kept.

        Raises NotFound, MachineError, InputError while the call is open elsewhere.
        """
        ...

    def correct(
        self,
        call: str,
        take: str,
        change: WordChange | Undo,
        on_kept: Callable[[CallRecord], None],
        cancelled: Callable[[], bool],
    ) -> CallRecord:
        """Slow. Put a misheard word right, and have the answer judged again.

        `on_kept` follows on the calling thread when the change is on disk, and with it nothing is judged that was not
        said; once `cancelled` the answer stays "not judged yet". Raises NotFound, MachineError, InputError.
        """
        ...

    def export(
        self, call: str, form: str, *, audio: bool = False, cancelled: Callable[[], bool] = lambda: False
    ) -> str:
        """The report as text; `form` is md, json, html, or print (what `ui.pdf` prints). Raises NotFound.

        Slow with `audio`, which puts the recordings into the HTML; once `cancelled` the rest is left out.
        """
        ...

    def export_file(self, call: str, target: Path, kind: CallFile) -> None:
        """Slow. The whole call, or the scores given here, as one file. Raises NotFound, InputError, DiskFull."""
        ...

    def import_file(self, source: Path) -> tuple[str, CallFile]:
        """Slow. A call, or a mentor's scores, out of a file from anywhere; the call's id, and what it was.

        Nothing is written unless all of it is right. Raises InputError, NotFound.
        """
        ...

    def score(self, call: str, review: MentorReview) -> CallRecord:
        """Keep what a person makes of a call. Raises NotFound, InputError while the call is open elsewhere."""
        ...

    def devices(self) -> Devices:
        """Slow the first time."""
        ...

    def line_check(self, on_level: Callable[[float], None]) -> LineCheck:
        """Open the microphone; `on_level` gets dBFS about 20 times a second on another thread. Raises NoMicrophone."""
        ...

    def measure_echo(self, stopped: Callable[[], bool]) -> EchoFound:
        """Slow: 4.5 s. Play a sound and look for it in the microphone; ends early when `stopped` says so.

        Raises NoMicrophone, NoSpeaker, NoSoundSystem.
        """
        ...

    def player(self) -> SoundPlayer: ...

    def hear_voice(self, voice: str) -> None:
        """Slow. Speak one sentence and return when it has been played.

        Raises NoSpeaker; ModelMissing when no voice can speak; PlainVoice when another one than this was heard.
        """
        ...

    def say(self, text: str, cancelled: Callable[[], bool]) -> None:
        """Slow. Speak `text` in the interviewer's voice; returns when it has been heard, or soon after `cancelled`.

        Raises NoSpeaker; ModelMissing when no voice can speak.
        """
        ...

    def endpoint_key(self) -> str:
        """Where the key is: "environment", "keyring", "this run" or empty."""
        ...

    def set_endpoint_key(self, key: str, keep: bool) -> str:
        """Hold the key; one sentence that says where. `keep` asks for the keyring; without one it is this run only."""
        ...

    def endpoint_models(self, base_url: str) -> tuple[str, ...]:
        """Slow. Names of the models a server has. Raises EndpointError."""
        ...

    def test_endpoint(self, endpoint: Endpoint) -> str:
        """Slow. Ask the server one thing; a sentence about what it can do. Raises EndpointError."""
        ...

    def fetch_models(
        self, on_progress: Callable[[FetchProgress], None], cancelled: Callable[[], bool], ids: Sequence[str] = ()
    ) -> None:
        """Slow. Fetch what a call needs and is missing, or these models; resumes where it was cancelled.

        Raises MachineError, NotFound.
        """
        ...

    def models(self) -> tuple[ModelInfo, ...]:
        """Slow the first time. Every set of weights, there or not."""
        ...

    def verify_models(self, cancelled: Callable[[], bool]) -> tuple[str, ...]:
        """Slow. Read every byte of the weights that are there again; ids of those that are damaged."""
        ...

    def remove_model(self, model: str) -> int:
        """Slow. Remove the weights of a model that no call needs; bytes that are free now.

        Raises InputError when it is needed or weights are being fetched, NotFound, DataFolderUnusable.
        """
        ...

    def today(self) -> Today | None:
        """Slow. What the plan asks for today; None when no interview is set. Raises QuestionBankError."""
        ...

    def start_loop(self, company: str) -> LoopStatus:
        """Slow. Plan every round of a company over days, as one loop. Raises NotFound, DataFolderUnusable."""
        ...

    def loop(self) -> LoopStatus | None:
        """Slow. The newest loop, the call that stands for each round, and the round that is next; None without one."""
        ...

    def debrief(self, form: str) -> str:
        """Slow. All rounds of the newest loop together, as md or json. Raises NotFound when there is none."""
        ...

    def loop_debrief(self) -> Debrief:
        """Slow. The same, as it is shown. Raises NotFound when there is none."""
        ...

    def end_loop(self, loop: str) -> None:
        """Forget a loop; its calls stay. Raises DataFolderUnusable."""
        ...

    def calendar(self) -> bytes:
        """Slow. The plan as an iCalendar file. Raises InputError when no interview is set or it is over."""
        ...

    def make_example(self, on_step: Callable[[str], None], cancelled: Callable[[], bool]) -> str:
        """Slow: a minute or two. Hold a call between the two voices and judge it; its id, "" once `cancelled`.

        `on_step` gets a sentence about how far it is, on another thread. Raises MachineError, NotFound.
        """
        ...

    def progress(self, chosen: Filter) -> Progress:
        """Slow. What the calls so far add up to. Raises QuestionBankError."""
        ...

    def material_info(self, company: str, round_: str) -> MaterialInfo:
        """Slow. What is kept, and what it changes in a round. Raises NotFound, QuestionBankError."""
        ...

    def add_material(self, path: Path) -> None:
        """Slow. Keep the text of a file. Raises InputError, DataFolderUnusable."""
        ...

    def write_questions(
        self,
        document: str,
        company: str,
        round_: str,
        count: int,
        on_step: Callable[[str], None],
        cancelled: Callable[[], bool],
    ) -> Writing:
        """Slow: up to minutes. Have the endpoint's model write questions for a round from one document of the material,
        and keep those that pass the checks of every bank; once `cancelled`, none.

        `on_step` gets a sentence about how far it is, on the calling thread. Raises NotFound, InputError,
        EndpointError, DataFolderUnusable.
        """
        ...

    def forget_written(self, company: str, round_: str) -> None:
        """Delete what was written for a round. Raises DataFolderUnusable."""
        ...

    def remove_material(self, name: str) -> None:
        """Raises NotFound."""
        ...

    def data_folder(self) -> Path:
        """Where calls are kept."""
        ...

    def delete_all(self) -> None:
        """Slow. Every call. Raises InputError when one of them is open; the others are gone then."""
        ...

    def export_all(self, target: Path, on_progress: Callable[[int, int], None], cancelled: Callable[[], bool]) -> int:
        """Slow. Every call in one file; how many. `on_progress(done, total)`. Raises InputError, DiskFull."""
        ...

    def expire(self) -> tuple[str, ...]:
        """Slow. Delete the calls that are older than the settings allow; their ids. Raises DataFolderUnusable."""
        ...

    def close(self) -> None:
        """Slow. End the worker process and the devices."""
        ...
