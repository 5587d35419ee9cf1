"""Takes on disk: whole for every reader, whole after a kill."""

from __future__ import annotations

import mmap
import os
import random
import resource
import signal
import struct
import time
import warnings
import wave
from pathlib import Path

import numpy as np
import pytest
import soundfile

from hireflow_voice.audio import take
from hireflow_voice.audio.take import TakeWriter, read_sound, read_take, repair
from hireflow_voice.errors import DataFolderUnusable, DiskFull, SoundFileError
from hireflow_voice.sound import RATE


def counting(first: int, count: int) -> np.ndarray:
    """Sample i is i % 30000: a reader sees what is missing, doubled or out of order."""
    return ((first + np.arange(count)) % 30_000).astype(np.int16)


@pytest.fixture
def written(tmp_path: Path) -> Path:
    path = tmp_path / "take.wav"
    writer = TakeWriter(path)
    for i in range(100):
        writer.write(counting(i * 320, 320))
    assert writer.seconds == 2.0
    writer.close()
    writer.close()
    return path


def test_a_closed_take_is_an_ordinary_wav(written: Path) -> None:
    with wave.open(str(written)) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth(), file.getnframes()) == (
            RATE,
            1,
            2,
            32_000,
        )
    samples, rate = soundfile.read(written, dtype="int16")
    assert rate == RATE
    assert np.array_equal(samples, counting(0, 32_000))
    assert written.stat().st_mode & 0o777 == 0o600
    assert struct.unpack_from("<I", written.read_bytes(), 4)[0] == written.stat().st_size - 8


@pytest.mark.parametrize("tail", [b"", b"\x01"])
def test_every_reader_hears_all_of_an_unfinished_take(tmp_path: Path, tail: bytes) -> None:
    path = tmp_path / "take.wav"
    writer = TakeWriter(path)
    writer.write(counting(0, 16_000))
    os.write(writer._file or -1, tail)
    head = path.read_bytes()[:44]
    assert head[4:8] == head[40:44] == b"\xff\xff\xff\xff"
    expected = counting(0, 16_000)
    assert np.array_equal(soundfile.read(path, dtype="int16")[0], expected)
    assert np.array_equal(read_take(path).samples, expected)
    assert np.array_equal(read_sound(path).samples, expected)
    with wave.open(str(path)) as file:
        assert np.array_equal(np.frombuffer(file.readframes(10**6)[:32_000], np.int16), expected)
    writer.close()


def test_a_take_never_overwrites_another(written: Path) -> None:
    before = written.read_bytes()
    with pytest.raises(FileExistsError):
        TakeWriter(written)
    assert written.read_bytes() == before


def test_repair_takes_the_length_from_the_file_and_twice_changes_nothing(written: Path) -> None:
    whole = written.read_bytes()
    for riff, data in [(0xFFFFFFFF, 0xFFFFFFFF), (36, 0), (5000, 4964), (len(whole) + 100, len(whole) + 64)]:
        damaged = bytearray(whole)
        struct.pack_into("<I", damaged, 4, riff)
        struct.pack_into("<I", damaged, 40, data)
        written.write_bytes(damaged + b"\x7f")
        assert repair(written) == 2.0
        assert written.read_bytes() == whole
        stamp = written.stat().st_mtime_ns
        assert repair(written) == 2.0
        assert written.stat().st_mtime_ns == stamp


@pytest.mark.parametrize("size", [0, 3, 43, 44])
def test_a_take_killed_in_its_header_becomes_an_empty_take(tmp_path: Path, size: int) -> None:
    path = tmp_path / "take.wav"
    TakeWriter(path).close()
    unfinished = path.read_bytes()[:4] + b"\xff" * 4 + path.read_bytes()[8:40] + b"\xff" * 4
    path.write_bytes(unfinished[:size])
    assert not len(read_take(path).samples)
    assert repair(path) == 0.0
    assert soundfile.info(path).frames == 0


def test_a_file_that_is_no_take_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "notes.wav"
    for content in (b"buy milk", b"buy milk" * 100):
        path.write_bytes(content)
        with pytest.raises(SoundFileError, match=r"notes\.wav is not a recording"):
            repair(path)
        with pytest.raises(SoundFileError):
            read_take(path)
        assert path.read_bytes() == content


def test_a_folder_that_is_not_there_is_the_machines_fault(tmp_path: Path) -> None:
    with pytest.raises(DataFolderUnusable, match="No such file"):
        TakeWriter(tmp_path / "gone" / "take.wav")
    with pytest.raises(DataFolderUnusable):
        repair(tmp_path / "gone.wav")
    with pytest.raises(SoundFileError):
        read_take(tmp_path / "gone.wav")


def test_a_full_disk_keeps_the_answer_and_goes_on_when_there_is_room(tmp_path: Path) -> None:
    """A file size limit fails like a full disk: a short write (here of half a sample), then an error."""
    path = tmp_path / "take.wav"
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    writer = TakeWriter(path)
    writer.write(counting(0, 1000))
    resource.setrlimit(resource.RLIMIT_FSIZE, (44 + 2 * 1500 + 1, hard))
    try:
        with pytest.raises(DiskFull, match="the answer so far is kept"):
            writer.write(counting(1000, 1000))
        assert path.stat().st_size == 44 + 3001
        with pytest.raises(DiskFull):
            writer.write(counting(2000, 1000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    writer.write(counting(3000, 1000))
    writer.close()
    assert np.array_equal(soundfile.read(path, dtype="int16")[0], counting(0, 4000))


def test_a_disk_that_stays_full_leaves_a_readable_take(tmp_path: Path) -> None:
    path = tmp_path / "take.wav"
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    writer = TakeWriter(path)
    resource.setrlimit(resource.RLIMIT_FSIZE, (44 + 2 * 1500 + 1, hard))
    try:
        with pytest.raises(DiskFull):
            writer.write(counting(0, 2000))
        with pytest.raises(DiskFull):
            writer.close()
        resource.setrlimit(resource.RLIMIT_FSIZE, (20, hard))
        with pytest.raises(DiskFull):
            TakeWriter(tmp_path / "second.wav")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert np.array_equal(soundfile.read(path, dtype="int16")[0], counting(0, 1500))
    assert not (tmp_path / "second.wav").exists()


def _record_for_ever(path: Path, delivered: mmap.mmap) -> None:
    """The child of a trial: real time, counts each block in shared memory before it hands it to the writer."""
    writer = TakeWriter(path)
    due, index = time.monotonic(), 0
    while True:
        delivered[:8] = struct.pack("<q", index + 320)
        writer.write(counting(index, 320))
        index += 320
        due += 0.02
        time.sleep(max(0.0, due - time.monotonic()))


def _repair_for_ever(path: Path) -> None:
    while True:
        fd = os.open(path, os.O_RDWR)
        os.pwrite(fd, b"\xff" * 4, 4)
        os.pwrite(fd, b"\xff" * 4, 40)
        os.close(fd)
        repair(path)


def _fork(work: object, *args: object) -> int:
    with warnings.catch_warnings():
        # Python 3.12 warns of the threads of libraries; the child runs nothing of theirs.
        warnings.simplefilter("ignore", DeprecationWarning)
        pid = os.fork()
    if pid == 0:
        try:
            work(*args)  # type: ignore[operator]
        finally:
            os._exit(1)
    return pid


def _kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL, "the child ended by itself: an error, not a trial"


def test_a_kill_while_recording_keeps_the_answer(tmp_path: Path) -> None:
    """120 recorders, 24 at a time, killed at random moments; then their repair is killed; nothing heard may be gone."""
    chance = random.Random(20261123)
    lost: list[int] = []
    for group in range(5):
        trials = []
        for number in range(24):
            path = tmp_path / f"{group}-{number}.wav"
            shared = mmap.mmap(-1, 8)
            trials.append((path, shared, _fork(_record_for_ever, path, shared)))
        started = time.monotonic()
        for at, (_, _, pid) in sorted((chance.uniform(0.05, 0.9), trial) for trial in trials):
            time.sleep(max(0.0, started + at - time.monotonic()))
            _kill(pid)
        for path, shared, _ in trials:
            delivered = struct.unpack("<q", shared[:8])[0]
            shared.close()
            if delivered == 0:
                continue  # killed before the first block
            kept = read_take(path).samples
            assert np.array_equal(kept, counting(0, len(kept)))
            assert soundfile.info(path).frames == len(kept)
            lost.append(delivered - len(kept))
    assert len(lost) >= 100
    assert max(lost) <= RATE // 10, f"{max(lost) / RATE * 1000:.0f} ms of an answer were lost"


def test_a_take_that_is_cut_back_goes_on_from_there(tmp_path: Path) -> None:
    path = tmp_path / "take.wav"
    writer = TakeWriter(path)
    writer.write(counting(0, 5000))
    writer.cut_back(3000)
    assert writer.seconds == 3000 / RATE
    assert path.read_bytes()[40:44] == b"\xff" * 4, "an open take has no size"
    assert np.array_equal(soundfile.read(path, dtype="int16")[0], counting(0, 3000))
    writer.write(counting(3000, 700))
    writer.cut_back(3700)
    writer.cut_back(3600)
    writer.close()
    assert np.array_equal(soundfile.read(path, dtype="int16")[0], counting(0, 3600))
    with pytest.raises(ValueError, match="closed"):
        writer.cut_back(0)


@pytest.mark.parametrize("samples", [-1, 1001])
def test_a_take_cannot_be_cut_where_it_is_not(tmp_path: Path, samples: int) -> None:
    writer = TakeWriter(tmp_path / "take.wav")
    writer.write(counting(0, 1000))
    with pytest.raises(ValueError, match="1000 samples"):
        writer.cut_back(samples)
    writer.close()
    assert repair(tmp_path / "take.wav") == 1000 / RATE


@pytest.mark.parametrize("keep", [1600, 1100, 400, 0])
def test_what_a_full_disk_did_not_take_is_cut_first(tmp_path: Path, keep: int) -> None:
    """1500 samples fit, 500 wait; then the take is cut to `keep`, and what follows it follows it."""
    path = tmp_path / "take.wav"
    writer = TakeWriter(path)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (44 + 3001, hard))  # the header, and half a sample too much
    try:
        writer.write(counting(0, 1000))
        with pytest.raises(DiskFull):
            writer.write(counting(1000, 1000))
        if keep > 1500:
            with pytest.raises(DiskFull):
                writer.cut_back(keep)
        else:
            writer.cut_back(keep)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    writer.write(counting(keep, 300))
    writer.close()
    assert np.array_equal(read_take(path).samples, counting(0, keep + 300))


def _cut_for_ever(path: Path, delivered: mmap.mmap) -> None:
    """Two steps forward, one back; never below what it counts in shared memory."""
    writer, index = TakeWriter(path), 0
    while True:
        delivered[:8] = struct.pack("<q", index)
        writer.write(counting(index, 640))
        writer.cut_back(index + 320)
        index += 320
        time.sleep(0.0005)


def test_a_kill_while_cutting_back_leaves_a_readable_take(tmp_path: Path) -> None:
    chance = random.Random(9)
    for number in range(30):
        path, shared = tmp_path / f"{number}.wav", mmap.mmap(-1, 8)
        pid = _fork(_cut_for_ever, path, shared)
        time.sleep(chance.uniform(0.02, 0.06))
        _kill(pid)
        (kept_at_least,) = struct.unpack("<q", shared[:8])
        shared.close()
        kept = read_take(path).samples
        assert np.array_equal(kept, counting(0, len(kept)))
        assert kept_at_least <= len(kept) <= kept_at_least + 640
        assert repair(path) == len(kept) / RATE


def test_a_kill_while_repairing_loses_nothing(written: Path) -> None:
    whole = written.read_bytes()
    chance = random.Random(4)
    for _ in range(40):
        pid = _fork(_repair_for_ever, written)
        time.sleep(chance.uniform(0.002, 0.02))
        _kill(pid)
        assert np.array_equal(read_take(written).samples, counting(0, 32_000))
        assert repair(written) == 2.0
        assert written.read_bytes() == whole


@pytest.mark.parametrize(
    ("suffix", "rate", "channels", "subtype"),
    [
        ("wav", 48_000, 2, "FLOAT"),
        ("wav", 44_100, 1, "PCM_24"),
        ("flac", 22_050, 1, "PCM_16"),
        ("ogg", 48_000, 1, "VORBIS"),
    ],
)
def test_recordings_from_elsewhere_become_16_khz_mono(
    tmp_path: Path, suffix: str, rate: int, channels: int, subtype: str
) -> None:
    path = tmp_path / f"answer.{suffix}"
    tone = 0.5 * np.sin(2 * np.pi * 440 * np.arange(3 * rate) / rate)
    soundfile.write(path, np.repeat(tone[:, None], channels, axis=1), rate, subtype=subtype)
    heard = read_sound(path)
    assert heard.rate == RATE
    assert heard.seconds == pytest.approx(3.0, abs=0.001)
    expected = 16384 * np.sin(2 * np.pi * 440 * np.arange(len(heard.samples)) / RATE)
    assert np.corrcoef(heard.samples, expected)[0, 1] > 0.999
    assert np.abs(heard.samples).max() == pytest.approx(16384, rel=0.05)


def test_16_bit_mono_at_16_khz_is_imported_bit_for_bit(written: Path) -> None:
    assert np.array_equal(read_sound(written).samples, counting(0, 32_000))


def test_nan_in_a_recording_is_silence(tmp_path: Path) -> None:
    path = tmp_path / "nan.wav"
    soundfile.write(path, np.array([0.5, np.nan, np.inf, -np.inf, 0.5] * 100), RATE, subtype="FLOAT")
    assert read_sound(path).samples[:5].tolist() == [16384, 0, 32767, -32768, 16384]


def test_hostile_recordings_are_refused_with_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(path: Path, why: str) -> None:
        with pytest.raises(SoundFileError, match=why):
            read_sound(path)

    noise = np.random.default_rng(1).integers(-9000, 9000, RATE).astype(np.int16)
    flac = tmp_path / "flipped.flac"
    soundfile.write(flac, noise, RATE)
    content = bytearray(flac.read_bytes())
    content[len(content) // 2] ^= 0xFF
    flac.write_bytes(content)
    refused(flac, "not a recording that can be read")
    (tmp_path / "text.ogg").write_bytes(b"once upon a time" * 50)
    refused(tmp_path / "text.ogg", "not a recording that can be read")
    refused(tmp_path / "gone.wav", "No such file")
    refused(tmp_path, "is not a file")
    os.mkfifo(tmp_path / "pipe.wav")
    refused(tmp_path / "pipe.wav", "is not a file")
    huge = tmp_path / "huge.wav"
    with huge.open("wb") as file:
        file.truncate(take.MAX_IMPORT_BYTES + 1)
    refused(huge, "larger than 1 GB")
    soundfile.write(tmp_path / "wide.wav", np.zeros((100, 9), np.int16), RATE)
    refused(tmp_path / "wide.wav", "9 channels")
    soundfile.write(tmp_path / "empty.wav", noise[:0], RATE)
    refused(tmp_path / "empty.wav", "holds no sound")
    soundfile.write(tmp_path / "long.wav", noise, RATE)
    monkeypatch.setattr(take, "MAX_IMPORT_S", 0.9)
    refused(tmp_path / "long.wav", "longer than an hour")


def test_the_disk_is_made_to_keep_the_answer_about_once_a_second(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[int] = []
    clock = [100.0]
    monkeypatch.setattr(os, "fdatasync", synced.append)
    monkeypatch.setattr(take.time, "monotonic", lambda: clock[0])
    writer = TakeWriter(tmp_path / "take.wav")
    for i in range(500):
        clock[0] += 0.02
        writer.write(counting(i * 320, 320))
    writer.close()
    assert 9 <= len(synced) <= 10
