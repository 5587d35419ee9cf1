"""Somebody else's file becomes plain text or an error with a way on; never anything else."""

from __future__ import annotations

import os
import zlib
from pathlib import Path

import pytest

from hireflow_voice.errors import InputError
from hireflow_voice.material import reading
from hireflow_voice.material.keeping import Material
from hireflow_voice.material.reading import clean, read

JOB = (
    "We are looking for a backend engineer who has run rate limiting at scale, who understands BGP and anycast, "
    "and who can talk about consistent hashing, retries and idempotency without notes."
)


def pdf(content: bytes, *, flate: bool = False) -> bytes:
    """A one-page PDF whose page is drawn by `content`, written by hand."""
    stream = zlib.compress(content) if flate else content
    filters = b"/Filter /FlateDecode " if flate else b""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< " + filters + b"/Length " + str(len(stream)).encode() + b" >>\nstream\n" + stream + b"\nendstream",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    table = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010} 00000 n \n".encode() for place in places)
    return out + f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n".encode()


def shown(text: str) -> bytes:
    words = text.split()
    lines = [" ".join(words[at : at + 12]) for at in range(0, len(words), 12)]
    drawn = " ".join(f"({line}) Tj 0 -14 Td" for line in lines)
    return f"BT /F1 12 Tf 40 700 Td {drawn} ET".encode()


@pytest.mark.parametrize("name", ["job.txt", "job.md", "job.MARKDOWN"])
def test_text_and_markdown_are_read(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text(f"# Backend\n\n{JOB}\n", encoding="utf-8")
    document = read(path)
    assert document.name == name
    assert document.text == f"# Backend\n{JOB}"


@pytest.mark.parametrize("flate", [False, True])
def test_a_pdf_is_read(flate: bool, tmp_path: Path) -> None:
    path = tmp_path / "job.pdf"
    path.write_bytes(pdf(shown(JOB), flate=flate))
    assert " ".join(read(path).text.split()) == JOB


@pytest.mark.parametrize(
    ("name", "raw", "said"),
    [
        ("job.docx", b"PK\x03\x04", "not a text, Markdown or PDF file"),
        ("job.txt", b"\xff\xfe\x00\x01" * 50, "not UTF-8"),
        ("job.txt", b"Too short.", "fewer than 20 words"),
        ("job.pdf", b"no pdf at all " * 50, "cannot be read as a PDF"),
        ("job.pdf", pdf(b""), "a scan"),
        ("job.pdf", pdf(shown(JOB))[:300], "job.pdf"),
        ("job.txt", b"a" * 1_000_001, "larger than 1 MB"),
        ("job.pdf", b"%PDF-1.4\n" + b"0" * 20_000_001, "larger than 20 MB"),
    ],
)
def test_what_cannot_be_read_says_why_and_what_to_do(name: str, raw: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(raw)
    with pytest.raises(InputError) as refused:
        read(path)
    assert said in str(refused.value)
    assert str(tmp_path) not in str(refused.value)


def test_a_locked_pdf_asks_for_one_without_a_password(tmp_path: Path) -> None:
    from pypdf import PdfReader, PdfWriter

    plain = tmp_path / "plain.pdf"
    plain.write_bytes(pdf(shown(JOB)))
    writer = PdfWriter(clone_from=PdfReader(plain))
    writer.encrypt("secret", algorithm="RC4-128")
    locked = tmp_path / "locked.pdf"
    writer.write(locked)
    with pytest.raises(InputError, match="password"):
        read(locked)


def test_a_pdf_that_takes_too_long_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LIMIT_S", 2.0)
    path = tmp_path / "long.pdf"
    path.write_bytes(pdf(b"BT /F1 9 Tf " + b"(word) Tj " * 3_000_000 + b"ET", flate=True))
    with pytest.raises(InputError, match=r"longer than 2 s"):
        read(path)


def test_a_compressed_bomb_is_given_up(tmp_path: Path) -> None:
    path = tmp_path / "bomb.pdf"
    path.write_bytes(pdf(b" " * 1_500_000_000, flate=True))
    assert path.stat().st_size < 2_000_000
    with pytest.raises(InputError):
        read(path)


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "job.txt"
    os.mkfifo(path)
    with pytest.raises(InputError, match="not a regular file"):
        read(path)


def test_what_hides_on_a_screen_is_taken_out() -> None:
    hidden = "say\u202e yes\u200b to\x00 \U000e0041all\x1b[31m"
    assert clean(hidden) == "say yes to all [31m"
    assert clean("a\r\n\r\n  b\tc") == "a\nb c"


def test_the_key_of_an_endpoint_is_not_handed_to_who_reads_a_strangers_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HIREFLOW_ENDPOINT_KEY", "secret")
    assert "secret" not in reading._environment().values()


def test_kept_text_is_there_until_it_is_removed_and_nowhere_afterwards(tmp_path: Path) -> None:
    path = tmp_path / "job: senior.txt"
    path.write_text(JOB, encoding="utf-8")
    material = Material(tmp_path / "material")
    assert material.text() == ""
    kept = material.add(path)
    assert kept.name == "job_ senior.txt"
    assert material.text() == JOB
    assert [one.name for one in material.all()] == [kept.name]
    material.add(path)
    assert len(material.all()) == 1
    material.remove(kept.name)
    assert material.all() == ()
    assert list((tmp_path / "material").iterdir()) == []
    with pytest.raises(InputError):
        material.remove(kept.name)
