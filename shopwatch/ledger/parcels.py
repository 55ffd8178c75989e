"""Values on their way between two processes of this program, over a socket that only these two hold."""

import io
import pickle
import select
import socket
import struct
from typing import Any

_HEAD = struct.Struct("<I")
_AT_ONCE = 2**20


class Parcels:
    """One end of the socket. Raises `OSError` once the other end is gone.

    Of two ends that send much at the same time, one must receive beside it, in another thread.
    """

    def __init__(self, end: socket.socket) -> None:
        self._end = end
        self._heard = bytearray()

    def send(self, value: object) -> None:
        file = io.BytesIO()
        file.write(bytes(_HEAD.size))
        pickle.dump(value, file, pickle.HIGHEST_PROTOCOL)
        whole = file.getbuffer()
        _HEAD.pack_into(whole, 0, len(whole) - _HEAD.size)
        self._end.sendall(whole)

    def ready(self, seconds: float) -> bool:
        """Whether the other end has said something, or gone; waits up to `seconds` for it."""
        return bool(self._heard) or bool(select.select([self._end], [], [], seconds)[0])

    def receive(self) -> Any:
        """The next value. Raises `EOFError` where the other end has said its last."""
        (size,) = _HEAD.unpack(self._take(_HEAD.size))
        return pickle.loads(self._take(size))  # noqa: S301 - the other end of our own socket wrote it

    def close(self) -> None:
        """Say no more, and hear no more."""
        self._end.close()

    def _take(self, size: int) -> bytes:
        while len(self._heard) < size:
            piece = self._end.recv(_AT_ONCE)
            if not piece:
                raise EOFError
            self._heard += piece
        taken = bytes(self._heard[:size])
        del self._heard[:size]
        return taken
