"""What holds in every call: candidates of all kinds, and inputs in any order."""

from __future__ import annotations

import json
import random
from dataclasses import is_dataclass, replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from hireflow_voice.interview import Interview, journal, phrases
from hireflow_voice.interview.actions import Finish, Manner, TurnKind
from hireflow_voice.interview.inputs import (
    CoverageFailed,
    CoverageReady,
    Held,
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
from hireflow_voice.interview.plan import CallPlan, Fact, PlannedPoint, PlannedQuestion, PlannedStage, Probe

REPLIES = (
    "A token bucket per client, kept in memory.",
    "I don't know.",
    "Skip.",
    "Could you repeat that?",
    "Can you rephrase the question?",
    "Can I have a hint?",
    "Let me think.",
    "That's it.",
    "How many requests per second?",
    "Yes.",
    "No, that's all.",
    "A counter in Redis. That's my answer, next question please.",
    "Let me think. It is a log. Can I have a hint?",
    "Do you work remotely?",
    "",
    " ... ",
)
HOSTILE = ("x" * 100_000, "skip " * 20_000, "?" * 100_000, "\x00\ud800\u202e" * 30, "'" * 100_000, "i do not know " * 9)


# Whole calls with one kind of candidate


def an_answer(rng, listen):
    if listen.kind is TurnKind.OWN_QUESTION:
        return rng.choice(("How big is the team?", "Is it remote?", "No, that's all."))
    return rng.choice(("We keep a counter per client.", "It fails open, and we alert on it.", "A log with offsets."))


CANDIDATES = {
    "strong": {"say": an_answer, "coverage": lambda rng: rng.uniform(0.7, 1.0)},
    "weak": {"say": an_answer, "coverage": lambda rng: rng.uniform(0.0, 0.4)},
    "keen on keys": {"say": an_answer, "wishes": 0.3},
    "interrupts": {"say": an_answer, "interrupts": 0.3},
    "interrupts and skips": {"say": lambda rng, listen: rng.choice(REPLIES), "interrupts": 0.3, "wishes": 0.2},
    "rambling": {"say": an_answer, "seconds": lambda rng: 600.0},
    "short": {"say": an_answer, "seconds": lambda rng: 1.0},
    "never knows": {"say": lambda rng, listen: "I don't know."},
    "always skips": {"say": lambda rng, listen: "Skip, please."},
    "always thinks": {"say": lambda rng, listen: "Let me think."},
    "hears nothing": {"say": lambda rng, listen: "Could you repeat that?"},
    "wants hints": {"say": lambda rng, listen: "Can I have a hint?"},
    "mumbles": {"say": lambda rng, listen: ""},
    "silent": {"say": an_answer, "speaks": False},
    "hostile": {"say": lambda rng, listen: rng.choice(HOSTILE + REPLIES), "wishes": 0.2},
}


@pytest.mark.parametrize("name", CANDIDATES)
@pytest.mark.parametrize("seed", range(8))
def test_every_candidate_comes_to_an_end_in_time(kit, name, seed):
    candidate = kit.Candidate(**CANDIDATES[name])
    rng = random.Random(seed)
    plan = kit.plan(questions=rng.randint(1, 8), length_s=rng.choice((900.0, 1800.0, 2700.0)))
    phone = kit.play(plan, candidate, seed)
    assert phone.finish == Finish(finished=True)
    assert phone.watch.asked, "one question at least"
    # The longest turn of any of them, a goodbye, and the interviewer's patience with silence.
    assert phone.now < plan.length_s + 600.0 + 180.0
    assert set(phone.texts(Manner.CLOSING)) == {phrases.closing(plan)}


def test_a_strong_candidate_is_asked_everything_and_probed_on_nothing(kit):
    phone = kit.play(kit.plan(), kit.Candidate(**CANDIDATES["strong"]))
    assert len(phone.watch.asked) == 3
    assert phone.texts(Manner.FOLLOW_UP, Manner.HINT) == []


def test_a_weak_candidate_is_probed_on_every_question(kit):
    candidate = kit.Candidate(**{**CANDIDATES["weak"], "seconds": lambda rng: 30.0})
    phone = kit.play(kit.plan(length_s=1800.0), candidate)
    assert phone.watch.follow_ups == {"limiter": 2, "cache": 2, "queue": 2}


def test_a_thousand_calls_hold_the_rules(kit):
    for seed in range(1000):
        rng = random.Random(seed)
        candidate = kit.Candidate(
            say=lambda rng, listen: rng.choice(REPLIES),
            wishes=rng.choice((0.0, 0.1, 0.5)),
            interrupts=rng.choice((0.0, 0.1, 0.4)),
            holds=rng.choice((0.0, 0.0, 0.2)),
        )
        phone = kit.play(kit.plan(questions=rng.randint(0, 5)), candidate, seed, most_s=1e6)
        assert phone.finish == Finish(finished=True)


def test_key_points_are_never_named(kit):
    for name in ("strong", "weak", "never knows"):
        plan = kit.plan()
        questions = tuple(
            replace(q, points=tuple(replace(p, id=f"secret-{p.id}") for p in q.points)) for q in plan.questions
        )
        phone = kit.play(replace(plan, questions=questions), kit.Candidate(**CANDIDATES[name]))
        assert phone.finish
        assert not any("secret" in say.text for say in phone.said)


# Inputs in any order


def drawn_plan():
    words = st.sampled_from(["", " ", "What about it?", "Say more.", "And then?", "Why?"])
    probe = st.builds(Probe, words, st.sampled_from(["depth", "failure", "easier"]))
    number = st.floats(0, 5) | st.just(float("nan"))
    point = st.builds(PlannedPoint, st.sampled_from("abcd"), number, st.lists(probe, max_size=3).map(tuple))

    def questions(pointss):
        return tuple(
            PlannedQuestion(
                f"q{n}",
                f"Question {n}?",
                rephrased,
                hint,
                _unique(points, n),
                (Probe(f"Deeper {n}?", "depth"),) * deeper,
                tuple(PlannedStage(f"s{k}", f"Stage {k} of {n}?", tuple("abcd"[k::stages])) for k in range(stages)),
            )
            for n, (points, rephrased, hint, deeper, stages) in enumerate(pointss)
        )

    return st.builds(
        CallPlan,
        company=st.just("Cloudflare"),
        role=st.just("Backend Developer"),
        round=st.sampled_from(["technical-phone", "Recruiter screen", "", "CTO round"]),
        interviewer=st.sampled_from(["Joe", ""]),
        candidate=st.sampled_from(["Ada", "", "  "]),
        length_s=st.sampled_from([0.0, 30.0, 200.0, 900.0]),
        closing_s=st.sampled_from([0.0, 20.0, 150.0, 1000.0]),
        follow_ups=st.integers(0, 3),
        facts=st.just((Fact(("remote",), "Most teams are hybrid."), Fact((), "Nobody asks for this."))),
        questions=st.lists(
            st.tuples(st.lists(point, max_size=4), words, words, st.integers(0, 1), st.sampled_from([0, 0, 1, 3])),
            max_size=4,
        ).map(questions),
    )


def _unique(points, question):
    """Ids are unique in a question, texts in a call, as a bank guarantees (blank ones stay blank)."""
    seen = {}
    for point in points:
        probes = tuple(
            Probe(f"{p.text} {question}{point.id}{place}" if p.text.strip() else p.text, p.kind)
            for place, p in enumerate(point.probes)
        )
        seen.setdefault(point.id, PlannedPoint(point.id, point.weight, probes))
    return tuple(seen.values())


def state_of(interview):
    """All that decides what comes next."""
    state = {
        name: value for name, value in vars(interview).items() if is_dataclass(value) or not hasattr(value, "over")
    }
    state["_floor"].out = []
    return repr(state)


class AnyCall(RuleBasedStateMachine):
    """Fresh and stale inputs in any order, with a second machine beside it that was rebuilt from the journal."""

    @initialize(plan=drawn_plan())
    def dial(self, plan):
        self.plan = plan
        self.interview = Interview(plan)
        self.shadow = None
        self.watch = self.Watch(plan)
        self.inputs = []
        self.now = 0.0
        self.backwards = False

    def send(self, event):
        self.inputs.append(event)
        self.watch.before(event)
        before = (self.interview.now, self.watch.utterance, self.watch.turn)
        actions = self.interview.handle(event)
        for action in actions:
            self.watch.after(action, self.interview.now)
        self.watch.check(self.interview)
        due = self.interview.due
        assert due is None or due >= self.interview.now + self.interview._offset - 1e-6, "nobody would notice"
        assert self.interview.now >= before[0]
        assert self.interview.finished is self.watch.finished
        if not self.watch.finished:
            assert self.interview.open_turn == self.watch.open
            assert self.interview.speaking == self.watch.speaking
        assert self.interview.question_number == len(self.watch.asked)
        if self.shadow is not None:
            assert self.shadow.handle(event) == actions
            assert state_of(self.shadow) == state_of(self.interview)

    @rule(seconds=st.sampled_from([0.0, 0.3, 1.0, 9.0, 30.0, 200.0]))
    def time_passes(self, seconds):
        self.now += seconds
        self.send(Tick(self.now))

    @rule(now=st.floats(allow_nan=True) | st.floats(0, 100))
    def the_clock_is_wrong(self, now):
        self.backwards = True
        self.send(Tick(now))

    @rule()
    def the_candidate_puts_it_on_hold(self):
        self.send(Held(self.now))

    @rule(seconds=st.sampled_from([0.0, 5.0, 3600.0]))
    def the_candidate_is_back(self, seconds):
        self.now += seconds
        self.send(Unheld(self.now))
        waits = self.interview.open_turn is not None and not self.watch.closing
        assert not self.interview.on_hold
        assert not waits or self.interview.speaking is not None or self.interview.due is not None or self.heard()

    def heard(self):
        return self.interview._floor.ear.heard

    @rule()
    def pick_up(self):
        self.send(PickedUp(self.now))

    @rule(stale=st.integers(-3, 1))
    def an_utterance_ends(self, stale):
        self.now += 2.0
        self.send(PlaybackEnded(self.now, self.watch.utterance + min(stale, 0) if stale < 1 else 10**9))

    @precondition(lambda self: self.watch.speaking is not None)
    @rule()
    def the_interviewer_finishes(self):
        while self.watch.speaking is not None:
            self.now += 2.0
            self.send(PlaybackEnded(self.now, self.watch.speaking))

    @rule(stale=st.sampled_from([0, 0, 0, -1, 1]))
    def speech(self, stale):
        self.send(SpeechStarted(self.now, self.watch.turn + stale))

    @rule(stale=st.sampled_from([0, 0, 0, -1, 1]), text=st.sampled_from(REPLIES) | st.sampled_from(HOSTILE))
    def a_pause(self, stale, text):
        self.send(Paused(self.now, self.watch.turn + stale, text))

    @rule(seconds=st.sampled_from([0.0, 0.5, 3.0, 10.0]))
    def the_candidate_interrupts(self, seconds):
        self.now += seconds
        self.send(Interrupted(self.now))

    @rule(
        stale=st.sampled_from([0, 0, 0, 0, -1, 1]),
        closed=st.booleans(),
        text=st.sampled_from(REPLIES) | st.sampled_from(HOSTILE) | st.text(max_size=60),
        seconds=st.sampled_from([0.0, 5.0, 60.0, 600.0]),
    )
    def a_turn_ends(self, stale, text, seconds, closed):
        self.now += seconds
        self.send(TurnEnded(self.now, self.watch.turn + stale, text, closed))

    @rule(
        stale=st.sampled_from([0, 0, 0, -1]),
        coverage=st.lists(st.tuples(st.sampled_from("abcdx"), st.floats(0, 1) | st.floats()), max_size=5).map(tuple),
        written=st.none()
        | st.tuples(st.sampled_from("abcdx"), st.sampled_from(["And then?", "What else is there?", " "])),
    )
    def coverage_comes(self, stale, coverage, written):
        self.send(CoverageReady(self.now, self.watch.turn + stale, coverage, written))

    @rule(stale=st.sampled_from([0, -1]))
    def coverage_fails(self, stale):
        self.send(CoverageFailed(self.now, self.watch.turn + stale))

    @rule(wish=st.sampled_from([wish for wish in Wish if wish is not Wish.HANG_UP]))
    def wish(self, wish):
        self.send(Wished(self.now, wish))

    @precondition(lambda self: len(self.watch.asked) > 1)
    @rule()
    def hang_up(self):
        self.send(Wished(self.now, Wish.HANG_UP))
        assert self.interview.finished

    @precondition(lambda self: self.watch.open is not None)
    @rule(text=st.sampled_from(REPLIES), covered=st.floats(0, 1))
    def somebody_looks_ahead(self, text, covered):
        before = state_of(self.interview)
        texts = self.interview.foresee(text, tuple((point, covered) for point in "abcd"))
        assert state_of(self.interview) == before, "looking ahead changes nothing"
        assert set(texts) <= self.watch.phrases

    @rule(clock=st.sampled_from([0.0, 1.0, 1e6]))
    def break_off_and_resume(self, clock):
        lines = [json.dumps(journal.to_json(event)) for event in self.kept()]
        self.inputs = [journal.from_json(json.loads(line)) for line in lines]
        self.interview = journal.replay(self.plan, self.inputs)
        self.shadow = None
        # What a Tick of the last moment began to say was never journalled: its number is free again.
        self.watch.utterance = self.interview._floor.utterance
        self.now = self.now * clock
        self.send(Resumed(self.now))

    def kept(self):
        """The journal: without Ticks, except where a clock ran backwards, which only Ticks can tell."""
        return [event for event in self.inputs if self.backwards or not isinstance(event, Tick)]

    @rule()
    def rebuild_beside(self):
        self.shadow = journal.replay(self.plan, self.kept())
        self.shadow.handle(Tick(self.now))
        self.send(Tick(self.now))
        assert state_of(self.shadow) == state_of(self.interview)


def test_no_order_of_inputs_breaks_a_rule(kit):
    class Watched(AnyCall):
        Watch = kit.Watch

    case = Watched.TestCase()
    case.settings = settings(max_examples=50, stateful_step_count=50, deadline=None)
    case.runTest()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), seed=st.integers(0, 2**32))
def test_a_machine_rebuilt_in_the_middle_of_a_call_goes_on_the_same(kit, data, seed):
    candidate = kit.Candidate(
        say=lambda rng, listen: rng.choice(REPLIES),
        wishes=0.2,
        interrupts=0.2,
        speaks=seed % 5 > 0,
        holds=seed % 3 * 0.1,
    )
    phone = kit.play(kit.plan(), candidate, seed, most_s=1e6)
    cut = data.draw(st.integers(0, len(phone.inputs)))
    past, future = phone.inputs[:cut], phone.inputs[cut:]
    one, other = journal.replay(phone.plan, past), journal.replay(phone.plan, past)
    bare = journal.replay(phone.plan, [event for event in past if not isinstance(event, Tick)])
    if past:
        # In the caller's time, which a break has moved against the call's own.
        bare.handle(Tick(past[-1].now))
    for event in future:
        assert one.handle(event) == other.handle(event) == bare.handle(event)
    assert (one.finished, one.now) == (bare.finished, bare.now)
