"""Values on their way between two processes of this program, over a socket that only these two hold."""

import io
import pickle
import socket
import struct
from contextlib import suppress
from typing import Any

_HEAD = struct.Struct("<I")
_AT_ONCE = 2**18
"""Bytes; the room for them is kept, because new room each time costs more than what is read into it."""


def packed(value: object) -> memoryview:
    """`value` as it is sent."""
    file = io.BytesIO()
    file.write(bytes(_HEAD.size))
    pickle.dump(value, file, pickle.HIGHEST_PROTOCOL)
    whole = file.getbuffer()
    _HEAD.pack_into(whole, 0, len(whole) - _HEAD.size)
    return whole


class MessageSocket:
    """One end of the socket. Raises `OSError` once the other end is gone."""

    def __init__(self, end: socket.socket) -> None:
        self._end = end
        self._waiting = bytearray()
        self._heard = bytearray()
        self._piece = memoryview(bytearray(_AT_ONCE))

    def send(self, parcel: memoryview) -> bool:
        """Send what was packed. Where the socket does not block, what it does not take waits here for `push`: True."""
        sent = 0 if self._waiting else self._send_now(parcel)
        self._waiting += parcel[sent:]
        return bool(self._waiting)

    def push(self) -> bool:
        """Send what waits, or what of it the socket takes. True if some of it is left."""
        with memoryview(self._waiting) as waiting:
            sent = self._send_now(waiting)
        del self._waiting[:sent]
        return bool(self._waiting)

    def receive(self) -> list[Any]:
        """The values that have come by now; where the socket blocks, after a wait for some bytes.

        Raises `EOFError` where the other end has said its last.
        """
        try:
            count = self._end.recv_into(self._piece)
        except BlockingIOError:
            return []
        if not count:
            raise EOFError
        self._heard += self._piece[:count]
        values: list[Any] = []
        start = 0
        with memoryview(self._heard) as heard:
            while (begin := start + _HEAD.size) <= len(heard):
                (size,) = _HEAD.unpack_from(heard, start)
                if begin + size > len(heard):
                    break
                start = begin + size
                values.append(pickle.loads(heard[begin:start]))  # noqa: S301 - our own process wrote it
        del self._heard[:start]
        return values

    def _send_now(self, data: memoryview) -> int:
        sent = 0
        with suppress(BlockingIOError):
            while sent < len(data):
                sent += self._end.send(data[sent:])
        return sent
