"""A report on paper: A4 pages with their numbers, laid out by Qt."""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtCore import QMarginsF, QRectF, QSizeF, Qt
from PySide6.QtGui import QFont, QGuiApplication, QPageLayout, QPageSize, QPainter, QPdfWriter, QTextDocument

from hireflow_voice.errors import MachineError

DPI = 300
MARGIN_MM, FOOT_MM = 18.0, 10.0


def write_pdf(html: str, path: Path, title: str) -> int:
    """Print `html` (the report's form "print", in which every word from outside is escaped); the number of pages.

    Needs a QGuiApplication; any thread, as long as the document is used by no other. Raises MachineError when the file
    cannot be written; what was at `path` before is kept then.
    """
    beside = path.with_name(f".{path.name}.part")
    try:
        beside.touch()
        pages = _print(html, beside, title)
        if not beside.stat().st_size:
            raise OSError(0, "no room")
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise MachineError(
            f"The report could not be written to {path}: {error.strerror}.", "Choose another folder."
        ) from error
    return pages


def write_pdf_without_window(html: str, path: Path, title: str) -> int:
    """The same for a program that has no window and perhaps no screen. Raises MachineError."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    application = QGuiApplication.instance() or QGuiApplication([])
    try:
        return write_pdf(html, path, title)
    finally:
        del application


def _print(html: str, path: Path, title: str) -> int:
    writer = QPdfWriter(str(path))
    writer.setTitle(title)
    writer.setCreator("HireFlow Voice")
    writer.setResolution(DPI)
    margins = QMarginsF(MARGIN_MM, MARGIN_MM, MARGIN_MM, MARGIN_MM)
    writer.setPageLayout(
        QPageLayout(
            QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Portrait, margins, QPageLayout.Unit.Millimeter
        )
    )
    paper = QSizeF(writer.width(), writer.height() - FOOT_MM / 25.4 * DPI)
    document = QTextDocument()
    document.documentLayout().setPaintDevice(writer)
    font = QFont("Inter", 10)
    font.setStyleHint(QFont.StyleHint.SansSerif)
    document.setDefaultFont(font)
    document.setDocumentMargin(0)
    document.setHtml(html)
    document.setPageSize(paper)
    painter = QPainter(writer)
    pages = document.pageCount()
    small = QFont("Inter", 8)
    try:
        for number in range(pages):
            if number:
                writer.newPage()
            painter.save()
            painter.translate(0, -number * paper.height())
            document.drawContents(painter, QRectF(0, number * paper.height(), paper.width(), paper.height()))
            painter.restore()
            painter.setFont(small)
            foot = QRectF(0, paper.height(), paper.width(), writer.height() - paper.height())
            painter.drawText(foot, Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft, title)
            where = f"{number + 1} of {pages}"
            painter.drawText(foot, Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignRight, where)
    finally:
        painter.end()
    return pages
