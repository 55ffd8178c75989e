"""The way to a database server is cut, so that nobody hears anything, not even that the other side has gone."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Self

import pytest
from sqlalchemy.engine import make_url

from shopwatch.domain.errors import Outage
from shopwatch.domain.facts import Outcome
from shopwatch.ledger import Ledger
from shopwatch.ledger.sales.query import SalesQuery
from tests.ledger.arrivals import paid, told

pytestmark = pytest.mark.skipif("SHOPWATCH_POSTGRES" not in os.environ, reason="see make postgres")


class Wire:
    """Carries what is said between a client and the server at `port`, as long as it is whole.

    It breaks at once by `cut`, or at the next commit by `cut_at_commit`: that reaches the server, its answer nobody.
    """

    def __init__(self, port: int) -> None:
        self._port = port
        self._whole = True
        self._breaks_at_commit = False
        self._open: set[asyncio.StreamWriter] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", 0)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for each in self._open:
            each.close()
        await self._server.wait_closed()

    @property
    def port(self) -> int:
        return int(self._server.sockets[0].getsockname()[1])

    def cut(self) -> None:
        self._whole = False

    def cut_at_commit(self) -> None:
        self._breaks_at_commit = True

    def mend(self) -> None:
        """Carry what is said on new connections; those of before stay silent."""
        self._whole = True

    async def _carry(self, client: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
        self._open.add(to_client)
        if not self._whole:
            return
        server, to_server = await asyncio.open_connection("127.0.0.1", self._port)
        self._open.add(to_server)
        async with asyncio.TaskGroup() as both:
            both.create_task(self._pass_on(client, to_server, watched=True))
            both.create_task(self._pass_on(server, to_client))

    async def _pass_on(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, watched: bool = False
    ) -> None:
        with suppress(OSError):
            while said := await reader.read(2**16):
                if not self._whole:
                    return
                if watched and self._breaks_at_commit and b"COMMIT" in said:
                    self._breaks_at_commit = False
                    self._whole = False
                writer.write(said)
                await writer.drain()
        if self._whole:
            writer.close()


@pytest.fixture
async def wire(place: str) -> AsyncIterator[Wire]:
    async with Wire(make_url(place).port or 5432) as wire:
        yield wire


@pytest.fixture
async def far(place: str, wire: Wire) -> AsyncIterator[Ledger]:
    """The ledger at the other end of the wire."""
    url = make_url(place).set(port=wire.port).render_as_string(hide_password=False)
    ledger = await asyncio.to_thread(Ledger.open, url)
    yield ledger
    wire.mend()
    await asyncio.to_thread(ledger.close)


async def _is_refused_in_time(far: Ledger, source_id: str) -> None:
    with pytest.raises(Outage):
        async with asyncio.timeout(12):
            await far.record(*told(source_id, "e1", paid("o1")))


async def test_what_cannot_be_handed_over_is_refused_and_stored_when_it_comes_again(far: Ledger, wire: Wire) -> None:
    source = await far.sources.add("paynow", "PayNow", {})
    wire.cut()
    await _is_refused_in_time(far, source.id)
    await _is_refused_in_time(far, source.id)
    wire.mend()

    assert (await far.record(*told(source.id, "e1", paid("o1")))).outcome is Outcome.ACCEPTED
    assert await far.sales.count(SalesQuery()) == 1


async def test_what_was_stored_without_anybody_hearing_of_it_is_known_when_it_comes_again(
    far: Ledger, wire: Wire
) -> None:
    source = await far.sources.add("paynow", "PayNow", {})
    wire.cut_at_commit()
    await _is_refused_in_time(far, source.id)
    wire.mend()

    assert (await far.record(*told(source.id, "e1", paid("o1")))).outcome is Outcome.REPEAT
    assert await far.sales.count(SalesQuery()) == 1
