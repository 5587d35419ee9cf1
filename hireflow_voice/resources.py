"""Files that ship with the product: `assets/` and `questions/`."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def _folder(name: str) -> Path:
    # A wheel carries the folders inside the package; a checkout has them beside it. Paths start from __file__,
    # because an editable install leaves a stale copy in site-packages that must stay unused.
    packed = _PACKAGE / "_data" / name
    return packed if packed.is_dir() else _PACKAGE.parent / name


def assets() -> Path:
    """Fonts, icons and licences."""
    return _folder("assets")


def questions() -> Path:
    """The question banks that ship, one folder a company."""
    return _folder("questions")
