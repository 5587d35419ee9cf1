"""The report on paper: pages that are counted, words that are in it, and nothing half written."""

from __future__ import annotations

import re
import zlib
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from hireflow_voice.errors import MachineError
from hireflow_voice.report import PRINT, render
from hireflow_voice.ui.pdf import write_pdf


@pytest.fixture
def html(fakes: Any) -> str:
    return render(fakes.make_record(), PRINT)


def test_the_report_is_printed_on_as_many_pages_as_it_says(qapp: QApplication, html: str, tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    pages = write_pdf(html, path, "Cloudflare: Technical phone interview")
    data = path.read_bytes()
    assert data.startswith(b"%PDF-")
    assert pages >= 2
    assert len(re.findall(rb"/Type\s*/Page\b", data)) == pages
    drawn = [zlib.decompress(s) for s in re.findall(rb"stream\r?\n(x.*?)\r?\nendstream", data, re.S) if s[:1] == b"x"]
    assert sum(b"Tj" in page or b"TJ" in page for page in drawn) >= pages, "there is text on every page"
    assert not list(tmp_path.glob(".*"))


def test_words_from_outside_stay_words(qapp: QApplication, fakes: Any) -> None:
    from dataclasses import replace

    record = fakes.make_record()
    table = "<table>" * 30
    evil = replace(record, header=replace(record.header, company=table + "<img src=/etc/passwd>"))
    page = render(evil, PRINT)
    assert "<img" not in page
    assert table not in page


def test_a_place_that_cannot_be_written_is_said_and_the_old_report_stays(
    qapp: QApplication, html: str, tmp_path: Path
) -> None:
    with pytest.raises(MachineError, match="could not be written"):
        write_pdf(html, tmp_path / "no" / "report.pdf", "x")
    (tmp_path / "report.pdf").mkdir()
    with pytest.raises(MachineError):
        write_pdf(html, tmp_path / "report.pdf", "x")
    assert not list(tmp_path.glob(".*"))
