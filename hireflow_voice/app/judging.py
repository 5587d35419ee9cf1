"""What becomes of an answer during the call: coverage, which chooses the follow-up, and the judgement beside it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace

from hireflow_voice.app.coaching import Critique, critique
from hireflow_voice.app.desk import Desk, answer_of, is_answer, quoting
from hireflow_voice.app.thread import CallThread
from hireflow_voice.app.turn import Turn
from hireflow_voice.errors import HireFlowError
from hireflow_voice.evaluation.combine import combine
from hireflow_voice.evaluation.follow_up import Gap
from hireflow_voice.evaluation.rubric import Rubric
from hireflow_voice.events import Judged
from hireflow_voice.interview.actions import FindCoverage
from hireflow_voice.interview.inputs import CoverageFailed, CoverageReady
from hireflow_voice.interview.machine import Interview
from hireflow_voice.records import TakeRecord
from hireflow_voice.verdict import Judgement
from hireflow_voice.worker.client import Worker
from hireflow_voice.worker.jobs import Match

Coverage = tuple[tuple[str, float], ...]


def _result(done: Future[tuple[str, str] | None]) -> tuple[str, str] | None:
    return None if done.cancelled() or done.exception() is not None else done.result()


class Judging:
    """Lives on the call's thread. `on_done` is called whenever nothing is being judged any more."""

    def __init__(
        self,
        thread: CallThread,
        worker: Worker,
        desk: Desk,
        rubrics: dict[str, Rubric],
        machine: Callable[[], Interview],
        on_done: Callable[[], None],
    ) -> None:
        """`machine`: the interview."""
        self._thread = thread
        self._worker = worker
        self._desk = desk
        self._rubrics = rubrics
        self._machine = machine
        self._on_done = on_done
        self.coverage: dict[str, dict[str, float]] = {}
        """Question id -> key point id -> the most that any answer to it covered."""
        self.pending = 0
        """Judgements under way."""

    # -- the follow-up -------------------------------------------------------------------------------------------------

    def match(self, take: TakeRecord) -> Future[Judgement] | None:
        """The quick judgement of a take, for nobody to see; None when there is nothing to hold it against."""
        rubric = self._rubrics.get(take.question)
        if rubric is None or not is_answer(take):
            return None
        return self._worker.match(Match(rubric, answer_of(take)))

    def covered(self, question: str, judgement: Judgement) -> Coverage:
        """The coverage of a question with this judgement of its newest answer taken in, not kept."""
        best = dict(self.coverage.get(question, {}))
        for point in judgement.points:
            best[point.point] = max(best.get(point.point, 0.0), point.confidence)
        return tuple(best.items())

    def critique(self, question: str, judgement: Judgement) -> Critique | None:
        """What a coach says of an answer, by this quick judgement of it; None in a call without one."""
        machine, rubric = self._machine(), self._rubrics.get(question)
        if not machine.plan.coach or rubric is None or judgement.failed:
            return None
        return critique(rubric, judgement, machine.points)

    def find(self, find: FindCoverage, turn: Turn | None) -> None:
        """Answer the interview's question what is covered; out of what was foreseen where the text is the same."""
        take = next((t for t in self._thread.takes.values() if t.turn == find.turn), None)
        foreseen = turn.foreseen if turn is not None and turn.listen.turn == find.turn else None
        text = take.transcript.text if take is not None and take.transcript is not None else None
        if foreseen is not None and foreseen[0] == text:
            self._found(find, foreseen[1], turn)
            return
        future = self.match(take) if take is not None else None
        if future is None:
            self._thread.tell(CoverageFailed(self._thread.now(), find.turn))
            return
        heard = turn.heard if turn is not None else None

        def matched(done: Future[Judgement]) -> None:
            if turn is not None and turn.heard is not heard:
                return  # the answer has gone on meanwhile
            try:
                judgement = done.result()
            except HireFlowError as error:
                self._thread.trouble(error)
                self._thread.tell(CoverageFailed(self._thread.now(), find.turn))
            else:
                self._found(find, judgement, turn)

        self._thread.hold_for(future, matched)

    def _found(self, find: FindCoverage, judgement: Judgement, turn: Turn | None) -> None:
        if judgement.failed:
            self._thread.tell(CoverageFailed(self._thread.now(), find.turn))
            return
        coverage = self.covered(find.question, judgement)
        self.coverage[find.question] = dict(coverage)
        critique = self.critique(find.question, judgement)
        if turn is not None and turn.listen.turn != find.turn:
            turn = None
        writing = self._write(turn, coverage) if turn is not None else None
        if turn is None or writing is None:
            self._thread.tell(CoverageReady(self._thread.now(), find.turn, coverage, None, critique))
            return
        heard = turn.heard

        def written(done: Future[tuple[str, str] | None]) -> None:
            if turn.heard is heard:  # else the answer has gone on meanwhile
                self._thread.tell(CoverageReady(self._thread.now(), find.turn, coverage, _result(done), critique))

        self._thread.hold_for(writing, written)

    def foresee_follow_up(self, turn: Turn, then: Callable[[str], None]) -> None:
        """The turn is about to be taken for finished: have a follow-up written meanwhile, where somebody can."""
        if turn.foreseen is None or turn.foreseen[0] != turn.text:
            return
        writing = self._write(turn, self.covered(turn.listen.question, turn.foreseen[1]))
        if writing is not None:
            writing.add_done_callback(
                lambda done: self._thread.post(lambda: then(result[1]) if (result := _result(done)) else None)
            )

    def _write(self, turn: Turn, coverage: Coverage) -> Future[tuple[str, str] | None] | None:
        """The follow-up to what was said in this turn, begun once; None where nobody writes or nothing is missing."""
        rubric = self._rubrics.get(turn.listen.question)
        point = self._machine().gap(coverage) if self._desk.writes else None
        if not point or rubric is None:  # "" goes deeper than the key points, which only the author can do
            return None
        text = turn.take.transcript.text if turn.take.transcript is not None else turn.text
        if turn.written is None or turn.written[0] != f"{point} {text}":
            turn.written = f"{point} {text}", self._desk.follow_up(self._gap(turn, rubric, point, text, coverage))
        return turn.written[1]

    def _gap(self, turn: Turn, rubric: Rubric, point: str, text: str, coverage: Coverage) -> Gap:
        earlier = [t for t in self._thread.takes.values() if t.question == rubric.question and t.id != turn.take.id]
        said = [t.transcript.text for t in earlier if t.transcript is not None and is_answer(t)]
        covered = {p for p, share in coverage if share >= self._machine().plan.covered_at}
        return Gap(
            rubric,
            point,
            (*said, text),
            tuple(dict.fromkeys((rubric.text, *(t.asked for t in earlier), turn.listen.asked))),
            frozenset(p.id for p in rubric.points) - covered,
        )

    # -- the judgement that is shown -----------------------------------------------------------------------------------

    def judge(self, take: TakeRecord) -> None:
        """Begin it; nobody waits for it during the call."""
        rubric = self._rubrics.get(take.question)
        if rubric is None or not is_answer(take):
            return
        self.pending += 1
        future = self._desk.judge(rubric, answer_of(take))
        future.add_done_callback(lambda done: self._thread.post(lambda: self._judged(take.id, done)))

    def _judged(self, take_id: str, done: Future[Judgement]) -> None:
        self.pending -= 1
        if not done.cancelled():
            take = self._thread.takes[take_id]
            assert take.transcript is not None
            self._thread.save(replace(take, judgement=quoting(done.result(), take.transcript)))
            self._show(take.question)
        if not self.pending:
            self._on_done()

    def _show(self, question: str) -> None:
        judged = [
            (take.id, take.judgement)
            for take in self._thread.takes.values()
            if take.question == question and take.judgement is not None and take.attempt == 1
        ]
        if not judged:
            return
        self._thread.emit(Judged(self._thread.now(), question, combine(self._rubrics[question], judged)[0]))
