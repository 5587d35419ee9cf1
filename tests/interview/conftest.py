"""A telephone without sound: drives an interview on a simulated clock and checks every action against the rules."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest

from hireflow_voice.interview import Interview, phrases
from hireflow_voice.interview.actions import (
    Action,
    FindCoverage,
    Finish,
    Listen,
    Manner,
    Say,
    Settle,
    StopListening,
    StopSpeaking,
)
from hireflow_voice.interview.inputs import (
    CoverageReady,
    Held,
    Input,
    Interrupted,
    Paused,
    PickedUp,
    PlaybackEnded,
    Resumed,
    SpeechStarted,
    Tick,
    TurnEnded,
    Unheld,
    Wish,
    Wished,
)
from hireflow_voice.interview.plan import CallPlan, Fact, PlannedPoint, PlannedQuestion, Probe


def make_question(name: str, points: int = 3, **changes: object) -> PlannedQuestion:
    """Points a, b, c ... of falling weight, each with two probes and an easier one."""
    ids = "abcdefgh"[:points]
    fields: dict[str, object] = {
        "id": name,
        "text": f"How would you build the {name}?",
        "rephrased": f"Imagine you own the {name}. What would it be made of?",
        "hint": f"Think of what the {name} has to remember.",
        "points": tuple(
            PlannedPoint(
                point,
                float(points - place),
                (
                    Probe(f"What about {name} {point}?", "depth"),
                    Probe(f"What if {name} {point} fails?", "failure"),
                    Probe(f"Simply put, where is {name} {point}?", "easier"),
                ),
            )
            for place, point in enumerate(ids)
        ),
    }
    return PlannedQuestion(**{**fields, **changes})  # type: ignore[arg-type]


def make_plan(questions: int = 3, **changes: object) -> CallPlan:
    names = ("limiter", "cache", "queue", "proxy", "resolver", "ledger", "index", "gateway")[:questions]
    fields: dict[str, object] = {
        "company": "Cloudflare",
        "role": "Backend Developer",
        "round": "technical phone interview",
        "interviewer": "Joe",
        "candidate": "Ada",
        "length_s": 900.0,
        "closing_s": 150.0,
        "questions": tuple(make_question(name) for name in names),
        "facts": (
            Fact(("remote", "office", "hybrid"), "Most teams are hybrid."),
            Fact(("on-call", "pager"), "Every team runs its own rota."),
            Fact(("team",), "The team has eight people."),
        ),
    }
    return CallPlan(**{**fields, **changes})  # type: ignore[arg-type]


PRAISE = {"great", "good", "excellent", "perfect", "nice", "right", "correct", "wrong", "well", "exactly", "bad"}


@dataclass
class Watch:
    """What holds in every call, whatever happens. `before` sees each input, `after` each action."""

    plan: CallPlan
    speaking: int | None = None
    stopping: bool = False
    utterance: int = 0
    open: int | None = None
    closing: bool = False
    turn: int = 0
    covering: int | None = None
    asked: list[str] = field(default_factory=list)
    follow_ups: dict[str, int] = field(default_factory=dict)
    stages: dict[str, int] = field(default_factory=dict)
    """How many stages of a question were begun."""
    hints: dict[str, int] = field(default_factory=dict)
    probes: set[str] = field(default_factory=set)
    written: dict[str, set[str]] = field(default_factory=dict)
    """Key point -> follow-ups that were written for it."""
    critiques: set[str] = field(default_factory=set)
    """Sentences of a coach that were made for an answer."""
    apology: str = ""
    finished: bool = False
    ended: int | None = None
    """Turn that has ended and may still go on, as long as it is not settled."""
    kept: dict[str, object] = field(default_factory=dict)
    """What was true before it ended."""
    on_hold: bool = False
    held_at: float = 0.0

    def __post_init__(self) -> None:
        self.phrases = set(phrases.all_phrases(self.plan))
        self.questions = {q.id: q for q in self.plan.questions}

    @property
    def may_be_said(self) -> set[str]:
        """What is known before the call, and what was written in it."""
        return self.phrases.union(self.critiques, *self.written.values())

    def before(self, event: Input) -> None:
        if isinstance(event, Unheld | Resumed):
            self.on_hold = False
        if isinstance(event, Resumed):
            self.speaking = self.open = self.covering = self.ended = None
            self.stopping = self.closing = False
        elif isinstance(event, PlaybackEnded) and event.utterance == self.speaking:
            self.speaking, self.stopping = None, False
        elif isinstance(event, TurnEnded) and event.turn == self.open:
            self.ended, self.open, self.closing = self.open, None, False
            self.kept = copy.deepcopy({name: getattr(self, name) for name in self.GOES_BACK})
        elif isinstance(event, Interrupted):
            self.closing = False  # if it is not, `check` says so
        elif isinstance(event, CoverageReady):
            if event.turn == self.covering:
                self.covering = None
            if event.written is not None:
                self.written.setdefault(event.written[0], set()).add(event.written[1])
            if event.critique is not None:
                self.critiques.update(event.critique)

    GOES_BACK = ("asked", "follow_ups", "stages", "hints", "probes", "apology")

    def check(self, interview: Interview) -> None:
        """After every input."""
        if self.on_hold:
            assert interview.on_hold or interview.finished
            assert interview.now == self.held_at, "the clock ran on hold"
        self.on_hold, self.held_at = interview.on_hold, interview.now
        if interview.on_hold:
            assert interview.due is None
        if self.ended is not None and interview.open_turn == self.ended:
            self.go_on()
        self.closing = interview._floor.ear.open and interview._floor.ear.why is not None

    def go_on(self) -> None:
        """The candidate goes on with the turn that had ended: as if it had not."""
        for name, value in self.kept.items():
            setattr(self, name, value)
        self.open, self.ended, self.covering = self.ended, None, None

    def after(self, action: Action, now: float) -> None:
        assert not self.finished, f"{action} after Finish"
        assert not (self.on_hold and isinstance(action, Say | Listen)), "on hold"
        match action:
            case Say():
                self.say(action, now)
            case StopSpeaking(utterance=utterance):
                assert utterance == self.speaking
                assert not self.stopping
                self.stopping = True
            case Listen(turn=turn):
                assert self.speaking is None, "a turn opened while the interviewer speaks"
                assert not self.closing
                if self.open is None and turn == self.ended:
                    self.go_on()
                elif self.open is None:
                    assert turn > self.turn
                    assert self.ended is None, "a turn opened while the last one could still go on"
                else:
                    assert turn == self.open, "a second turn opened"
                self.open = self.turn = turn
                assert action.asked in self.may_be_said
            case StopListening(turn=turn):
                assert turn == self.open
                assert not self.closing, "a turn closed twice"
                self.closing = True
            case FindCoverage(turn=turn, question=question):
                assert self.open is None
                assert turn == self.turn
                assert question == self.asked[-1]
                self.covering = turn
            case Settle(turn=turn):
                assert turn == self.ended, "settled twice, or before it ended"
                self.ended = None
            case Finish():
                assert self.ended is None, "a turn was left open"
                self.finished = True

    def say(self, say: Say, now: float) -> None:
        assert self.speaking is None, "two utterances at once"
        assert say.utterance > self.utterance
        self.speaking = self.utterance = say.utterance
        assert say.text in self.may_be_said, f"{say.text!r} could not have been spoken ahead"
        end = self.plan.length_s - self.plan.closing_s
        if say.manner is Manner.QUESTION:
            assert say.question not in self.asked
            assert say.question == self.plan.questions[len(self.asked)].id, "questions out of order"
            assert not self.asked or now <= end, "a question began after its time"
            self.asked.append(say.question)
        if say.manner is Manner.STAGE:
            assert say.question == self.asked[-1]
            begun = self.stages.get(say.question, 0)
            stages = self.questions[say.question].stages
            assert say.text == stages[begun].ask, "stages out of order"
            assert not begun or now <= end, "a stage began after its time"
            self.stages[say.question] = begun + 1
        if say.manner is Manner.FOLLOW_UP:
            assert say.question == self.asked[-1]
            assert say.text not in self.probes, "the same probe twice"
            assert now <= end
            question = self.questions[say.question]
            probes = {point.id: point.probes for point in question.points} | {"": question.deeper}
            assert say.text in {probe.text for probe in probes[say.point]} | self.written.get(say.point, set())
            self.probes.add(say.text)
            self.follow_ups[say.question] = self.follow_ups.get(say.question, 0) + 1
            assert self.follow_ups[say.question] <= self.plan.follow_ups * max(1, len(question.stages))
            if question.stages and say.point:
                assert say.point in question.stages[self.stages[say.question] - 1].points, "about another stage"
        if say.manner is Manner.HINT:
            self.hints[say.question] = self.hints.get(say.question, 0) + 1
            assert self.hints[say.question] == 1
        if say.manner is Manner.ACKNOWLEDGE:
            assert len(say.text.split()) <= 5
            assert not PRAISE & {word.strip(".,!").lower() for word in say.text.replace("All right", "").split()}
        if say.manner is Manner.NOT_HEARD:
            assert say.text != self.apology
        if say.manner in (Manner.NOT_HEARD, Manner.QUESTION, Manner.FOLLOW_UP):
            self.apology = say.text


class Phone:
    """The driver of the tests. The interviewer needs 0.06 s a character; coverage is known at once."""

    def __init__(self, plan: CallPlan | None = None) -> None:
        self.plan = plan or make_plan()
        self.interview = Interview(self.plan)
        self.watch = Watch(self.plan)
        self.now = 0.0
        self.inputs: list[Input] = []
        self.actions: list[Action] = []
        self.coverage: dict[str, float] | None = {}
        """What `CoverageReady` says; None: nothing answers `FindCoverage`."""
        self.written: tuple[str, str] | None = None
        self.critique: tuple[str, str] | None = None
        self.half_said = ""
        """What the candidate has said when the interviewer closes the turn."""

    def send(self, event: Input) -> tuple[Action, ...]:
        """One input; the interviewer's own closing of a turn and the coverage are answered at once."""
        self.inputs.append(event)
        self.watch.before(event)
        actions = self.interview.handle(event)
        for action in actions:
            self.watch.after(action, self.interview.now)
        self.watch.check(self.interview)
        self.actions += actions
        for action in actions:
            if isinstance(action, StopListening) and not self.interview.finished:
                self.send(TurnEnded(self.now, action.turn, self.half_said))
            elif isinstance(action, FindCoverage) and self.coverage is not None:
                coverage = tuple(self.coverage.items())
                self.send(CoverageReady(self.now, action.turn, coverage, self.written, self.critique))
        return actions

    def pick_up(self) -> Phone:
        self.send(PickedUp(self.now))
        return self.hear()

    def hear(self) -> Phone:
        """Let the interviewer speak until somebody else has to do something."""
        while (utterance := self.interview.speaking) is not None:
            self.now += 0.06 * len(self.said[-1].text)
            self.send(PlaybackEnded(self.now, utterance))
        return self

    def start_to_speak(self) -> None:
        self.now += 1.0
        self.send(SpeechStarted(self.now, self.turn))

    def answer(self, text: str, seconds: float = 20.0, covered: dict[str, float] | None = None) -> Phone:
        """Say this and let the interviewer speak."""
        if covered is not None:
            self.coverage = covered
        self.start_to_speak()
        self.now += seconds
        self.send(TurnEnded(self.now, self.turn, text))
        return self.hear()

    def pause(self, text: str = "") -> tuple[Action, ...]:
        """Fall silent for long enough."""
        self.half_said = text
        return self.send(Paused(self.now, self.turn, text))

    def go_on(self) -> tuple[Action, ...]:
        """Speak on, or over the interviewer."""
        return self.send(Interrupted(self.now))

    def wait(self, seconds: float) -> tuple[Action, ...]:
        """Let time pass; what is being said goes on."""
        self.now += seconds
        return self.send(Tick(self.now))

    def hold(self, seconds: float, *, ends: bool = True) -> tuple[Action, ...]:
        """Put the call on hold and come back; `ends`: what is being said is over meanwhile, cut off or not."""
        self.send(Held(self.now))
        speaking = self.interview.speaking
        if ends and speaking is not None:
            self.send(PlaybackEnded(self.now, speaking))
        self.wait(seconds)
        return self.send(Unheld(self.now))

    def stay_silent(self, seconds: float) -> Phone:
        end = self.now + seconds
        while self.now < end and not self.interview.finished:
            self.now += 1.0
            self.send(Tick(self.now))
            self.hear()
        return self

    def wish(self, wish: Wish) -> Phone:
        self.send(Wished(self.now, wish))
        return self.hear()

    def to_question(self, number: int = 1) -> Phone:
        """From the start to the turn that answers this question."""
        self.pick_up().answer("I build proxies.")
        while self.interview.question_number < number:
            self.answer("That is all there is to it.", covered=dict.fromkeys("abcdefgh", 1.0))
        self.coverage = {}
        return self

    @property
    def turn(self) -> int:
        assert self.interview.open_turn is not None, "nobody is listening"
        return self.interview.open_turn

    @property
    def said(self) -> list[Say]:
        return [action for action in self.actions if isinstance(action, Say)]

    @property
    def listens(self) -> list[Listen]:
        return [action for action in self.actions if isinstance(action, Listen)]

    @property
    def finish(self) -> Finish | None:
        return next((action for action in self.actions if isinstance(action, Finish)), None)

    def manners(self, since: int = 0) -> list[Manner]:
        return [say.manner for say in self.said[since:]]

    def texts(self, *manners: Manner) -> list[str]:
        return [say.text for say in self.said if say.manner in manners]


@dataclass
class Candidate:
    """Someone on the other end: what they say to what they were asked, and how."""

    say: Callable[[random.Random, Listen], str]
    coverage: Callable[[random.Random], float] = lambda rng: rng.random()
    seconds: Callable[[random.Random], float] = lambda rng: rng.uniform(2.0, 90.0)
    speaks: bool = True
    wishes: float = 0.0
    """How likely a key is pressed in a turn or while the interviewer speaks."""
    interrupts: float = 0.0
    """How likely the candidate goes on after a pause, or speaks over the interviewer."""
    holds: float = 0.0
    """How likely the candidate puts the call on hold for a while, in which time goes on elsewhere."""
    critique: tuple[str, str] | None = None
    """What a coach says of every answer."""


def play(plan: CallPlan, candidate: Candidate, seed: int = 0, most_s: float = 4 * 3600.0) -> Phone:
    """A whole call."""
    rng = random.Random(seed)
    phone = Phone(plan)
    phone.critique = candidate.critique
    phone.send(PickedUp(0.0))
    keys = [wish for wish in Wish if wish is not Wish.HANG_UP]
    while not phone.interview.finished and phone.now < most_s:
        question = phone.interview.question_number
        if question:
            phone.coverage = {p.id: candidate.coverage(rng) for p in plan.questions[question - 1].points}
        if rng.random() < candidate.wishes:
            phone.send(Wished(phone.now, rng.choice(keys)))
        if rng.random() < candidate.holds:
            phone.hold(rng.uniform(0.0, 3600.0), ends=rng.random() < 0.7)
        if rng.random() < candidate.interrupts:
            phone.now += rng.uniform(0.0, 3.0)
            phone.go_on()
        if phone.interview.speaking is not None:
            phone.now += 0.06 * len(phone.said[-1].text)
            phone.send(PlaybackEnded(phone.now, phone.interview.speaking))
        elif phone.interview.open_turn is not None:
            if phone.interview._floor.ear.paused_at is not None:
                phone.wait(0.5)
            elif candidate.speaks:
                phone.start_to_speak()
                phone.now += candidate.seconds(rng)
                if phone.interview.open_turn is not None and rng.random() < 0.7:
                    phone.pause(candidate.say(rng, phone.listens[-1]))
                    phone.wait(rng.uniform(0.0, 2.0))
                elif phone.interview.open_turn is not None:
                    phone.send(TurnEnded(phone.now, phone.turn, candidate.say(rng, phone.listens[-1])))
            else:
                phone.now += 1.0
                phone.send(Tick(phone.now))
    return phone


@pytest.fixture
def phone() -> Phone:
    """A call with three questions in fifteen minutes, not picked up yet."""
    return Phone()


@pytest.fixture(scope="session")
def kit() -> SimpleNamespace:
    """The helpers of this folder, for tests that build their own plans."""
    return SimpleNamespace(
        plan=make_plan,
        question=make_question,
        Phone=Phone,
        Watch=Watch,
        Candidate=Candidate,
        play=play,
    )
