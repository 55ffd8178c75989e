"""Where the measured rules send to: a mail server and another program, each of which takes everything at once."""

import asyncio
import json
from collections.abc import AsyncIterator

_READS = 65_536
_TAKEN = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


async def mail(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"220 sink\r\n")
    async for line in _lines(reader):
        word = line[:4].upper().strip()
        if word == b"DATA":
            writer.write(b"354 go on\r\n")
            await reader.readuntil(b"\r\n.\r\n")
        writer.write(b"250 ok\r\n" if word != b"QUIT" else b"221 bye\r\n")
        if word == b"QUIT":
            break
    writer.close()


async def _lines(reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
    while line := await reader.readline():
        yield line


async def program(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while await reader.read(_READS):
        writer.write(_TAKEN)
        break
    writer.close()


async def silence(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answers a knock, then takes everything and never answers."""
    told = await reader.read(_READS)
    if told.startswith(b"HEAD "):
        writer.write(_TAKEN)
        told = b""
    while told:
        told = await reader.read(_READS)
    writer.close()


async def serve() -> None:
    servers = [await asyncio.start_server(each, "127.0.0.1", 0) for each in (mail, program, silence)]
    ports = [server.sockets[0].getsockname()[1] for server in servers]
    print(json.dumps(dict(zip(("mail", "program", "silence"), ports, strict=True))), flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve())
