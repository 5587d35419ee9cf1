"""A sound card that exists only in memory: a private PulseAudio, for real PortAudio in tests.

Needs the Debian packages pulseaudio, pulseaudio-utils, libasound2-plugins and libportaudio2; no /dev/snd, kernel
module, D-Bus or systemd, and runs as root. PortAudio lists its microphone as `hf_mic` and its speaker as `hf_speaker`.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

MICROPHONE = "hf_mic"
SPEAKER = "hf_speaker"
RATE = 48_000

MICROPHONE_MODULE = ("module-remap-source", f"source_name={MICROPHONE}", "master=hf_micfeed.monitor", "remix=no")

HEADSET = "hf_headset"
"""A second pair of devices that is not there at first (`VirtualCard.plug_in`): PortAudio's name of both, and the
server's of the microphone."""
HEADSET_SPEAKER = f"{HEADSET}_speaker"
"""The server's name of the other; the two must differ there."""

# norewinds=1: without it a null sink renders 2 s blocks, and the first callback comes about a second late.
_SCRIPT = f"""\
.fail
load-module module-native-protocol-unix socket={{socket}} auth-anonymous=1
load-module module-null-sink sink_name={SPEAKER} rate={RATE} channels=2 norewinds=1
load-module module-null-sink sink_name=hf_micfeed rate={RATE} channels=1 norewinds=1
load-module {" ".join(MICROPHONE_MODULE)}
set-default-sink {SPEAKER}
set-default-source {MICROPHONE}
"""
_LISTED = {MICROPHONE: "microphone of the tests", SPEAKER: "speaker of the tests"}


def _alsa(names: dict[str, str]) -> str:
    """Named devices, so that PortAudio lists one for each."""
    rows = [
        f'pcm.{name} {{ type asym hint {{ show on description "{text}" }} '
        f"playback.pcm {{ type pulse device {HEADSET_SPEAKER if name == HEADSET else name} }} "
        f"capture.pcm {{ type pulse device {name} }} }}"
        for name, text in names.items()
    ]
    return "\n".join(["</usr/share/alsa/alsa.conf>", *rows, ""])


class VirtualCard:
    """One running card. `env` points PortAudio and the pulse tools at it (a value None means: unset)."""

    def __init__(self, folder: Path) -> None:
        self._log = folder / "pulse.log"
        self._script = folder / "card.pa"
        # A socket's path has room for 107 bytes, which a test's own folder may exceed.
        self._home = Path(tempfile.mkdtemp(prefix="hf-card-"))
        socket = self._home / "native"
        self._script.write_text(_SCRIPT.format(socket=socket))
        self._alsa = folder / "asound.conf"
        self._alsa.write_text(_alsa(_LISTED))
        for name in ("run", "state", "config"):
            (self._home / name).mkdir(mode=0o700)
        self.env: dict[str, str | None] = {
            "PULSE_SERVER": f"unix:{socket}",
            "PULSE_RUNTIME_PATH": str(self._home / "run"),
            "PULSE_STATE_PATH": str(self._home / "state"),
            "PULSE_CONFIG_PATH": str(self._home / "config"),
            "PULSE_COOKIE": str(self._home / "cookie"),
            "XDG_RUNTIME_DIR": str(self._home / "run"),
            "ALSA_CONFIG_PATH": str(folder / "asound.conf"),
            "JACK_NO_START_SERVER": "1",
            "DBUS_SESSION_BUS_ADDRESS": None,
            "DISPLAY": None,
        }
        self._clients: list[subprocess.Popen[bytes]] = []
        self._server: subprocess.Popen[bytes] | None = None
        try:
            self.start_server()
        except BaseException:
            self.stop()
            raise

    @property
    def process_env(self) -> dict[str, str]:
        """The whole environment for a process that is to use this card."""
        env = {name: value for name, value in os.environ.items() if self.env.get(name, "") is not None}
        return env | {name: value for name, value in self.env.items() if value is not None}

    def start_server(self) -> None:
        """Start the daemon; raises RuntimeError with its log when it does not come up whole within 10 s."""
        command = ["pulseaudio", "-n", "-F", str(self._script), "--daemonize=no", "--use-pid-file=no"]
        command += ["--exit-idle-time=-1", "--realtime=no", "--high-priority=no", f"--log-target=newfile:{self._log}"]
        if shutil.which("setpriv"):  # a killed test run leaves no daemon behind
            command = ["setpriv", "--pdeathsig", "TERM", *command]
        try:
            self._server = subprocess.Popen(
                command,
                env=self.process_env,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        except FileNotFoundError as error:
            raise RuntimeError("the virtual sound card needs: apt-get install pulseaudio pulseaudio-utils") from error
        deadline = time.monotonic() + 10
        # A bad module line does not stop the daemon, so look for the names.
        while not {MICROPHONE, f"{SPEAKER}.monitor"} <= self._sources():
            if self._server.poll() is not None or time.monotonic() > deadline:
                log = self._log.read_text(errors="replace")[-2000:] if self._log.exists() else "no log"
                raise RuntimeError(f"the virtual sound card did not start: {log}")
            time.sleep(0.05)

    def kill_server(self) -> None:
        """As a crash of the sound system would."""
        assert self._server is not None
        self._server.kill()
        self._server.wait()
        (self._home / "native").unlink(missing_ok=True)

    def freeze_server(self) -> None:
        """The sound system hangs until `thaw_server`."""
        assert self._server is not None
        self._server.send_signal(signal.SIGSTOP)

    def thaw_server(self) -> None:
        assert self._server is not None
        self._server.send_signal(signal.SIGCONT)

    def feed(self, wav: Path, sink: str = "hf_micfeed") -> subprocess.Popen[bytes]:
        """Let the microphone hear a WAV; the process ends when it has been heard."""
        return self._client(["paplay", f"--device={sink}", str(wav)])

    @contextlib.contextmanager
    def record_speaker(self, raw: Path, sink: str = SPEAKER) -> Iterator[Path]:
        """Write what the speaker plays meanwhile to `raw`: headerless 16-bit mono at 48 kHz, and half a second more."""
        monitor = ["parec", f"--device={sink}.monitor", "--format=s16le", f"--rate={RATE}", "--channels=1", "--raw"]
        with raw.open("wb") as out:
            process = self._client([*monitor, "--latency-msec=20"], out)
            deadline = time.monotonic() + 10
            while not raw.stat().st_size:  # it listens as soon as the first bytes arrive, silence included
                if process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError("parec does not record")
                time.sleep(0.01)
            try:
                yield raw
                # parec writes what it hears some 50 ms late: what was played just now is still on its way.
                enough, deadline = raw.stat().st_size + RATE, time.monotonic() + 5
                while raw.stat().st_size < enough and process.poll() is None and time.monotonic() < deadline:
                    time.sleep(0.01)
            finally:
                self._end(process)

    def load_module(self, *module: str) -> str:
        """Load a module, by default the microphone's; its id."""
        return self.pactl("load-module", *(module or MICROPHONE_MODULE))

    def unload_module(self, name: str = MICROPHONE_MODULE[0]) -> None:
        """Unload by name or id; by default the microphone is pulled out."""
        self.pactl("unload-module", name)

    def plug_in(self, rate: int = RATE) -> None:
        """A headset, fed through the sink hf_headset_feed."""
        feed = f"{HEADSET}_feed"
        self.load_module("module-null-sink", f"sink_name={feed}", f"rate={rate}", "channels=1", "norewinds=1")
        self.load_module(
            "module-null-sink", f"sink_name={HEADSET_SPEAKER}", f"rate={rate}", "channels=1", "norewinds=1"
        )
        self.load_module("module-remap-source", f"source_name={HEADSET}", f"master={feed}.monitor", "remix=no")

    def show_headset(self) -> None:
        """Have PortAudio list the headset, there or not, from when it starts next: as PulseAudio's names do."""
        self._alsa.write_text(_alsa(_LISTED | {HEADSET: "headset of the tests"}))

    def pull_out(self) -> None:
        """The headset is gone, both parts."""
        for row in self.pactl("list", "short", "modules").splitlines():
            if HEADSET in row:
                with contextlib.suppress(subprocess.CalledProcessError):  # one takes another with it
                    self.unload_module(row.split("\t")[0])

    def suspend(self, suspended: bool = True, source: str = MICROPHONE) -> None:
        """The microphone stops to deliver anything, or goes on."""
        self.pactl("suspend-source", source, "1" if suspended else "0")

    def pactl(self, *words: str) -> str:
        """Ask the server; raises CalledProcessError when it refuses."""
        done = subprocess.run(
            ["pactl", *words], env=self.process_env, capture_output=True, text=True, check=True, timeout=10
        )
        return done.stdout.strip()

    def stop(self) -> None:
        """End everything this card started. Idempotent."""
        for process in self._clients:
            self._end(process)
        self._clients.clear()
        if self._server is not None:
            self._server.send_signal(signal.SIGCONT)  # it may be frozen
            self._end(self._server)
        shutil.rmtree(self._home, ignore_errors=True)

    def _client(self, command: list[str], out: object = subprocess.DEVNULL) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            command,
            env=self.process_env,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.DEVNULL,  # type: ignore[call-overload]
        )
        self._clients.append(process)
        return process

    def _sources(self) -> set[str]:
        with contextlib.suppress(subprocess.SubprocessError):
            return {row.split("\t")[1] for row in self.pactl("list", "short", "sources").splitlines()}
        return set()

    @staticmethod
    def _end(process: subprocess.Popen[bytes]) -> None:
        if process.poll() is None:
            process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def start_card(folder: Path) -> VirtualCard:
    """Start a card whose files are in `folder` (and a short folder of its own); raises RuntimeError where it cannot."""
    return VirtualCard(folder)
