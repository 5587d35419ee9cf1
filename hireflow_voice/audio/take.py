"""Recordings on disk: written so that a kill at any moment keeps them, read by the length of the file.

A take is a WAV of 16-bit mono whose two size fields stay 0xFFFFFFFF while it is being written: every reader tried
(soundfile, PyAV, the standard library) then reads to the end of the file. Closing writes the true sizes.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import struct
import time
from pathlib import Path
from typing import Any, cast

import numpy as np

from hireflow_voice.audio.resample import StreamResampler
from hireflow_voice.errors import DataFolderUnusable, DiskFull, HireFlowError, SoundFileError
from hireflow_voice.sound import RATE, Pcm, Samples

_HEAD = struct.Struct("<4sI4s4sIHHIIHH4sI")
HEAD_BYTES = _HEAD.size  # 44
_OPEN = 0xFFFFFFFF
_RIFF_SIZE_AT, _DATA_SIZE_AT = 4, 40

SYNC_EVERY_S = 1.0
"""How often the disk is made to keep what was written: a power cut loses at most about this much."""

MAX_IMPORT_S = 60 * 60.0
MAX_IMPORT_BYTES = 1 << 30
"""An hour of 24-bit stereo at 44.1 kHz is 0.95 GB."""


def _head(rate: int, data: int) -> bytes:
    riff = _OPEN if data == _OPEN else data + HEAD_BYTES - 8
    return _HEAD.pack(b"RIFF", riff, b"WAVE", b"fmt ", 16, 1, 1, rate, 2 * rate, 2, 16, b"data", data)


def _failure(error: OSError, path: Path) -> HireFlowError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return DiskFull(
            "The disk is full: the answer so far is kept, but no more of it can be written.",
            f"Free some space on the disk that holds {path.parent}.",
        )
    return DataFolderUnusable(
        f"The recording {path.name} cannot be written: {os.strerror(error.errno or errno.EIO)}.",
        f"Check that {path.parent} can be written, or choose another data folder.",
    )


class TakeWriter:
    """Writes one take as it is heard. One thread at a time; never call it from an audio callback.

    Raises FileExistsError when `path` exists (a take is never overwritten), DiskFull or DataFolderUnusable when it
    cannot be written.
    """

    def __init__(self, path: Path, rate: int = RATE) -> None:
        self.path = path
        self.rate = rate
        self._samples = 0
        self._waiting = bytearray(_head(rate, _OPEN))
        """Not yet on disk: a full disk fills it, and the next write tries again."""
        flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC
        try:
            self._file: int | None = os.open(path, flags, 0o600)
        except FileExistsError:
            raise
        except OSError as error:
            raise _failure(error, path) from error
        try:
            self._drain()
            _sync_folder(path.parent)
        except BaseException:
            os.close(self._file)
            path.unlink(missing_ok=True)  # nothing is in it
            raise
        self._synced = time.monotonic()

    @property
    def seconds(self) -> float:
        """Length of everything that was given to `write`."""
        return self._samples / self.rate

    def write(self, samples: Samples) -> None:
        """Append. When it raises, the samples are kept and go to disk, in order, as soon as a later call can write."""
        if self._file is None:
            raise ValueError(f"{self.path.name} is closed")
        self._waiting += samples.astype("<i2", copy=False).tobytes()
        self._samples += len(samples)
        self._drain()
        now = time.monotonic()
        if now - self._synced >= SYNC_EVERY_S:
            self._synced = now
            try:
                os.fdatasync(self._file)
            except OSError as error:
                raise _failure(error, self.path) from error

    def cut_back(self, samples: int) -> None:
        """Forget everything after the first `samples`; what is written next follows them.

        Like `write` it may be killed at any moment: the take is then either as long as before or cut, and readable.
        Raises ValueError when the take is not so long or is closed, DiskFull or DataFolderUnusable.
        """
        if self._file is None:
            raise ValueError(f"{self.path.name} is closed")
        if not 0 <= samples <= self._samples:
            raise ValueError(f"{self.path.name} has {self._samples} samples, not {samples}")
        too_much = 2 * (self._samples - samples)
        held = min(too_much, len(self._waiting))  # not on disk yet
        try:
            if too_much > held:
                os.ftruncate(self._file, HEAD_BYTES + 2 * samples)
        except OSError as error:
            raise _failure(error, self.path) from error
        del self._waiting[len(self._waiting) - held :]
        self._samples = samples
        self._drain()

    def close(self) -> None:
        """Write what waits and the true sizes, and have the disk keep them. Idempotent.

        Raises DiskFull when something could not be written; the file is closed and readable nonetheless.
        """
        if self._file is None:
            return
        try:
            self._drain()
            os.fsync(self._file)
        except OSError as error:
            raise _failure(error, self.path) from error
        finally:
            os.close(self._file)
            self._file = None
            repair(self.path, self.rate)

    def _drain(self) -> None:
        """A full disk first takes a part of a write (even half a sample) and refuses the next one."""
        assert self._file is not None
        try:
            while self._waiting:
                written = os.write(self._file, self._waiting)
                del self._waiting[:written]
        except OSError as error:
            raise _failure(error, self.path) from error


def _sync_folder(folder: Path) -> None:
    """Have the disk keep the names in a folder; some file systems cannot, and lose nothing we could save."""
    with contextlib.suppress(OSError):
        fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)


def _rate_of(head: bytes, path: Path) -> int:
    """Sample rate from a take's header; its sizes are not looked at."""
    if len(head) == HEAD_BYTES:
        riff, _, wave, fmt, fmt_size, kind, channels, rate, _, frame, bits, data, _ = _HEAD.unpack(head)
        ours = (riff, wave, fmt, data) == (b"RIFF", b"WAVE", b"fmt ", b"data")
        if ours and (fmt_size, kind, channels, frame, bits) == (16, 1, 1, 2, 16) and rate:
            return int(rate)
    raise SoundFileError(f"{path.name} is not a recording made by HireFlow Voice.")


def repair(path: Path, rate: int = RATE) -> float:
    """Give a take the sizes that its file really has; its seconds.

    Idempotent, and may itself be killed at any moment: no sample is ever touched. A file that was killed before its
    header was whole becomes an empty take of `rate`. Raises SoundFileError when it is no take, DataFolderUnusable.
    """
    try:
        # Not O_APPEND: Linux would append what pwrite is told to put in front.
        fd = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except OSError as error:
        raise _failure(error, path) from error
    try:
        size = os.fstat(fd).st_size
        if size < HEAD_BYTES:
            if not _head(rate, _OPEN).startswith(os.pread(fd, size, 0)):
                raise SoundFileError(f"{path.name} is not a recording made by HireFlow Voice.")
            os.pwrite(fd, _head(rate, 0), 0)
            os.fsync(fd)
            return 0.0
        head = os.pread(fd, HEAD_BYTES, 0)
        rate = _rate_of(head, path)
        data = (size - HEAD_BYTES) // 2 * 2
        if data + HEAD_BYTES >= _OPEN:
            return data / 2 / rate  # 37 hours: the header has no room for such a size, and 0xFFFFFFFF is right
        if size != HEAD_BYTES + data:
            os.ftruncate(fd, HEAD_BYTES + data)  # half a sample
        if head != _head(rate, data):
            os.pwrite(fd, struct.pack("<I", data), _DATA_SIZE_AT)
            os.pwrite(fd, struct.pack("<I", data + HEAD_BYTES - 8), _RIFF_SIZE_AT)
            os.fsync(fd)
        return data / 2 / rate
    except OSError as error:
        raise _failure(error, path) from error
    finally:
        os.close(fd)


def read_take(path: Path) -> Pcm:
    """A take, finished or not: everything the file holds, whatever its header says. Raises SoundFileError."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise SoundFileError(
            f"The recording {path.name} cannot be read: {os.strerror(error.errno or errno.EIO)}."
        ) from error
    if len(content) < HEAD_BYTES and _head(RATE, _OPEN).startswith(content):
        return Pcm(np.zeros(0, np.int16), RATE)
    rate = _rate_of(content[:HEAD_BYTES], path)
    count = (len(content) - HEAD_BYTES) // 2
    return Pcm(np.frombuffer(content, "<i2", count, HEAD_BYTES).astype(np.int16), rate)


def read_sound(path: Path) -> Pcm:
    """A recording from elsewhere (WAV, FLAC, OGG; any rate, up to 8 channels) as 16 kHz mono.

    At most an hour and 1 GB; decoded block by block, because a header may promise anything. Slow: seconds for an hour.
    Raises SoundFileError.
    """
    try:
        about = path.stat()
    except OSError as error:
        raise SoundFileError(f"{path.name} cannot be read: {os.strerror(error.errno or errno.EIO)}.") from error
    if not stat.S_ISREG(about.st_mode):
        raise SoundFileError(f"{path.name} is not a file.")
    if about.st_size > MAX_IMPORT_BYTES:
        raise SoundFileError(f"{path.name} is larger than 1 GB.", "Cut it, or save it as FLAC or OGG.")
    import soundfile

    try:
        with soundfile.SoundFile(path) as file:
            return Pcm(_decoded(file, path), RATE)
    except HireFlowError:
        raise
    except Exception as error:  # a decoder fed with damaged bytes raises almost anything
        raise SoundFileError(
            f"{path.name} is not a recording that can be read.", "WAV, FLAC and OGG files work."
        ) from error


def _decoded(file: Any, path: Path) -> Samples:
    rate, channels = int(file.samplerate), int(file.channels)
    if not 4_000 <= rate <= 384_000 or not 1 <= channels <= 8:
        raise SoundFileError(f"{path.name} has {channels} channels at {rate} Hz, which no recorder makes.")
    to_16k = StreamResampler(rate, RATE)
    parts: list[Samples] = []
    heard = 0
    while len(block := file.read(65_536, dtype="float32", always_2d=True)):
        heard += len(block)
        if heard > MAX_IMPORT_S * rate:
            raise SoundFileError(f"{path.name} is longer than an hour.", "Cut it into pieces.")
        mono = np.nan_to_num(block, copy=False, nan=0.0, posinf=1.0, neginf=-1.0).mean(axis=1)
        parts.append(to_16k(np.rint(mono * 32768.0).clip(-32768, 32767).astype(np.int16)))
    parts.append(to_16k.flush())
    if not heard:
        raise SoundFileError(f"{path.name} holds no sound.")
    return cast(Samples, np.concatenate(parts))
