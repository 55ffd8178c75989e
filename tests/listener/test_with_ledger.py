"""The listener on the real ledger: what was answered 2xx is on disk, once."""

import asyncio
import hmac
import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from shopwatch.domain.facts import Outcome
from shopwatch.domain.source import Secrets, Source
from shopwatch.ledger.inbox.query import InboxQuery
from shopwatch.ledger.ledger import Ledger
from shopwatch.ledger.sales.query import SalesQuery
from shopwatch.listener.probes import Probes
from shopwatch.listener.routes import Routes
from shopwatch.listener.server import Listener
from tests.listener.loopback import SECRET, Keys, head, line, sale, send


@dataclass
class Till:
    file: Path
    ledger: Ledger
    listener: Listener
    source: Source

    async def sold(self) -> int:
        """How many sales have been written down."""
        return await self.ledger.sales.count(SalesQuery(practice=True))


@pytest.fixture
async def till(tmp_path: Path) -> AsyncIterator[Till]:
    file = tmp_path / "ledger.sqlite3"
    ledger = Ledger.open(f"sqlite:///{file}")
    source = await ledger.sources.add("paynow", "PayNow")
    keys = Keys({source.id: Secrets((SECRET,))})
    listener = Listener(
        Routes(ledger.sources, keys, look_again_seconds=0), ledger, Probes(), lambda: "https://shop.example"
    )
    await listener.start(0)
    yield Till(file, ledger, listener, source)
    await listener.stop(1)
    ledger.close()


async def test_an_answered_sale_is_in_the_file(till: Till) -> None:
    reply = await send(till.listener.port, sale(1, path=till.source.path))
    assert reply
    assert reply.status == 200
    assert await till.sold() == 1


async def test_the_same_sale_from_many_senders_at_once_is_one(till: Till) -> None:
    message = sale(1, path=till.source.path)
    replies = await asyncio.gather(*(send(till.listener.port, message) for _ in range(50)))
    assert {reply.status if reply else 0 for reply in replies} == {200}
    assert await till.sold() == 1
    repeats = await till.ledger.inbox.page(InboxQuery(outcome=Outcome.REPEAT))
    assert len(repeats) == 49


async def test_many_sales_over_one_connection(till: Till) -> None:
    async with line(till.listener.port) as talk:
        await talk.say(b"".join(sale(seed, path=till.source.path) for seed in range(200)))
        for _ in range(200):
            reply = await talk.hear()
            assert reply
            assert reply.status == 200
    assert await till.sold() == 200


async def test_only_an_issued_nonce_makes_practice(till: Till) -> None:
    nonce, *_ = await till.ledger.sources.issue_practice(till.source.id, 1)
    rehearsed = await send(till.listener.port, sale(1, f"ShopWatch-Practice: {nonce}", path=till.source.path))
    claimed = await send(till.listener.port, sale(2, "ShopWatch-Practice: made-up", path=till.source.path))
    assert rehearsed
    assert claimed
    assert (rehearsed.status, claimed.status) == (200, 401)
    assert await till.sold() == 1


async def test_a_source_made_by_another_process_answers_at_once(till: Till) -> None:
    elsewhere = Ledger.open(f"sqlite:///{till.file}")
    try:
        new = await elsewhere.sources.add("paynow", "Second shop")
    finally:
        elsewhere.close()
    reply = await send(till.listener.port, sale(1, path=new.path))
    assert reply
    assert reply.status == 503  # its secret is not in the store yet


async def test_a_ledger_held_by_another_program_is_an_outage_and_mends(till: Till) -> None:
    other = sqlite3.connect(till.file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    reply = await send(till.listener.port, sale(1, path=till.source.path))
    assert reply
    assert reply.status == 503
    assert "retry-after" in reply.headers
    other.execute("ROLLBACK")
    other.close()
    again = await send(till.listener.port, sale(1, path=till.source.path))
    assert again
    assert again.status == 200
    assert await till.sold() == 1


async def test_a_closed_ledger_is_an_outage(till: Till) -> None:
    till.ledger.close()
    reply = await send(till.listener.port, sale(1, path=till.source.path))
    assert reply
    assert reply.status == 503


BATCH = [
    {"id": f"EV{n}", "resource_type": "payments", "action": "confirmed", "links": {"payment": f"PM{n}"}}
    for n in range(250)
]


@pytest.fixture
async def debits(tmp_path: Path) -> AsyncIterator[Till]:
    """A shop whose sender tells many things in one message."""
    file = tmp_path / "ledger.sqlite3"
    ledger = Ledger.open(f"sqlite:///{file}")
    source = await ledger.sources.add("gocardless", "GoCardless")
    keys = Keys({source.id: Secrets((SECRET,))})
    listener = Listener(
        Routes(ledger.sources, keys, look_again_seconds=0), ledger, Probes(), lambda: "https://shop.example"
    )
    await listener.start(0)
    yield Till(file, ledger, listener, source)
    await listener.stop(1)
    ledger.close()


def batch(till: Till, *events: object) -> bytes:
    body = json.dumps({"events": events}).encode()
    signature = hmac.digest(SECRET.encode(), body, "sha256").hex()
    return head(till.source.path, f"Webhook-Signature: {signature}", f"Content-Length: {len(body)}") + body


async def answered(till: Till, message: bytes) -> int:
    reply = await send(till.listener.port, message)
    assert reply
    return reply.status


async def test_250_events_in_one_message_are_in_the_file_once_it_is_answered(debits: Till) -> None:
    """docs/attacks.md, C16."""
    assert await answered(debits, batch(debits, *BATCH)) == 200
    assert await debits.sold() == 250


async def test_events_that_come_again_in_other_messages_count_once(debits: Till) -> None:
    statuses = await asyncio.gather(
        *(answered(debits, batch(debits, *BATCH[start : start + 100])) for start in range(0, 150, 10)),
        answered(debits, batch(debits)),
    )
    assert set(statuses) == {200}
    assert await debits.sold() == 240


async def test_a_message_of_many_events_that_cannot_be_kept_must_come_again_whole(debits: Till) -> None:
    assert await answered(debits, batch(debits, BATCH[0])) == 200
    with closing(sqlite3.connect(debits.file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert await answered(debits, batch(debits, *BATCH)) == 503
        assert await debits.sold() == 1
        other.execute("ROLLBACK")
    assert await answered(debits, batch(debits, *BATCH)) == 200
    assert await debits.sold() == 250
