"""A question bank comes from anywhere. None of these may be loaded, hang, or be refused without file and line."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from hireflow_voice.bank import plain_yaml
from hireflow_voice.bank.loader import load_bank, load_banks
from hireflow_voice.bank.models import Bank
from hireflow_voice.errors import QuestionBankError

Refusal = Callable[[str | bytes], str]
Load = Callable[[str | bytes], Bank]

LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{new}: &{new} [{', '.join(['*' + old] * 9)}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)

# What is written, the line that must be named, a word of the reason.
HOSTILE: dict[str, tuple[str | bytes, int, str]] = {
    "billion laughs": (LAUGHS, 1, "anchors"),
    "an alias to nowhere": ("company: *nobody\n", 1, "anchors"),
    "an anchor on a key": ("&a company: acme\n", 1, "anchors"),
    "a merge key": ("company: acme\n<<: {round: phone}\n", 2, "merge"),
    "a merge bomb": ("a: {x: y}\n<<: [{<<: {}}, {<<: {}}]\n", 2, "merge"),
    "a python tag": ("company: !!python/object/apply:os.system ['true']\n", 1, "tags"),
    "a plain tag": ("company: acme\nround: !!str phone\n", 2, "tags"),
    "a directive": ("%YAML 1.1\n---\ncompany: acme\n", 1, "directives"),
    "two documents": ("company: acme\n---\ncompany: other\n", 2, "second document"),
    "a repeated key": ("company: acme\nround: phone\ncompany: other\n", 3, "'company' is given twice"),
    "a list as a key": ("? [a, b]\n: c\n", 1, "key"),
    "100,000 brackets": ("[" * 100_000, 1, "nested"),
    "100,000 braces": ("{a: " * 100_000, 1, "nested"),
    "400,000 dashes": ("- " * 400_000, 1, "nested"),
    "a staircase": ("".join(" " * i + "a:\n" for i in range(1000)), 13, "nested"),
    "450,000 entries": ("questions: [" + "a," * 450_000 + "]", 1, "entries"),
    "a file without end of string": ('company: "' + "x" * 900_000, 1, "not valid YAML"),
    "unbalanced": ("company: acme\nround: [a\n", 3, "not valid YAML"),
    "tabs": ("company: acme\n\tround: phone\n", 2, "not valid YAML"),
    "a NUL byte": (b"company: acme\nround: pho\x00ne\n", 2, "U+0000"),
    "an escaped NUL": ('company: acme\nround: "pho\\0ne"\n', 2, "U+0000"),
    "an escape sequence of a terminal": (b"company: acme\nround: \x1b[2Jphone\n", 2, "U+001B"),
    "text that runs backwards": ("company: acme\nround: \u202eenohp\n", 2, "U+202E"),
    "the same, escaped": ('company: acme\nround: "\\u202eenohp"\n', 2, "U+202E"),
    "a space of no width": ("company: ac\u200bme\n", 1, "U+200B"),
    "half a surrogate pair": (b"company: \xed\xa0\x80\n", 1, "UTF-8"),
    "random bytes": (b"company: acme\n\x80\x81\xfe\xff" * 50, 2, "UTF-8"),
    "a compressed file": (b"\x1f\x8b\x08\x00" * 100, 1, "UTF-8"),
    "UTF-16": ("company: acme".encode("utf-16"), 1, "UTF-8"),
    "nothing at all": ("", 1, "empty"),
    "only a comment": ("# later\n", 1, "empty"),
    "a scalar": ("hello\n", 1, "mapping"),
    "a list": ("- a\n- b\n", 1, "mapping"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_yaml_is_refused_with_file_and_line(name: str, refusal: Refusal) -> None:
    text, line, reason = HOSTILE[name]
    sentence = refusal(text)
    assert sentence.startswith(f"acme/phone.yaml, line {line}: ")
    assert reason in sentence
    assert len(sentence) < 300


@pytest.mark.parametrize("found", ["<b>", "</b>", "<img src=x>", "<script>", "<!--", "&lt;", "&#60;", "<|im_start|>"])
def test_markup_in_a_text_is_refused(found: str, good: str, refusal: Refusal) -> None:
    sentence = refusal(good.replace("How do you cache?", f"How do {found} you cache?"))
    assert sentence.startswith("acme/phone.yaml, line 9: markup")


@pytest.mark.parametrize("said", ["fewer than 3 < 5 > 2 things", "cats & dogs", "a -> b", "R&D; then release"])
def test_signs_that_only_look_like_markup_are_text(said: str, good: str, load: Load) -> None:
    assert load(good.replace("How do you cache?", said)).questions[0].text == said


@pytest.mark.parametrize("identity", ["../etc", "a/b", "A", "a b", "..", ".", "~", "c:\\x", "a.yaml", "ä"])
def test_an_id_that_could_be_a_path_is_refused(identity: str, good: str, refusal: Refusal) -> None:
    company = refusal(good.replace("company: acme", f"company: '{identity}'"))
    assert company.startswith("acme/phone.yaml, line 1: company may hold only")
    point = refusal(good.replace("- id: eviction", f"- id: '{identity}'"))
    assert point.startswith("acme/phone.yaml, line 27: questions[1].key_points[2].id may hold only")


@pytest.mark.parametrize(
    "url",
    ["http://a.example/", "javascript:alert(1)", "file:///etc/passwd", "https://a b/", "https://u:p@h/", "https://"],
)
def test_a_source_that_is_no_https_address_is_refused(url: str, good: str, refusal: Refusal) -> None:
    sentence = refusal(good.replace("https://www.rfc-editor.org/rfc/rfc9111", f"'{url}'"))
    assert sentence == "acme/phone.yaml, line 22: questions[1].key_points[1].sources[1].url must be an https address."


def test_a_file_of_50_megabytes_is_refused_without_being_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "big.yaml"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    monkeypatch.setattr(plain_yaml, "parse", lambda *_: pytest.fail("the file was read"))
    with pytest.raises(QuestionBankError, match=r"big\.yaml: the file is larger than 1000 kB"):
        load_bank(path)


def test_without_libyaml_a_smaller_file_is_the_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, good: str
) -> None:
    monkeypatch.setattr(yaml, "__with_libyaml__", False)
    path = tmp_path / "phone.yaml"
    path.write_text(good)
    assert load_bank(path).company == "acme"
    path.write_text(good + "#" * 500_000)
    with pytest.raises(QuestionBankError, match="larger than 500 kB"):
        load_bank(path)


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path, good: str) -> None:
    outside = tmp_path / "outside.yaml"
    outside.write_text(good)
    folder = tmp_path / "questions" / "acme"
    folder.mkdir(parents=True)
    (folder / "phone.yaml").symlink_to(outside)
    for attempt in (lambda: load_bank(folder / "phone.yaml"), lambda: load_banks(tmp_path / "questions")):
        with pytest.raises(QuestionBankError, match=r"acme/phone\.yaml: this file is a link to a place outside"):
            attempt()


def test_a_linked_company_folder_is_refused(tmp_path: Path, good: str) -> None:
    (tmp_path / "acme").mkdir()
    (tmp_path / "acme" / "phone.yaml").write_text(good)
    (tmp_path / "questions").mkdir()
    (tmp_path / "questions" / "acme").symlink_to(tmp_path / "acme")
    with pytest.raises(QuestionBankError, match="outside the bank's folder"):
        load_banks(tmp_path / "questions")


def test_a_link_inside_the_folder_is_fine(tmp_path: Path, good: str) -> None:
    (tmp_path / "real.yaml").write_text(good)
    (tmp_path / "phone.yaml").symlink_to(tmp_path / "real.yaml")
    assert load_bank(tmp_path / "phone.yaml").round == "phone"


def test_what_is_no_regular_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "folder.yaml").mkdir()
    (tmp_path / "loop.yaml").symlink_to("loop.yaml")
    for name, reason in (
        ("pipe", "not a regular file"),
        ("folder", "regular file|Is a directory"),
        ("loop", "cannot be read"),
        ("gone", "No such file"),
    ):
        with pytest.raises(QuestionBankError, match=rf"{name}\.yaml: .*({reason})"):
            load_bank(tmp_path / f"{name}.yaml")


def test_a_path_with_a_nul_is_refused(tmp_path: Path) -> None:
    with pytest.raises(QuestionBankError, match="cannot be"):
        load_bank(tmp_path / "a\0b.yaml")


def test_40000_empty_questions_are_one_complaint_not_320000(good: str, refusal: Refusal) -> None:
    sentence = refusal(good.split("questions:")[0] + "questions:\n" + "- {}\n" * 40_000)
    assert sentence.startswith("acme/phone.yaml, line 8: questions[1].id is missing (7 more")


def test_a_message_never_shows_more_than_a_line_of_what_was_written(refusal: Refusal) -> None:
    key = "k" * 100_000
    assert len(refusal(f"? {key}\n: a\n? {key}\n: b\n")) < 150
    assert len(refusal(f'"{"<b " + "x" * 100_000}>": a\n')) < 200
