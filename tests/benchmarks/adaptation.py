"""What simulated candidates are asked: topics, repetition, difficulty and time, adapted and in the order of the draw.

No model runs: the interview is driven as in the tests, with questions of the shipped banks. `against` says for the same
draw without adaptation what the row above it says with it.
"""

from __future__ import annotations

from dataclasses import replace

from hireflow_voice import resources
from hireflow_voice.app.api import CallOptions
from hireflow_voice.app.plan import choose, plan_call, to_ask
from hireflow_voice.bank.loader import load_bank, load_company
from hireflow_voice.interview.plan import CallPlan
from tests.benchmarks.table import Figure, Table, figure
from tests.interview import simulated

SEEDS = 60
ROUND = ("cloudflare", "technical-phone")
QUESTIONS, MINUTES = 5, 30.0


def plans() -> list[CallPlan]:
    """One plan for each seed."""
    folder = resources.questions() / ROUND[0]
    company, bank = load_company(folder / "company.yaml"), load_bank(folder / f"{ROUND[1]}.yaml")
    drawn = []
    for seed in range(SEEDS):
        options = CallOptions(*ROUND, questions=QUESTIONS, minutes=MINUTES, seed=seed)
        questions = choose(bank, options)
        plan = plan_call(company, bank, questions, "", MINUTES)
        drawn.append(replace(plan, count=to_ask(bank, options, len(questions))))
    return drawn


def rows(name: str, made: list[CallPlan]) -> list[Figure]:
    """One candidate's."""
    out = []
    adapted = [simulated.play(plan, simulated.PEOPLE[name], seed) for seed, plan in enumerate(made)]
    as_drawn = [
        simulated.play(replace(plan, questions=plan.questions[:QUESTIONS], count=0), simulated.PEOPLE[name], seed)
        for seed, plan in enumerate(made)
    ]
    for which, calls in (("", adapted), (", against", as_drawn)):
        asked = [len(call.questions) for call in calls]
        out += [
            figure(f"{name}: questions asked{which}", "", asked, f"of {QUESTIONS}"),
            figure(f"{name}: topics{which}", "", [len(call.topics) for call in calls], "more is better"),
            figure(f"{name}: repetition{which}", "share", [call.repeated for call in calls], "less is better"),
            figure(f"{name}: difficulty after the first{which}", "1-3", [call.difficulty for call in calls]),
            figure(f"{name}: follow-ups{which}", "", [len(call.probes) for call in calls]),
            figure(f"{name}: minutes{which}", "min", [call.seconds / 60 for call in calls], f"{MINUTES:.0f} planned"),
        ]
    return out


def run() -> Table:
    """The table."""
    made = plans()
    figures = [one for name in simulated.PEOPLE for one in rows(name, made)]
    return Table("Adaptation to simulated candidates", "python -m tests.benchmarks adaptation", tuple(figures))
