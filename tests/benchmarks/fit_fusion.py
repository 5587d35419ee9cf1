"""Fit the constants in hireflow_voice/evaluation/fusion.py on the known answers, and print how well they hold.

Run by hand after the bank, the known answers or a feature has changed; it takes minutes with the language model:

    python tests/benchmarks/fit_fusion.py [--quick] [--cache FILE]

Labels: the verdicts a person set for the known answers (covered 1, partly .5, missing 0). Follow-up answers are
positives for their own point. Zero rows: the answer to another question, and what is said beside the point. Every
printed figure leaves one question out; the constants are then fitted on all of them.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from hireflow_voice.bank.loader import load_bank, load_known_answers
from hireflow_voice.evaluation import fusion, guards
from hireflow_voice.evaluation.features import Matcher
from hireflow_voice.evaluation.llama import YesNo, prompt
from hireflow_voice.evaluation.offline import DOUBT
from hireflow_voice.evaluation.rubric import Answer, Rubric, RubricPoint
from hireflow_voice.paths import models_dir
from hireflow_voice.resources import questions
from hireflow_voice.transcript import typed

QUICK = ("own", "lead", "recall", "meant")
FULL = (*QUICK, "log_odds")
LABEL = {"covered": 1.0, "partly": 0.5}
FITTED = ("strong", "middling", "weak")
"""Kinds of known answers that are fitted on; `hireflow-voice judge-test` tries the result with the others too."""
WEIGHT = {"answer": 1.0, "follow_up": 0.5, "zero": 0.5}
"""What a row counts for in the fit: whole answers are what is judged most."""
RIDGE = 1.0


@dataclass
class Row:
    """One key point of one text."""

    question: str
    kind: str
    name: str
    point: str
    label: float
    own_words: int
    features: dict[str, float]


def texts(question: Any, known: Any, every: Sequence[Any]) -> list[tuple[str, str, str, dict[str, float]]]:
    """(kind, name, text, label per point) for one question."""
    other = every[(list(every).index(question) + 3) % len(every)]
    return [
        *(
            ("answer", a.id, a.text, {p: LABEL[v] for p, v in a.covers.items()})
            for a in question.answers
            if a.kind in FITTED
        ),
        *(("follow_up", point, text, {point: 1.0}) for point, text in question.follow_ups.items()),
        ("zero", f"answer to {other.id}", other.answers[0].text, {}),
        ("zero", "off topic", known.asides.off_topic, {}),
    ]


def collect(rubrics: dict[str, Rubric], known: Any, quick: bool, cache: Path) -> list[Row]:
    """Features of every text, the log-odds through a cache file."""
    matcher = Matcher(models_dir() / "embedder-minilm", threads=2)
    model = None if quick else YesNo(models_dir() / "judge-1.5b" / "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf")
    seen: dict[str, float] = json.loads(cache.read_text("utf-8")) if cache.is_file() else {}
    rows = []
    for question in known.questions:
        rubric = rubrics[question.id]
        for kind, name, text, labels in texts(question, known, known.questions):
            answer = Answer(rubric.text, typed(text))
            started = time.monotonic()
            ready, found = matcher.features(rubric, answer)
            for point, feature in zip(rubric.points, found, strict=True):
                numbers = feature.numbers()
                # Follow-ups would double the time of the model for little: the quick features have them. The model
                # only ever sees the doubtful points.
                doubtful = DOUBT[0] <= fusion.MATCH(numbers) <= DOUBT[1]
                if model is not None and ready.text and kind != "follow_up" and doubtful:
                    text_asked = prompt(rubric.text, ready.text, point.text)
                    if text_asked not in seen:
                        seen[text_asked] = model.log_odds(text_asked)
                    numbers["log_odds"] = seen[text_asked]
                rows.append(Row(question.id, kind, name, point.id, labels.get(point.id, 0.0), ready.own_words, numbers))
            cache.write_text(json.dumps(seen), "utf-8")
            print(f"{question.id} {kind} {name}: {time.monotonic() - started:.1f} s", flush=True)
    if model is not None:
        model.close()
    return rows


def fit(rows: Sequence[Row], names: Sequence[str]) -> fusion.Fusion:
    """Ridge logistic regression by Newton's method on standardised features."""
    x = np.array([[r.features[n] for n in names] for r in rows])
    mean, sd = x.mean(axis=0), x.std(axis=0) + 1e-9
    x = np.c_[np.ones(len(x)), (x - mean) / sd]
    y = np.array([r.label for r in rows])
    weight = np.array([WEIGHT[r.kind] for r in rows])
    penalty = np.diag([1e-3] + [RIDGE] * len(names))
    b = np.zeros(x.shape[1])
    for _ in range(40):
        p = 1 / (1 + np.exp(-x @ b))
        b -= np.linalg.solve(
            (x * (weight * p * (1 - p))[:, None]).T @ x + penalty, x.T @ (weight * (p - y)) + penalty @ b
        )
    terms = {n: (float(b[i + 1]), float(mean[i]), float(sd[i])) for i, n in enumerate(names)}
    return fusion.Fusion("fitted", float(b[0]), terms)


def held_out(rows: Sequence[Row], names: Sequence[str]) -> dict[int, float]:
    """Probability of every row from constants that never saw its question; as in the product, what needs the model
    only where the quick features leave doubt."""
    out: dict[int, float] = {}
    for question in dict.fromkeys(r.question for r in rows):
        others = [r for r in rows if r.question != question]
        quick, full = fit(others, QUICK), fit([r for r in others if all(n in r.features for n in names)], names)
        for row in (r for r in rows if r.question == question):
            p = quick(row.features)
            asked = DOUBT[0] <= p <= DOUBT[1] and all(n in row.features for n in names)
            out[id(row)] = full(row.features) if asked else p
    return out


def auc(rows: Sequence[Row], p: dict[int, float]) -> float:
    """Chance that a covered point gets more than a missing one."""
    missing = np.array([p[id(r)] for r in rows if r.label == 0])
    return float(np.mean([(p[id(r)] > missing).mean() for r in rows if r.label == 1]))


def report(rows: Sequence[Row], names: Sequence[str], rubrics: dict[str, Rubric]) -> None:
    """Print ranking, level and constants for one set of features."""
    p = held_out(rows, names)
    answers = [r for r in rows if r.kind == "answer"]
    print(f"\n{' + '.join(names)}: {len(rows)} rows, area under the curve {auc(answers, p):.3f}")
    right = total = 0
    for question, rubric in rubrics.items():
        scores: dict[str, float] = {}
        weights = {point.id: point.weight for point in rubric.points}
        for name in dict.fromkeys(r.name for r in rows if r.question == question and r.kind != "follow_up"):
            mine = [r for r in rows if r.question == question and r.name == name]
            bounded = guards.bounded([p[id(r)] for r in mine], mine[0].own_words)
            earned = sum(weights[r.point] * fusion.credit(q) for r, q in zip(mine, bounded, strict=True))
            scores[name] = min(1.0, earned / rubric.enough)
        strong, middling, weak = (scores[g] for g in ("strong", "middling", "weak"))
        right += (strong > middling) + (middling > weak) + (strong > weak)
        total += 3
        print(f"  {question}: " + ", ".join(f"{k} {v:.2f}" for k, v in scores.items()))
    print(f"  pairs in order: {right} of {total}")
    model = fit([r for r in rows if all(n in r.features for n in names)], names)
    print(f"  bias {model.bias:.3f}")
    for name, (weight, mean, sd) in model.terms.items():
        print(f'  "{name}": ({weight:.3f}, {mean:.3f}, {sd:.3f}),')


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="only the quick judge")
    parser.add_argument("--cache", type=Path, default=Path("log-odds.json"), help="where log-odds are kept")
    options = parser.parse_args()
    folder = questions() / "cloudflare"
    bank, known = load_bank(folder / "technical-phone.yaml"), load_known_answers(folder / "known-answers.yaml")
    rubrics = {
        q.id: Rubric(
            q.id,
            q.text,
            tuple(RubricPoint(k.id, k.text, k.weight, k.signal) for k in q.key_points),
            q.enough,
        )
        for q in bank.questions
    }
    rows = collect(rubrics, known, options.quick, options.cache)
    report(rows, QUICK, rubrics)
    if not options.quick:
        report(rows, FULL, rubrics)


if __name__ == "__main__":
    main()
