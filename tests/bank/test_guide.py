"""The guide for authors: its example is a company that can be called, and what it says of the rules is so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from hireflow_voice import resources
from hireflow_voice.bank.check import POINT_WORDS, STAGES, UNSOURCED, check
from hireflow_voice.bank.check_company import check_company
from hireflow_voice.bank.loader import load_banks, load_company
from hireflow_voice.cli.main import app
from hireflow_voice.verdict import SIGNALS

GUIDE = (resources.questions() / "README.md").read_text(encoding="utf-8")


@pytest.fixture
def acme(tmp_path: Path) -> Path:
    """The folder that somebody has who copied the example."""
    for name, text in re.findall(r"```yaml\n# (acme/[a-z-]+\.yaml)\n(.*?)```", GUIDE, re.DOTALL):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "acme"


def test_the_example_is_a_whole_company(acme: Path) -> None:
    company = load_company(acme / "company.yaml")
    (bank,) = load_banks(acme.parent)
    assert [finding for finding in check(bank) if "Nobody has opened" not in finding.text] == []
    assert [finding for finding in check_company(company, [bank]) if not finding.wish] == []
    assert company.place(bank.round) == 0


def test_the_command_of_the_guide_finds_nothing_to_mend(acme: Path) -> None:
    assert "`hireflow-voice questions check questions/acme`" in GUIDE
    done = CliRunner().invoke(app, ["questions", "check", str(acme)])
    assert done.exit_code == 0, done.output
    assert "acme/phone: 1 questions read." in done.output


def test_the_example_is_imported_called_by_its_name_exported_and_removed(acme: Path, tmp_path: Path) -> None:
    def run(*words: str) -> str:
        result = CliRunner().invoke(app, ["questions", *words], catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return result.output

    assert "1 rounds" not in run("import", str(acme))
    assert "acme/phone" in run("list")
    run("export", "acme", str(tmp_path / "acme.zip"))
    assert (tmp_path / "acme.zip").stat().st_size > 500
    run("remove", "acme")
    assert "acme/" not in run("list")


def test_the_guide_is_in_the_product_and_writes_its_example(acme: Path, tmp_path: Path) -> None:
    def run(*words: str) -> str:
        return str(CliRunner().invoke(app, ["questions", "guide", *words]).output)

    assert run() == GUIDE
    run("--example", str(tmp_path / "mine"))
    for name in ("company.yaml", "phone.yaml"):
        assert (tmp_path / "mine" / "acme" / name).read_text() == (acme / name).read_text()
    (tmp_path / "mine" / "acme" / "phone.yaml").write_text("mine", encoding="utf-8")
    done = CliRunner().invoke(app, ["questions", "guide", "--example", str(tmp_path / "mine")])
    assert "is there already" in str(done.exception)
    assert (tmp_path / "mine" / "acme" / "phone.yaml").read_text() == "mine"


def test_a_slip_in_it_is_named_with_its_line(acme: Path) -> None:
    path = acme / "phone.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("        weight: 3", "        wieght: 3"), encoding="utf-8"
    )
    done = CliRunner().invoke(app, ["questions", "check", str(acme)])
    assert done.exit_code != 0
    assert "acme/phone.yaml, line" in str(done.exception)


@pytest.mark.parametrize("flow", SIGNALS)
def test_the_table_of_flows_is_true(flow: str) -> None:
    (row,) = re.findall(rf"^\| `{flow}`[^|]*\|([^|]*)\|([^|]*)\|$", GUIDE, re.MULTILINE)
    assert [name.strip() for name in row[0].split(",")] == [signal.value for signal in SIGNALS[flow]]  # type: ignore[index]
    assert ("no sources" in row[1]) == (flow in UNSOURCED)
    assert ("stages" in row[1]) == (flow in STAGES)
    assert ", ".join(STAGES.get(flow, ())) in row[1]  # type: ignore[call-overload]


def test_the_limits_it_names_are_the_limits() -> None:
    assert f"in {POINT_WORDS[0]} to {POINT_WORDS[1]} words" in GUIDE
