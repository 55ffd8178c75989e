"""The ledger: whatever a few messages of a sender tell is booked once, however often and in whatever order they come.

An input is a list of messages, each a provider's id and a body as text.
"""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from shopwatch.domain.facts import Outcome
from shopwatch.domain.messages.delivery import Delivery, Headers, Request
from shopwatch.domain.messages.verdict import Accepted
from shopwatch.ledger import Ledger
from shopwatch.ledger.sales.query import SalesQuery
from tests.fuzz.target import Attempt, Target
from tests.providers.cases import BY_ID, NOW, options_of, practice

SENDERS = ("stripe", "shopify", "paypal", "square", "woocommerce", "adyen")
_MOST = 4
_EVERYTHING = SalesQuery(practice=True)
_EVER = 10**15


def seeds() -> list[bytes]:
    """The life of a sale, as each of them tells it."""
    return [
        json.dumps([[each, practice(BY_ID[each], kind).body.decode()] for kind in BY_ID[each].practises[:3]]).encode()
        for each in SENDERS
    ]


@contextmanager
def keeping_books() -> Iterator[Attempt]:
    memory = Path("/dev/shm")
    place = memory if memory.is_dir() else None
    with TemporaryDirectory(prefix="shopwatch-fuzz-", dir=place) as folder, asyncio.Runner() as runner:
        ledger = Ledger.open(Path(folder) / "sales.sqlite3")
        try:
            sources = {each: runner.run(ledger.sources.add(each, each, {})).id for each in SENDERS}
            yield lambda data: runner.run(book(ledger, sources, data))
        finally:
            ledger.close()


async def book(ledger: Ledger, sources: dict[str, str], data: bytes) -> None:
    arrivals = list(_arrivals(sources, data))
    for arrival in arrivals:
        await ledger.record(*arrival)
    before = await _standing(ledger)
    for arrival in reversed(arrivals):
        assert (await ledger.record(*arrival)).outcome is Outcome.REPEAT, "a message is booked twice"
    assert await _standing(ledger) == before, "it counts twice"


async def _standing(ledger: Ledger) -> object:
    return await ledger.sales.count(_EVERYTHING), await ledger.sales.figures(0, _EVER)


def _arrivals(sources: dict[str, str], data: bytes) -> Iterator[tuple[Delivery, Accepted]]:
    try:
        told: Any = json.loads(data)
    except (ValueError, RecursionError):
        return
    for entry in (told if isinstance(told, list) else [])[:_MOST]:
        if not (isinstance(entry, list) and len(entry) == 2 and entry[0] in SENDERS and isinstance(entry[1], str)):
            continue
        provider = BY_ID[entry[0]]
        sent = practice(provider)
        request = Request("POST", sent.url, sent.headers, entry[1].encode("utf-8", "surrogatepass"))
        verdict = provider.judge_practice(request, NOW, options_of(provider))
        if isinstance(verdict, Accepted):
            yield Delivery(sources[provider.id], Request("POST", sent.url, Headers(), request.body), NOW), verdict


TARGETS = [Target("books", seeds, keeping_books)]
