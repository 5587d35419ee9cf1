"""The entry in the menu of applications starts this very command, whatever its path looks like."""

from __future__ import annotations

import configparser
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from hireflow_voice.cli import desktop
from hireflow_voice.cli.main import run


@pytest.mark.parametrize("folder", ["bin", 'My $programs, 100% `free` \\ "quoted"'])
def test_it_is_installed_and_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str) -> None:
    program = tmp_path / folder / "hireflow-voice"
    program.parent.mkdir()
    program.touch()
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setattr(desktop.sys, "executable", str(program.parent / "python"))
    assert run(["desktop", "install"]) == 0
    entry = tmp_path / "data" / "applications" / "hireflow-voice.desktop"
    icon = tmp_path / "data" / "icons" / "hicolor" / "scalable" / "apps" / "hireflow-voice.svg"
    parsed = configparser.RawConfigParser(delimiters="=")
    parsed.optionxform = str  # type: ignore[method-assign,assignment]
    parsed.read(entry, encoding="utf-8")
    group = parsed["Desktop Entry"]
    assert group["Name"] == "HireFlow Voice"
    assert group["Icon"] == icon.stem
    value = group["Exec"].replace("\\\\", "\\").replace("%%", "%")
    assert re.sub(r"\\(.)", r"\1", value) == f'"{program}"'
    assert ElementTree.parse(icon).getroot().tag.endswith("svg")
    assert run(["desktop", "remove"]) == 0
    assert not entry.exists()
    assert not icon.exists()
    assert run(["desktop", "remove"]) == 0, "twice does no harm"
