"""Where the browser comes back to after a consent, and what else comes there."""

import logging
import socket

import pytest

from shopwatch.listener.redirect import redirect
from tests.listener.loopback import line


@pytest.mark.parametrize("data", [b"POST / /\r\n\r\n", b"\x16\x03\x01", b"GET / RTSP/1.0\r\n\r\n", b"GET  \r\n\r\n"])
async def test_what_is_no_request_takes_nothing_and_fills_no_log(data: bytes, caplog: pytest.LogCaptureFixture) -> None:
    """docs/attacks.md, P16: another program of this computer can say anything there."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    taken: list[str] = []

    def take(address: str) -> bool:
        taken.append(address)
        return True

    async with redirect(port, "/shopwatch", take), line(port) as talk:
        await talk.say(data)
        talk.writer.write_eof()
        heard = await talk.rest()
    assert not heard or heard.startswith((b"HTTP/1.1 4", b"HTTP/1.0 4"))
    assert taken == []
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]
