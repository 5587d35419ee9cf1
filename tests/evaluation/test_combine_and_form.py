"""The best of all takes counts, and the form follows from verdicts by rules alone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hireflow_voice.evaluation.anchors import ANCHORS, CORE, NAMES
from hireflow_voice.evaluation.combine import combine
from hireflow_voice.evaluation.form import Conversation, form
from hireflow_voice.evaluation.rubric import Rubric, RubricPoint
from hireflow_voice.verdict import SIGNALS, Band, Flow, Judgement, PointJudgement, Quote, Signal, Verdict

P = {Verdict.COVERED: 0.9, Verdict.PARTLY: 0.5, Verdict.MISSING: 0.05}
RANK = [Verdict.MISSING, Verdict.PARTLY, Verdict.COVERED]
FED = (Signal.FRAMING, Signal.DEPTH, Signal.TRADE_OFFS, Signal.OPERATIONS)


def rubric(name: str = "q", enough: float = 8.0) -> Rubric:
    points = tuple(RubricPoint(f"{s}-{i}", f"Statement {i} on {s}.", 1.0, s) for s in FED for i in (1, 2))
    return Rubric(name, "Why?", points, enough)


def judged(of: Rubric, *verdicts: Verdict, judge: str = "a judge", flags: tuple[str, ...] = ()) -> Judgement:
    points = tuple(
        PointJudgement(p.id, v, P[v], None if v is Verdict.MISSING else Quote(f"said {p.id}", 0, 5, 0.0, 1.0))
        for p, v in zip(of.points, verdicts, strict=True)
    )
    return Judgement(of.question, judge, points, 0.5, flags)


VERDICTS = st.lists(st.sampled_from(list(Verdict)), min_size=8, max_size=8)


@given(st.lists(VERDICTS, min_size=1, max_size=4))
def test_the_best_verdict_of_all_takes_counts_and_names_its_take(takes: list[list[Verdict]]) -> None:
    q = rubric()
    judgement, where = combine(q, [(f"take-{i}", judged(q, *t)) for i, t in enumerate(takes)])
    for i, point in enumerate(judgement.points):
        best = max((t[i] for t in takes), key=RANK.index)
        assert point.verdict is best
        assert (point.point in where) is (best is not Verdict.MISSING)
        if point.point in where:
            assert takes[int(where[point.point].removeprefix("take-"))][i] is best
    alone = [combine(q, [("x", judged(q, *t))])[0].score or 0 for t in takes]
    assert judgement.score is not None
    assert judgement.score >= max(alone) - 1e-9
    assert 0 <= judgement.score <= 1


def test_a_failed_take_does_not_fail_the_question() -> None:
    q = rubric()
    broken = Judgement("q", "a judge", failed="The server did not answer.")
    judgement, where = combine(q, [("a", broken), ("b", judged(q, *[Verdict.COVERED] * 8, flags=("lists-terms",)))])
    assert judgement.failed == ""
    assert judgement.score == 1
    assert set(where.values()) == {"b"}
    assert judgement.flags == ("lists-terms",)


def test_only_failed_takes_or_none_are_not_judged_yet_and_have_no_score() -> None:
    q = rubric()
    for takes in ([], [("a", Judgement("q", "a judge", failed="The server did not answer."))]):
        judgement, where = combine(q, takes)
        assert judgement.failed
        assert judgement.score is None
        assert where == {}


def test_two_judges_are_both_named() -> None:
    q = rubric()
    missing = [Verdict.MISSING] * 8
    assert (
        combine(q, [("a", judged(q, *missing, judge="one")), ("b", judged(q, *missing, judge="two"))])[0].judge
        == "one, two"
    )


def marks(f: object) -> dict[Signal, int | None]:
    return {m.signal: m.mark for m in f.signals}  # type: ignore[attr-defined]


def one_form(*verdicts: Verdict, enough: float = 8.0, flags: tuple[str, ...] = ()):  # type: ignore[no-untyped-def]
    qs = [rubric("q1", enough), rubric("q2", enough)]
    return form(qs, {q.question: judged(q, *verdicts, flags=flags) for q in qs})


C, PA, M = Verdict.COVERED, Verdict.PARTLY, Verdict.MISSING


def test_everything_covered_is_a_strong_hire_and_nothing_a_strong_no_hire() -> None:
    best, worst = one_form(*[C] * 8), one_form(*[M] * 8)
    assert best.band is Band.STRONG_HIRE
    assert best.next_round is True
    assert worst.band is Band.STRONG_NO_HIRE
    assert worst.next_round is False
    assert all(marks(best)[s] == 4 and marks(worst)[s] == 1 for s in FED)


def test_depth_without_anything_on_failure_is_no_hire() -> None:
    found = one_form(C, C, C, C, C, C, M, M)
    assert found.band is Band.NO_HIRE
    assert marks(found)[Signal.OPERATIONS] == 1
    assert "failure and operations" in found.reason
    assert "Statement" in found.reason


def test_most_of_it_is_a_hire() -> None:
    found = one_form(C, PA, C, PA, PA, PA, PA, M)
    assert found.band is Band.HIRE
    assert found.next_round is True


def test_enough_is_what_the_question_asks_for_not_all_of_its_points() -> None:
    half = (C, M, C, M, C, M, C, M)
    assert one_form(*half, enough=4).band is Band.STRONG_HIRE
    assert one_form(*half, enough=8).band is not Band.STRONG_HIRE


def test_communication_and_curiosity_are_not_marked_without_words_and_say_why() -> None:
    lines = {m.signal: m for m in one_form(*[C] * 8).signals}
    assert set(lines) == {*SIGNALS["technical"], Signal.COMMUNICATION, Signal.CURIOSITY}
    assert lines[Signal.COMMUNICATION].mark is None
    assert "2 answers of 60 words" in lines[Signal.COMMUNICATION].reason
    assert lines[Signal.CURIOSITY].mark is None
    assert "before your own questions" in lines[Signal.CURIOSITY].reason


@pytest.mark.parametrize("flow", SIGNALS)
def test_every_round_has_a_form_of_its_own_lines_with_an_anchor_for_each_mark(flow: Flow) -> None:
    fed = SIGNALS[flow]
    points = tuple(RubricPoint(f"{s}-{i}".replace("_", "-"), f"On {s}, {i}.", 1.0, s) for s in fed for i in (1, 2))
    q = Rubric("q", "Why?", points, len(points))
    for verdict, band in ((C, Band.STRONG_HIRE), (M, Band.STRONG_NO_HIRE)):
        found = form([q], {"q": judged(q, *[verdict] * len(points))}, Conversation(flow))
        assert [m.signal for m in found.signals] == [*fed, Signal.COMMUNICATION, Signal.CURIOSITY]
        assert found.band is band
        for line in found.signals[: len(fed)]:
            assert line.mark is not None
            assert line.reason.startswith(ANCHORS[line.signal][line.mark - 1])
    assert CORE[flow] in fed
    assert set(ANCHORS) == set(NAMES) == set(Signal)


def test_every_mark_can_be_followed_down_to_points_and_the_words_said() -> None:
    qs = [rubric("q1"), rubric("q2")]
    verdicts = (C, PA, C, M, C, C, M, M)
    places = {q.question: {p.id: f"{q.question}-take" for p in q.points} for q in qs}
    judgements = {q.question: judged(q, *verdicts) for q in qs}
    found = form(qs, judgements, Conversation(places=places))
    for line in found.signals[:4]:
        fed = [(q.question, p.id) for q in qs for p in q.points if p.signal is line.signal]
        assert [(e.question, e.point) for e in line.evidence] == fed
        for e in line.evidence:
            point = next(p for p in judgements[e.question].points if p.point == e.point)
            assert (e.verdict, e.quote) == (point.verdict, point.quote)
            assert e.take == (f"{e.question}-take" if point.quote is not None else "")
        share = sum(e.earned for e in line.evidence) / sum(e.needed for e in line.evidence)
        assert line.mark == next((m for least, m in ((0.75, 4), (0.5, 3), (0.2, 2)) if share >= least), 1)


def test_remarks_quote_what_was_said_and_name_what_was_not() -> None:
    found = one_form(C, M, C, C, PA, M, C, M)
    assert found.strengths
    assert all(r.quote is not None and r.text.startswith("Statement") for r in found.strengths)
    assert {r.question for r in found.strengths} == {"q1", "q2"}, "of more than one question"
    assert found.gaps
    assert not {(r.question, r.point) for r in found.gaps} & {(r.question, r.point) for r in found.strengths}
    assert found.practise is not None
    weakest = min((m for m in found.signals if m.mark), key=lambda m: m.mark or 0).signal
    assert found.practise.point.startswith(weakest.value)
    best = one_form(*[C] * 8)
    assert best.gaps == ()
    assert best.practise is None
    nothing = form([rubric()], {})
    assert (nothing.strengths, nothing.gaps, nothing.practise) == ((), (), None)


def test_an_error_said_aloud_is_what_to_practise_first() -> None:
    found = one_form(*[C] * 8, flags=("misconception:The root servers know every host.",))
    assert found.practise is not None
    assert "root servers know every host" in found.practise.text
    assert "root servers know every host" in found.gaps[0].text


def test_a_signal_asked_about_once_is_not_enough_evidence() -> None:
    q = rubric()
    q = replace(q, points=tuple(p for p in q.points if p.id != "framing-2"))
    found = form([q], {"q": judged(q, *[C] * 7)})
    assert marks(found)[Signal.FRAMING] is None
    assert marks(found)[Signal.DEPTH] == 4
    assert found.band is Band.STRONG_HIRE


def test_one_problem_talked_through_is_enough_for_a_form() -> None:
    flow: Flow = "coding"
    points = tuple(RubricPoint(s.value, f"A point about {s.value}.", 1.0, s) for s in SIGNALS[flow])
    one = replace(rubric("lru", 5.0), points=points)
    found = tuple(PointJudgement(point.id, Verdict.COVERED, 0.95) for point in points)
    made = form([one], {"lru": Judgement("lru", "test", found)}, Conversation(flow))
    assert [mark.mark for mark in made.signals if mark.signal in SIGNALS[flow]] == [4] * len(SIGNALS[flow])
    assert made.band is Band.STRONG_HIRE


def test_fewer_than_three_marked_signals_are_not_enough_evidence() -> None:
    q = rubric()
    q = replace(q, points=tuple(p for p in q.points if p.signal in (Signal.DEPTH, Signal.FRAMING)))
    found = form([q], {"q": judged(q, *[C] * 4)})
    assert found.band is Band.NOT_ENOUGH
    assert found.next_round is None
    assert "trade-offs" in found.reason


def test_a_failed_judgement_is_left_out_and_never_a_zero() -> None:
    qs = [rubric("q1"), rubric("q2"), rubric("q3")]
    failed = Judgement("q2", "a judge", failed="The server did not answer.")
    full = {"q1": judged(qs[0], *[C] * 8), "q2": failed, "q3": judged(qs[2], *[C] * 8)}
    found = form(qs, full)
    assert (found.judged, found.asked) == (2, 3)
    assert found.band is Band.STRONG_HIRE
    one = form(qs, {"q1": full["q1"], "q2": failed})
    assert one.band is Band.NOT_ENOUGH
    assert "1 of 3" in one.reason
    none = form(qs, {})
    assert none.band is Band.NOT_ENOUGH
    assert none.judged == 0


def test_a_misconception_said_aloud_bounds_the_depth_and_is_named() -> None:
    found = one_form(*[C] * 8, flags=("misconception:The root servers know every host.",))
    assert marks(found)[Signal.DEPTH] == 2
    assert "The root servers know every host" in found.reason
    assert found.band is Band.NO_HIRE


@given(VERDICTS, st.integers(0, 7), st.sampled_from([4.0, 6.0, 8.0]))
def test_a_better_verdict_never_lowers_mark_or_band(verdicts: list[Verdict], which: int, enough: float) -> None:
    order = [Band.STRONG_NO_HIRE, Band.NO_HIRE, Band.HIRE, Band.STRONG_HIRE]
    better = list(verdicts)
    better[which] = RANK[min(2, RANK.index(better[which]) + 1)]
    low, high = one_form(*verdicts, enough=enough), one_form(*better, enough=enough)
    assert order.index(high.band) >= order.index(low.band)
    assert all((marks(high)[s] or 0) >= (marks(low)[s] or 0) for s in FED)
    assert all(m.reason.endswith(".") for m in high.signals)
    assert "\n" not in high.reason


@pytest.mark.parametrize("enough", [0.0, 100.0])
def test_an_odd_enough_breaks_nothing(enough: float) -> None:
    assert 0 <= (combine(rubric(enough=enough), [("a", judged(rubric(), *[C] * 8))])[0].score or 0) <= 1
    one_form(*[C] * 8, enough=enough)
