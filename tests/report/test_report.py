"""What a report must tell, in each of its three forms, and what it must never let through."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from hireflow_voice.errors import InputError
from hireflow_voice.records import CallRecord, CallState, Delivery
from hireflow_voice.report import FORMS, Report, build, describe, render, schema, to_html, to_json, to_markdown
from hireflow_voice.speech.by_hand import correct
from hireflow_voice.transcript import typed
from hireflow_voice.verdict import Band, Judgement


class Page(HTMLParser):
    """The tags, the attributes and the words of a page, as a browser would see them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.words = ""
        self._style = False
        self.feed(text)
        self.close()
        self.words = " ".join(self.words.split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        self._style = tag == "style"

    def handle_endtag(self, tag: str) -> None:
        self._style = False

    def handle_data(self, data: str) -> None:
        self.words += "" if self._style else f"{data} "


def words_of(markdown: str) -> str:
    """The words of a Markdown text, without its marks."""
    text = re.sub(r"\\([!-/:-@\[-`{-~])|[*`]|^\s*>|^#+", lambda m: m[1] or " ", markdown, flags=re.MULTILINE)
    return " ".join(text.split())


FACTS = [
    "Cloudflare: Technical phone interview",
    "23 November 2026, 17:42",
    "12:34",
    "Zoë 👩‍💻",
    "Hire",
    "ractice estimate, not a hiring decision",
    "Next round: yes",
    "Named the algorithm.",
    "3 of 4, good",
    "Practise next",
    "Explain this aloud: Weighs memory against accuracy",
    "Strengths",
    "Gaps",
    "An end: in 0 of 2 answers",
    "1.6 of 2.0",
    "not enough evidence",
    "How would you limit requests per client?",
    "68 %",
    "on this computer: MiniLM",
    "“token bucket”",
    "Answer, 1:03",
    "“server clock”",
    "Follow-up 1, 1:01",
    "Missing",
    "Weighs memory against accuracy",
    "A limit per server is a limit per client",
    "Talks about grading",
    "Judged on this computer instead: api.example refused the key",
    "Read twice: once covered, once missing.",
    "We keep a token bucket in",
    "ready's → Redis",
    "at 3:30",
    "About: Deals with clock skew",
    "The microphone was lost for 0:04",
    "What a strong answer adds",
    "Shared counters",
    "Token bucket explained",
    "read 2026-11-01",
    "Not judged yet. The judge did not answer in time.",
    "Not answered. The question was asked, and no answer was recorded.",
    "You skipped this.",
    "Not asked. The call ended before this question.",
    "I build proxies.",
    "On call?",
    "First word after about 3 seconds. About 130 words a minute. About 2 fillers. "
    "2 silences of a second or more, the longest about 3 seconds. About 71 seconds from the first word to the last.",
    "none is part of a score",
    "Hello, this is Joe.",
]


@pytest.mark.parametrize("fact", FACTS)
def test_people_are_told_every_fact(record: CallRecord, fact: str) -> None:
    assert fact in Page(render(record, "html")).words
    if "Answer, 1:03" in fact or "Follow-up 1, 1:01" in fact:
        fact = f"({fact})"
    assert fact in words_of(render(record, "md")).replace("- ", "")


def test_a_page_is_said_to_be_read_only_when_somebody_read_it(record: CallRecord) -> None:
    told = render(record, "md")
    assert "b=2>), read 2026-11-01\n- [Memory for sketches](<https://example.org/sketch>)\n" in told


def test_programs_are_told_where_each_quote_was_said(record: CallRecord) -> None:
    told = json.loads(render(record, "json"))
    first = told["questions"][0]
    assert first["status"] == "judged"
    assert first["score"] == 0.683
    quotes = {point["id"]: point["quote"] for point in first["points"]}
    assert quotes["cost"] is None
    assert quotes["bucket"] == {
        "text": "token bucket",
        "take": "03-rate-limiter-answer",
        "label": "Answer",
        "start_s": 63.0,
        "end_s": 64.5,
        "at": "1:03",
    }
    (answer,) = first["answers"]
    assert [take["id"] for take in answer["follow_ups"]] == ["04-rate-limiter-follow-up"]
    text = answer["transcript"]["text"]
    assert all(text[w["start_char"] : w["end_char"]] == w["text"] for w in answer["transcript"]["words"])
    assert first["adds"] == ["Deals with clock skew", "Weighs memory against accuracy"]
    assert first["misconceptions"] == ["A limit per server is a limit per client"]
    assert first["remarks"] == [
        "Talks about grading",
        "Judged on this computer instead: api.example refused the key",
    ]
    assert [point["doubt"] for point in first["points"]] == ["", "Read twice: once covered, once missing.", ""]
    assert [source["checked"] for source in first["sources"]] == ["2026-11-01", ""]
    assert [q["status"] for q in told["questions"]] == ["judged", "not judged yet", "not answered", "not asked"]
    form = told["form"]
    assert form["estimate"] == "practice estimate"
    depth = next(line for line in form["signals"] if line["signal"] == "depth")
    assert [e["question"] for e in depth["evidence"]] == [1, None]
    assert depth["evidence"][0]["quote"] == quotes["bucket"] == form["strengths"][0]["quote"]
    assert form["practise"]["question"] == form["gaps"][0]["question"] == 1
    assert form["practise"]["quote"] is None
    assert [take["take"] for take in told["delivery"]] == ["03-rate-limiter-answer", "05-dns-answer"]


def test_a_score_of_which_an_answer_is_missing_is_so_far(record: CallRecord) -> None:
    judged = record.header.questions[0].id
    failed = Judgement(judged, "", failed="The judge did not answer in time.")
    first = next(take for take in record.takes if take.question == judged)
    takes = tuple(replace(take, judgement=failed) if take is first else take for take in record.takes)
    partly = replace(record, takes=takes)
    assert build(partly).questions[0].score == build(record).questions[0].score
    for form in ("md", "html", "print"):
        assert "So far: an answer to it is not judged yet" in render(partly, form)
        assert "So far:" not in render(record, form)


def test_a_failed_judge_gives_no_number(record: CallRecord) -> None:
    failed = build(record).questions[1]
    assert (failed.score, failed.points, failed.adds, failed.judge) == (None, (), (), "")
    assert failed.why == "The judge did not answer in time."


def test_json_comes_back_as_the_report_and_fits_its_schema(record: CallRecord) -> None:
    report = build(record)
    assert Report.model_validate_json(to_json(report)) == report
    described = schema()
    assert set(described["properties"]) == set(json.loads(to_json(report)))
    assert described["$defs"]["QuestionStatus"]["enum"] == ["judged", "not judged yet", "not answered", "not asked"]


@pytest.mark.parametrize("form", FORMS)
def test_the_same_call_gives_the_same_bytes_in_another_process_and_time_zone(
    record: CallRecord, form: str, tmp_path: Path
) -> None:
    import pickle

    (tmp_path / "record").write_bytes(pickle.dumps(record))
    program = (
        "import pickle, sys; from pathlib import Path; from hireflow_voice.report import render;"
        "sys.stdout.buffer.write(render(pickle.loads(Path(sys.argv[1]).read_bytes()), sys.argv[2]).encode())"
    )
    run = subprocess.run(
        [sys.executable, "-c", program, tmp_path / "record", form],
        capture_output=True,
        timeout=60,
        env={"TZ": "Asia/Tokyo", "LC_ALL": "C", "PYTHONHASHSEED": "7", "PYTHONPATH": ":".join(sys.path)},
    )
    assert run.stdout == render(record, form).encode(), run.stderr


HOSTILE = (
    "<script>alert(1)</script> \"><img src=x onerror=alert(1)> ' onmouseover=x {{ 7*7 }} {% raw %} &lt;b&gt; &#x3c; "
    "[click](javascript:alert(1)) ![i](http://evil.example/p.png) http://evil.example www.evil.example a@evil.example "
    "`code` **bold** __under__ ~~gone~~ | cell | $x$ <!-- "
    "\u202egpj.exe\u202c \x00\x1b[31m \u2066x\u2069 \U000e0041 # no"
)


def _poisoned(value: Any, text: str, keep: frozenset[str]) -> Any:
    """The record with `text` wherever a stranger could put words."""
    if is_dataclass(value) and not isinstance(value, type):
        changes = {
            f.name: getattr(value, f.name) if f.name in keep else _poisoned(getattr(value, f.name), text, keep)
            for f in fields(value)
        }
        return replace(value, **changes)
    if isinstance(value, tuple):
        return tuple(_poisoned(one, text, keep) for one in value)
    return text if type(value) is str else value


@pytest.fixture
def with_words(record: CallRecord) -> Callable[[str], CallRecord]:
    """The record with one text everywhere, and a source that is no web page."""

    def poison(text: str) -> CallRecord:
        kept = {
            "id",
            "question",
            "point",
            "started",
            "quote_takes",
            "command",
            "key_point",
            "kind",
            "speaker",
            "failed",
        }
        poisoned: CallRecord = _poisoned(record, text, frozenset(kept))
        source = replace(record.header.questions[0].key_points[0].sources[0], url="javascript:alert(1)", title=text)
        question = poisoned.header.questions[0]
        points = (replace(question.key_points[0], sources=(source,)), *question.key_points[1:])
        questions = (replace(question, key_points=points), *poisoned.header.questions[1:])
        takes = tuple(replace(take, command=text if take.command else "") for take in poisoned.takes)
        return replace(poisoned, header=replace(poisoned.header, questions=questions), takes=takes)

    return poison


@pytest.fixture
def hostile(with_words: Callable[[str], CallRecord]) -> CallRecord:
    return with_words(HOSTILE)


def test_hostile_words_stay_words_in_html(with_words: Callable[[str], CallRecord], hostile: CallRecord) -> None:
    harmless, page = Page(render(with_words("x" * len(HOSTILE)), "html")), Page(render(hostile, "html"))
    assert page.tags == harmless.tags
    assert not {"script", "img", "iframe", "object", "link", "base", "form", "input"} & set(page.tags)
    assert "<script>alert(1)</script>" in page.words  # shown, not run
    assert "{{ 7*7 }}" in page.words
    assert page.attributes == harmless.attributes
    assert not [value for _, name, value in page.attributes if name == "href"]


@pytest.mark.parametrize("form", FORMS)
def test_no_character_turns_or_hides_the_text(hostile: CallRecord, form: str) -> None:
    text = render(hostile, form)
    assert not re.search("[\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f\x00-\x09\x0b-\x1f\x7f-\x9f]", text)
    if form == "json":  # escaped there, so that nothing is lost
        assert json.loads(text)["call"]["company"] == HOSTILE


def test_a_page_loads_nothing_and_links_only_to_sources(record: CallRecord) -> None:
    text = render(record, "html")
    page = Page(text)
    assert {value for _, name, value in page.attributes if name in ("src", "href", "srcset", "action", "data")} == {
        "https://example.org/bucket?a=1&b=2",
        "https://example.org/sketch",
    }
    assert "url(" not in text
    assert "@import" not in text
    assert "default-src 'none'" in text
    assert "prefers-color-scheme: dark" in text


def test_every_tag_of_the_page_is_closed(record: CallRecord, hostile: CallRecord) -> None:
    void = {"meta", "br", "img", "hr", "link", "input"}
    for one in (record, hostile):
        text = render(one, "html")
        opened = [tag for tag in Page(text).tags if tag not in void]
        for tag in set(opened):
            assert opened.count(tag) == len(re.findall(f"</{tag}>", text)), tag


def test_hostile_words_stay_words_in_markdown(with_words: Callable[[str], CallRecord], hostile: CallRecord) -> None:
    text = render(hostile, "md")
    bare = re.sub(r"\\[!-/:-@\[-`{-~]", "", text)  # what is left has its meaning
    assert "<" not in bare.replace("(<", "")
    assert not re.search(r"\]\((?!<)", bare)
    assert "javascript:" not in "".join(re.findall(r"\]\(<[^>]*>\)", text))
    assert "://" not in bare
    assert "www." not in bare
    assert "@" not in bare
    assert "~~" not in bare
    assert "`code`" not in bare
    marks = r"^(?:#+|- |> |\d+\. |\|)"
    assert re.findall(marks, text, re.MULTILINE) == re.findall(
        marks, render(with_words("x" * len(HOSTILE)), "md"), re.MULTILINE
    )
    for row in re.findall(r"^\|.*\|$", bare, re.MULTILINE):
        assert row.count("|") == 4


@pytest.mark.parametrize(
    "line",
    [
        "# title",
        "- item",
        "+ item",
        "1. item",
        "1) item",
        "> quote",
        "```",
        "    code",
        "=====",
        "-----",
        "***",
        "| a |",
    ],
)
def test_a_typed_line_cannot_become_markup(record: CallRecord, line: str) -> None:
    takes = (replace(record.takes[0], transcript=typed(f"first\n{line}\nlast")),)
    text = render(replace(record, takes=takes), "md")
    (shown,) = re.findall(r"^> first\\\n> (.*)\\\n> last$", text, re.MULTILINE)
    assert not re.match(r"#|[-+=*>|`]|\d+[.)]|\s", shown)
    assert re.sub(r"\\(.)", r"\1", shown) == line.strip()


def test_a_call_that_was_broken_off_at_once_has_a_report(record: CallRecord) -> None:
    bare = CallRecord(replace(record.header, questions=(), candidate="", role=""), CallState.RUNNING, 0.0, (), ())
    report = build(bare)
    assert report.form is None
    assert "Nothing is judged yet." in to_markdown(report)
    assert "Nothing is judged yet." in to_html(report)
    assert json.loads(to_json(report))["form"] is None


def test_not_enough_evidence_is_said_and_never_a_number(record: CallRecord) -> None:
    assert record.form is not None
    signals = tuple(replace(line, mark=None) for line in record.form.signals)
    form = replace(record.form, band=Band.NOT_ENOUGH, next_round=None, signals=signals)
    text = render(replace(record, form=form, judgements=()), "md")
    assert "**Not enough evidence.** Next round: not enough evidence." in text
    assert " of 4" not in text.replace(" of 4 questions", "")
    assert "%" not in text


def test_an_answer_nobody_judged_is_not_judged_yet(record: CallRecord) -> None:
    statuses = [q.status.value for q in build(replace(record, judgements=())).questions]
    assert statuses == ["not judged yet", "not judged yet", "not answered", "not asked"]


def test_a_quote_whose_recording_is_gone_has_no_time(record: CallRecord) -> None:
    quote = build(replace(record, quote_takes={})).questions[0].points[0].quote
    assert quote is not None
    assert (quote.text, quote.start_s, quote.at) == ("token bucket", None, "")


def test_unsure_words_are_shown_as_unsure(record: CallRecord) -> None:
    assert '<span class="unsure" title="The recogniser was unsure of this.">Redis</span>' in render(record, "html")


def test_the_page_reaches_the_wheel() -> None:
    from hatchling.builders.wheel import WheelBuilder

    packed = {file.distribution_path for file in WheelBuilder(str(Path(__file__).parents[2])).recurse_project_files()}
    assert "hireflow_voice/report/templates/report.html.j2" in packed


def test_an_unknown_form_is_refused(record: CallRecord) -> None:
    with pytest.raises(InputError, match="no report of the form 'pdf'"):
        render(record, "pdf")


@pytest.mark.parametrize(
    ("delivery", "said"),
    [
        (
            Delivery(0.2, None, 0, (), 1.0, 1.2),
            (
                "First word after less than a second.",
                "No fillers noticed.",
                "About 1 second from the first word to the last.",
            ),
        ),
        (
            Delivery(None, 146.0, 1, ((2.0, 4.0),), 80.0, 200.0),
            (
                "About 150 words a minute.",
                "About 1 filler.",
                "One silence of about 2 seconds.",
                "About 3 minutes from the first word to the last.",
            ),
        ),
        (Delivery(None, None, 0, (), 0.0, 0.0, (60.0, 120.0)), ("No fillers noticed.",)),
        (
            Delivery(None, None, 0, (), 30.0, 31.0, (50.0, 110.0)),
            (
                "No fillers noticed.",
                "About 31 seconds from the first word to the last; a good answer here takes 50 to 110 seconds.",
            ),
        ),
    ],
)
def test_delivery_is_told_in_round_figures(delivery: Delivery, said: tuple[str, ...]) -> None:
    assert describe(delivery) == said


def test_what_was_corrected_by_hand_is_said_in_every_form(record: CallRecord) -> None:
    take = next(t for t in record.takes if t.transcript is not None and t.transcript.model)
    assert take.transcript is not None
    word = take.transcript.words[0]
    said = correct(take.transcript, word.start_char, word.end_char, "<b>Sync</b>")
    changed = replace(record, takes=tuple(replace(t, transcript=said) if t is take else t for t in record.takes))
    assert "Corrected by the candidate" in render(changed, "md")
    assert "&lt;b&gt;Sync&lt;/b&gt;" in render(changed, "html")
    kept = [t for t in _all(json.loads(render(changed, "json"))) if t["id"] == take.id]
    assert [one["written"] for one in kept[0]["transcript"]["by_hand"]] == ["<b>Sync</b>"]


def _all(report: dict[str, Any]) -> list[dict[str, Any]]:
    answers = [take for question in report["questions"] for take in question["answers"]]
    return [*report["introduction"], *report["own_questions"], *answers, *(f for a in answers for f in a["follow_ups"])]
