"""Frames on the pipe between the application and the worker: a fixed header, then a pickle.

Both ends are our own processes, joined by a socket pair that nobody else can reach; that is why pickle is safe here.
"""

from __future__ import annotations

import pickle
import socket
import struct
from collections import deque
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

_HEADER = struct.Struct("!BQQ")
"""Kind, id, bytes of the payload."""
_READ = 1 << 18
"""Bytes asked for in one read: a chunk of speech is four of them."""


class Kind(IntEnum):
    """What a frame carries."""

    JOB = 1
    """To the worker: a pickled job."""
    READY = 2
    """From the worker, once: it listens."""
    RESULT = 3
    ERROR = 4
    """A pickled HireFlowError."""
    LOG = 5
    """A pickled (level, logger's name, text)."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One message."""

    kind: Kind
    id: int
    """Of the job; 0 for frames that belong to none."""
    payload: bytes | bytearray


def pack(value: Any) -> bytes:
    """Protocol 5 writes an array straight into the pickle, without a copy of its own."""
    return pickle.dumps(value, protocol=5)


def unpack(payload: bytes | bytearray) -> Any:
    """The value of `pack`."""
    return pickle.loads(payload)


def send(connection: socket.socket, kind: Kind, id_: int, payload: bytes) -> None:
    """Blocking; one caller at a time. Raises OSError when the other end is gone."""
    connection.sendall(_HEADER.pack(kind, id_, len(payload)))
    connection.sendall(payload)


def receive(connection: socket.socket) -> Frame | None:
    """Blocking; the next frame, None at the end of the pipe."""
    header = _exactly(connection, _HEADER.size)
    if header is None:
        return None
    kind, id_, length = _HEADER.unpack(header)
    payload = _exactly(connection, length)
    return None if payload is None else Frame(Kind(kind), id_, payload)


def _exactly(connection: socket.socket, length: int) -> bytearray | None:
    buffer = bytearray(length)
    view, filled = memoryview(buffer), 0
    while filled < length:
        try:
            count = connection.recv_into(view[filled:])
        except OSError:
            return None
        if count == 0:
            return None
        filled += count
    return buffer


class Outgoing:
    """Frames that wait to be written to a socket that must not block."""

    def __init__(self) -> None:
        self._waiting: deque[memoryview] = deque()

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def put(self, kind: Kind, id_: int, payload: bytes) -> None:
        """Append a frame; the payload is not copied."""
        self._waiting += (memoryview(_HEADER.pack(kind, id_, len(payload))), memoryview(payload))

    def write(self, connection: socket.socket) -> None:
        """As much as the socket takes now. Raises OSError when the other end is gone."""
        while self._waiting:
            head = self._waiting[0]
            try:
                count = connection.send(head)
            except BlockingIOError:
                return
            if count == len(head):
                self._waiting.popleft()
            else:
                self._waiting[0] = head[count:]


class Incoming:
    """Frames out of the bytes of a socket that must not block."""

    def __init__(self) -> None:
        self._header = bytearray()
        self._frame: tuple[int, int] | None = None  # kind and id of the frame whose payload is being read
        self._payload = bytearray()
        self._length = 0

    def read(self, connection: socket.socket) -> tuple[list[Frame], bool]:
        """Whole frames that have arrived, and whether the pipe is still open."""
        frames: list[Frame] = []
        while True:
            wanted = _HEADER.size - len(self._header) if self._frame is None else self._length - len(self._payload)
            try:
                data = connection.recv(min(wanted, _READ)) if wanted else b""
            except BlockingIOError:
                return frames, True
            except OSError:
                return frames, False
            if wanted and not data:
                return frames, False
            if self._frame is None:
                self._header += data
                if len(self._header) == _HEADER.size:
                    kind, id_, self._length = _HEADER.unpack(self._header)
                    self._frame, self._payload = (kind, id_), bytearray()
                    self._header.clear()
            else:
                self._payload += data
            if self._frame is not None and len(self._payload) == self._length:
                frames.append(Frame(Kind(self._frame[0]), self._frame[1], self._payload))
                self._frame, self._payload = None, bytearray()
