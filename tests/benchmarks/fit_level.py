"""Fit the constants in hireflow_voice/evaluation/level.py on answers that people graded, and print how they hold.

    python tests/benchmarks/fit_level.py FOLDER [--cache FILE] [--odds FILE] [--ask SECONDS] [--steeper X]

FOLDER holds JSON lines with the columns id, question_id, question, reference, answer, score (0..1) and source. None of
it comes with the product. The shipped numbers were fitted on development parts of two published sets:

* SAF v2.0, communication networks, the English part (Filighera, Parihar, Steuer, Meuser, Ochs: "Your Answer is
  Incorrect... Would you like to know why?", ACL 2022): MIT licence, Copyright (c) 2021 Sebastian Ochs, Anna Filighera;
* Mohler, Texas v2.0, data structures (Mohler, Bunescu, Mihalcea: "Learning to Grade Short Answer Questions", ACL 2011):
  published for research without a licence text, "please cite". A dozen weights of a linear model are all that is kept.

Only answers of at least eight words count. The weights are fitted on differences within a question, since there the
grades speak of the answers; the level of a question is a second, strongly shrunk fit on what the question and its
reference look like. Every printed figure is of questions that the weights never saw.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hireflow_voice.evaluation import level
from hireflow_voice.evaluation.features import Matcher
from hireflow_voice.evaluation.fusion import Fusion
from hireflow_voice.evaluation.llama import YesNo, prompt
from hireflow_voice.evaluation.rubric import Answer, from_reference
from hireflow_voice.evaluation.words import content_stems, split
from hireflow_voice.models.verify import folder
from hireflow_voice.transcript import typed

Array = NDArray[np.float64]
Odds = Mapping[str, Mapping[str, float]]
SETS = ("saf", "mohler")
WORDS = 8
FOLDS = 10
QUICK = (
    "near_mean", "meant_mean", "meant_lead_mean", "recall_mean", "pairs_mean", "own_top", "recall_top", "whole",
    "whole_lead",
)  # fmt: skip
ODDS = ("odds_mean", "odds_top")
RELEVANCE = ("same_words", "whole_lead", "question_lead", "reference_lead", "meant_most")
RULES = ("same_words", "pairs_mean", "log_reference")
ABOUT = ("log_reference", "log_question", "points", "number", "question_near")
"""What is known of a question before anybody answers."""
RIDGE, ABOUT_RIDGE = 300.0, 100.0
QUICK_SHARE, ODDS_WEIGHT = 0.8, 0.03


@dataclass
class Data:
    """Graded answers with their features."""

    ids: NDArray[np.str_]
    questions: NDArray[np.str_]
    sources: NDArray[np.str_]
    grades: Array
    columns: dict[str, Array]

    def matrix(self, names: Sequence[str]) -> Array:
        """Shape (answers, names)."""
        return np.stack([self.columns[n] for n in names], axis=1)

    def part(self, rows: NDArray[Any]) -> Data:
        """Some of the answers."""
        columns = {n: c[rows] for n, c in self.columns.items()}
        return Data(self.ids[rows], self.questions[rows], self.sources[rows], self.grades[rows], columns)


def read(path: Path) -> list[dict[str, Any]]:
    """The graded answers that count."""
    lines = [line for file in sorted(path.glob("*.jsonl")) for line in file.read_text("utf-8").splitlines()]
    rows = [json.loads(line) for line in lines]
    return [r for r in rows if r["source"] in SETS and len(r["answer"].split()) >= WORDS]


def extract(rows: Sequence[Mapping[str, Any]], odds: Odds) -> dict[str, dict[str, float]]:
    """Features by row id; rows that say nothing after the guards are left out."""
    matcher = Matcher(folder("embedder-minilm"))
    out = {}
    for row in sorted(rows, key=lambda r: str(r["question_id"])):
        rubric = from_reference(row["question"], row["reference"])
        ready, found = matcher.features(rubric, Answer(row["question"], typed(row["answer"])))
        if ready.windows:
            whole = matcher.whole(rubric, ready)
            told = {int(i): x for i, x in odds.get(row["id"], {}).items()}
            out[row["id"]] = level.features(rubric, found, whole, told)
    return out


def ask(rows: Sequence[Mapping[str, Any]], odds: dict[str, dict[str, float]], seconds: float) -> None:
    """Log-odds of the language model for a sample, a few answers of every question; goes on where it was."""
    matcher = Matcher(folder("embedder-minilm"))
    model = YesNo(next(folder("judge-1.5b").glob("*.gguf")), 1)
    rank: dict[str, int] = defaultdict(int)
    queue = []
    for row in sorted(rows, key=lambda r: hashlib.sha256(r["id"].encode()).hexdigest()):
        queue.append((rank[row["question_id"]], row))
        rank[row["question_id"]] += 1
    until = time.monotonic() + seconds
    for _, row in sorted(queue, key=lambda pair: pair[0]):
        if time.monotonic() > until:
            break
        if row["id"] not in odds:
            rubric = from_reference(row["question"], row["reference"])
            ready, _found = matcher.features(rubric, Answer(row["question"], typed(row["answer"])))
            chosen = level.worth_asking(rubric, ready) if ready.text else []
            odds[row["id"]] = {
                str(i): model.log_odds(prompt(rubric.text, ready.text, rubric.points[i].text)) for i in chosen
            }
    model.close()


def beside(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rows that answer nothing: answers to other questions that have hardly a word in common with this one."""
    chance, out = random.Random(3), []
    by_question = {r["question_id"]: r for r in rows}

    def content(row: Mapping[str, Any], key: str) -> set[str]:
        return set(content_stems(split(row[key])))

    for row in by_question.values():
        others = [
            r
            for r in by_question.values()
            if all(
                len(content(r, k) & content(row, k)) <= 0.15 * min(len(content(r, k)), len(content(row, k)))
                for k in ("question", "reference")
            )
        ]
        taken = [r for r in rows if r["question_id"] in {o["question_id"] for o in others}]
        for i, other in enumerate(chance.sample(taken, min(6, len(taken)))):
            out.append({**row, "id": f"beside:{row['question_id']}:{i}", "answer": other["answer"], "score": 0.0})
    return out


def relevance(about: Data, nothing: Data) -> Fusion:
    """Logistic regression: is this an answer to the question, whatever its grade?"""
    x = np.vstack([about.matrix(RELEVANCE), nothing.matrix(RELEVANCE)])
    y = np.r_[np.ones(len(about.grades)), np.zeros(len(nothing.grades))]
    weight = np.where(y > 0, len(nothing.grades) / len(about.grades), 1.0)
    mean, sd = x.mean(axis=0), x.std(axis=0) + 1e-9
    z = np.c_[np.ones(len(x)), (x - mean) / sd]
    penalty = np.diag([1e-3] + [3.0] * len(RELEVANCE))
    b = np.zeros(z.shape[1])
    for _ in range(40):
        p = 1 / (1 + np.exp(-z @ b))
        b -= np.linalg.solve(
            (z * (weight * p * (1 - p))[:, None]).T @ z + penalty, z.T @ (weight * (p - y)) + penalty @ b
        )
    terms = {n: (float(b[i + 1]), float(mean[i]), float(sd[i])) for i, n in enumerate(RELEVANCE)}
    return Fusion("fitted", float(b[0]), terms)


def table(rows: Sequence[Mapping[str, Any]], numbers: Mapping[str, Mapping[str, float]], names: Sequence[str]) -> Data:
    """The rows that have all these features."""
    kept = [r for r in rows if r["id"] in numbers and all(n in numbers[r["id"]] for n in names)]
    return Data(
        np.array([r["id"] for r in kept]),
        np.array([r["question_id"] for r in kept]),
        np.array([r["source"] for r in kept]),
        np.array([r["score"] for r in kept], float),
        {n: np.array([numbers[r["id"]][n] for r in kept]) for n in names},
    )


def ridge(x: Array, y: Array, weight: Array, penalty: float) -> Array:
    """Weights without an intercept."""
    return np.asarray(np.linalg.solve((x * weight[:, None]).T @ x + penalty * np.eye(x.shape[1]), x.T @ (weight * y)))


def fit(data: Data, names: Sequence[str], version: str = "fitted") -> level.Level:
    """Weights from the differences within questions, then the level of a question from what it looks like."""
    x = data.matrix(names)
    mean, sd = x.mean(axis=0), x.std(axis=0) + 1e-9
    z = (x - mean) / sd
    each = sorted(set(data.questions.tolist()))
    means = {q: (z[data.questions == q].mean(axis=0), data.grades[data.questions == q].mean()) for q in each}
    weight = np.array([len(data.grades) / (len(SETS) * (data.sources == s).sum()) for s in data.sources])
    inner = np.array([z[i] - means[q][0] for i, q in enumerate(data.questions)])
    inner_y = np.array([data.grades[i] - means[q][1] for i, q in enumerate(data.questions)])
    weights = ridge(inner, inner_y, weight, RIDGE * len(data.grades) / 2000)
    about = np.array([data.part(data.questions == q).matrix(ABOUT)[0] for q in each])
    about_mean, about_sd = about.mean(axis=0), about.std(axis=0) + 1e-9
    rest = np.array([means[q][1] - means[q][0] @ weights for q in each])
    source = [str(data.sources[data.questions == q][0]) for q in each]
    share = np.array([len(each) / (len(SETS) * source.count(s)) for s in source])
    centre = float(rest @ share / share.sum())
    slopes = ridge((about - about_mean) / about_sd, rest - centre, share, ABOUT_RIDGE)
    terms = {n: (float(weights[i]), float(mean[i]), float(sd[i])) for i, n in enumerate(names)}
    terms |= {n: (float(slopes[i]), float(about_mean[i]), float(about_sd[i])) for i, n in enumerate(ABOUT)}
    return level.Level(version, centre, terms)


def with_odds(quick: level.Level, data: Data, version: str = "fitted") -> level.Level:
    """The same level drawn to its middle, and what the language model says added. The answers it was asked about are
    too few to fit this freely: the two shares are those that hold best on questions left out."""
    x = data.matrix(ODDS)
    centre = float(predicted(quick, data).mean())
    terms = {n: (w * QUICK_SHARE, m, s) for n, (w, m, s) in quick.terms.items()}
    terms |= {n: (ODDS_WEIGHT, float(x[:, i].mean()), float(x[:, i].std())) for i, n in enumerate(ODDS)}
    return level.Level(version, quick.bias * QUICK_SHARE + (1 - QUICK_SHARE) * centre, terms)


def predicted(model: level.Level, data: Data) -> Array:
    """Grades, not held to 0..1."""
    out = np.full(len(data.grades), model.bias)
    for name, (weight, mean, sd) in model.terms.items():
        out += weight * (data.columns[name] - mean) / sd
    return out


def fold(question: str) -> int:
    """Which part of the questions this one is held out with."""
    return int(hashlib.sha256(question.encode()).hexdigest(), 16) % FOLDS


def graded(data: Data, about: Data, nothing: Data, values: Array) -> Array:
    """The same after the rules, whose judge of what is beside the subject never saw the question either."""
    folds, others = np.array([fold(q) for q in about.questions]), np.array([fold(q) for q in nothing.questions])
    own, out = np.array([fold(q) for q in data.questions]), np.zeros(len(values))
    for k in sorted(set(own.tolist())):
        judge = relevance(about.part(folds != k), nothing.part(others != k))
        for i in np.flatnonzero(own == k):
            out[i] = level.within_rules(values[i], {n: float(c[i]) for n, c in data.columns.items()}, judge)
    return out


def held_out(data: Data, odds: Data | None = None, over: Data | None = None) -> Array:
    """Predictions for every answer (of `odds` or `over`, where it is given) by weights that never saw its question."""
    over = odds or over or data
    folds, own = np.array([fold(q) for q in data.questions]), np.array([fold(q) for q in over.questions])
    out = np.zeros(len(over.grades))
    for k in sorted(set(own.tolist())):
        model = fit(data.part(folds != k), QUICK)
        if odds:
            model = with_odds(model, odds.part(own != k))
        out[own == k] = predicted(model, over.part(own == k))
    return out


def report(title: str, data: Data, values: Array) -> None:
    """Correlation over all and within questions, pairs in order, errors, and bias where people gave little or much."""
    for source in SETS:
        rows = data.sources == source
        p, y, q = np.clip(values[rows], 0, 1), data.grades[rows], data.questions[rows]
        inner, right, pairs = [], 0.0, 0
        for name in set(q.tolist()):
            a, b = p[q == name], y[q == name]
            if len(a) < WORDS or b.std() < 1e-9:
                continue
            inner.append(np.corrcoef(a, b)[0, 1] if a.std() > 1e-9 else 0.0)
            gap = (b[:, None] - b[None, :]) >= 0.3 - 1e-9
            lead = (a[:, None] - a[None, :])[gap]
            right += float((lead > 1e-12).sum() + 0.5 * (np.abs(lead) <= 1e-12).sum())
            pairs += len(lead)
        low, high = y <= 0.3, y >= 0.9
        print(
            f"{title:28} {source:7} n {rows.sum():4d}  r {np.corrcoef(p, y)[0, 1]:.3f}  rQ {np.mean(inner):.3f}  "
            f"pair {right / max(1, pairs):.3f}  RMSE {np.sqrt(((p - y) ** 2).mean()):.3f}  "
            f"bias low {(p - y)[low].mean():+.2f} high {(p - y)[high].mean():+.2f}"
        )


def show(model: level.Level | Fusion) -> None:
    """The constants, as they stand in level.py."""
    print(f"  bias {model.bias:.4f}")
    for name, (weight, mean, sd) in model.terms.items():
        print(f'  "{name}": ({weight:.4f}, {mean:.4f}, {sd:.4f}),')


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--cache", type=Path, help="where features are kept between runs")
    parser.add_argument("--odds", type=Path, help="JSON: row id -> index of a sentence of the reference -> log-odds")
    parser.add_argument("--ask", type=float, default=0.0, help="seconds to ask the model for more of them")
    parser.add_argument("--steeper", type=float, default=level.STEEPER, help="try another bend of low grades")
    options = parser.parse_args()
    level.STEEPER = options.steeper
    rows = read(options.folder)
    nothing = beside(rows)
    odds = json.loads(options.odds.read_text("utf-8")) if options.odds and options.odds.is_file() else {}
    if options.odds and options.ask:
        ask(rows, odds, options.ask)
        options.odds.write_text(json.dumps(odds), "utf-8")
    if options.cache and options.cache.is_file():
        numbers = json.loads(options.cache.read_text("utf-8"))
    else:
        numbers = extract([*rows, *nothing], odds)
        if options.cache:
            options.cache.write_text(json.dumps(numbers), "utf-8")
    print("relevance")
    show(relevance(table(rows, numbers, RELEVANCE), table(nothing, numbers, RELEVANCE)))
    every = tuple(dict.fromkeys((*QUICK, *ABOUT, *RELEVANCE, *RULES)))
    data, beside_it = table(rows, numbers, every), table(nothing, numbers, every)
    values = held_out(data)
    report("quick, before the rules", data, values)
    report("quick", data, graded(data, data, beside_it, values))
    low = graded(beside_it, data, beside_it, held_out(data, over=beside_it)) <= 0.2
    print(f"answers to other questions: {low.mean():.3f} of {len(low)} at .2 or less")
    show(fit(data, QUICK))
    asked = table(rows, numbers, (*every, *ODDS))
    if len(asked.grades):
        report("quick, the same answers", asked, held_out(data)[np.isin(data.ids, asked.ids)])
        values = held_out(data, asked)
        report("with log-odds, before the rules", asked, values)
        report("with log-odds", asked, graded(asked, data, beside_it, values))
        show(with_odds(fit(data, QUICK), asked))


if __name__ == "__main__":
    main()
