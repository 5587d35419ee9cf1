"""Promises about the repository itself."""

from __future__ import annotations

import importlib.metadata
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
HEAVY = (
    "PySide6", "sounddevice", "soundfile", "soxr", "faster_whisper", "ctranslate2", "onnxruntime", "piper",
    "hibari", "livekit", "xllamacpp", "openai", "httpx2", "jinja2", "keyring", "wordfreq", "tokenizers",
)  # fmt: skip
TOP_LEVEL = {
    "hireflow_voice", "assets", "questions", "tests", "pyproject.toml", "README.md", "Makefile", "LICENSE",
    "CHANGELOG.md", "CONTRIBUTING.md", "requirements.lock", ".ci",
}  # fmt: skip


def tracked() -> list[str]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    return listed.stdout.splitlines()


def test_the_lock_pins_every_package_with_hashes_and_names_no_host() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in lock
    entries = re.split(r"\n(?=\S)", lock.strip())
    assert len(entries) > 80
    for entry in entries:
        assert re.match(r"[a-z0-9._-]+(\[[a-z0-9,._-]+\])?==[^ ;]+", entry), entry
        assert "--hash=sha256:" in entry, entry


def test_the_lock_answers_what_the_project_asks_for() -> None:
    asked = set(re.findall(r'^    "([a-z0-9-]+)[><=]', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.M))
    locked = set(
        re.findall(r"^([a-z0-9._-]+)(?:\[[^]]*\])?==", (ROOT / "requirements.lock").read_text(encoding="utf-8"), re.M)
    )
    assert asked - {"hatchling"} <= locked


def test_an_extra_that_a_package_asks_for_is_in_the_lock() -> None:
    """pip 23.2 calls a requirement with an extra unpinned, unless the lock names the extra: once a newer release was
    out, a fresh install failed on `coverage[toml]`, which pytest-cov asks for."""
    locked = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    names = re.findall(r"^([a-z0-9._-]+)(?:\[([^]]*)\])?==", locked, re.M)
    named = {(name, extra) for name, extras in names for extra in extras.split(",") if extra}
    known = {name for name, _ in names}
    for name in known:
        try:
            asked = importlib.metadata.requires(name) or []
        except importlib.metadata.PackageNotFoundError:
            continue  # meant for another system or Python
        for requirement in map(Requirement, asked):
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                wanted = {(canonicalize_name(requirement.name), extra) for extra in requirement.extras}
                assert wanted <= named, f"{name} asks for {requirement}"


def test_help_imports_nothing_heavy() -> None:
    probe = (
        "import sys\n"
        "from hireflow_voice.cli.main import run\n"
        "assert run(['--help']) == 0\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, timeout=60, check=True)
    assert done.stderr.strip() == "[]"


def test_the_top_level_holds_nothing_else() -> None:
    names = {path.split("/")[0] for path in tracked()}
    assert {name for name in names - TOP_LEVEL if not name.startswith(".")} == set()


def test_no_tracked_text_names_a_package_host() -> None:
    hosts = re.compile("|".join(("py" + r"pi\.org", "python" + "hosted", "registry" + r"\.npm", "deb" + r"\.debian")))
    guilty = []
    for name in tracked():
        path = ROOT / name
        if path.suffix in {".woff2", ".png"} or not path.is_file():
            continue
        if hosts.search(path.read_text(encoding="utf-8", errors="replace")):
            guilty.append(name)
    assert not guilty


@pytest.mark.slow
def test_the_wheel_carries_assets_questions_and_migrations(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True, timeout=120)
    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert any(name.startswith("hireflow_voice/_data/questions/cloudflare/") for name in names)
    assert any(name.startswith("hireflow_voice/_data/assets/") for name in names)
    assert any(name.endswith(".sql") for name in names)
    assert "hireflow_voice/py.typed" in names
