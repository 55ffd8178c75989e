"""Lives told to ShopWatch, and what its books then say: by the pure parts alone, and by a ledger on disk."""

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from random import Random

from aiohttp import web

from shopwatch.domain.facts import Bus
from shopwatch.domain.instant import DAY, MINUTE, SECOND
from shopwatch.domain.messages.delivery import Delivery, Headers, Request
from shopwatch.domain.messages.event import FILLS_IN, Event, Kind
from shopwatch.domain.messages.verdict import Accepted, Verdict
from shopwatch.domain.sales.sale import Part, Sale, fold
from shopwatch.domain.source import Source
from shopwatch.ledger import Ledger
from shopwatch.ledger.sales.query import SalesQuery
from shopwatch.providers.api import ApiFailure, ApiRequest, Place
from shopwatch.providers.apis import api_of
from shopwatch.recovery.api_client import ApiClient
from shopwatch.recovery.api_transport import ApiTransport, Bounds
from shopwatch.recovery.catchup import CatchUp
from shopwatch.runtime.clock import now
from shopwatch.secrets.api_keys import ApiKeys
from shopwatch.secrets.vault import MemoryVault
from tests.providers.cases import URL, keys_of
from tests.providers.played import play
from tests.standin.site import Site, serving
from tests.sums.life import Life, Sum
from tests.sums.writer import Sent, Writer

_BOOKED = (Kind.SALE, Kind.REFUND, Kind.DISPUTE)


def heard(writer: Writer, life: Life, chance: Random, share: float = 1.0) -> list[Event]:
    """The events of its messages, or of that share of them, in any order and some of them twice."""
    sent = [each for each in writer.messages(life) if share == 1.0 or chance.random() < share]
    sent += [each for each in sent if chance.random() < 0.2]
    chance.shuffle(sent)
    return [event for each in sent for event in events_of(writer, each, whole=chance.randrange(writer.signs) == 0)]


def events_of(writer: Writer, sent: Sent, *, whole: bool = True) -> tuple[Event, ...]:
    """All that a message is judged as, signed where `whole`."""
    provider, at = writer.provider, now()
    request = Request("POST", URL, Headers.of({"Content-Type": "application/json"} | sent.headers), sent.body)
    if not whole:
        return _told(provider.judge_practice(request, at, writer.options))
    secrets = keys_of(provider)
    signed = provider.recipe.sign(request, secrets.current[0], at, sent.id, writer.options)
    assert signed is not None
    return _told(provider.judge(signed, secrets, at, writer.options))


def _told(verdict: Verdict) -> tuple[Event, ...]:
    assert isinstance(verdict, Accepted), verdict
    return verdict.events


def listed(writer: Writer, lives: Sequence[Life], since: int) -> list[Event]:
    """The events of what its API lists of these lives, page by page."""
    api = api_of(writer.provider_id)
    assert api is not None
    assert api.missed is not None
    found: list[Event] = []
    place = Place(since, at=now())
    for _ in range(1_000):
        page = play(api.missed(place, writer.key, writer.options), lambda asked: writer.answers(lives, asked)).result
        found += [each.event for each in page.listed]
        if not page.more:
            return found
        place = Place(since, place.until or now(), page.mark, now())
    raise AssertionError("the list has no end")


def asked(writer: Writer, lives: Sequence[Life], events: Iterable[Event]) -> Iterator[Event]:
    """What the API adds to events that lack something, as events of their own."""
    api = api_of(writer.provider_id)
    if api is None or api.fetch is None:
        return
    for event in events:
        if not event.needs_fetch:
            continue
        try:
            told = play(api.fetch(event, writer.key, writer.options), lambda asked: writer.answers(lives, asked)).result
        except ApiFailure as failure:
            raise AssertionError(event) from failure
        for place, meaning in enumerate(told):
            yield meaning.event(f"{FILLS_IN}{event.id}:{place}", "fetched")


def folded(events: Iterable[Event]) -> list[Sale]:
    """The sales of these events, put together as the ledger does: one event of each id, by all names it is called."""
    root: dict[str, str] = {}

    def of(name: str) -> str:
        while (above := root.setdefault(name, name)) != name:
            name = above
        return name

    booked = {event.id: event for event in reversed(list(events)) if event.kind in _BOOKED and not event.unreadable}
    for event in booked.values():
        assert event.claim is not None
        for link in event.links:
            root[of(link)] = of(event.claim.order_id)
    groups: dict[str, list[Part]] = {}
    for event in booked.values():
        assert event.claim is not None
        part = Part(event.id, event.type, event.occurred_at, event.claim, live=event.live)
        groups.setdefault(of(event.claim.order_id), []).append(part)
    return [fold(parts) for parts in groups.values()]


def standing(sales: Iterable[Sale]) -> list[Sum]:
    """How these sales stand, in no order of theirs."""
    return sorted((_sum(sale) for sale in sales), key=repr)


def _sum(sale: Sale) -> Sum:
    back, kept = sale.given_back, sale.kept
    return Sum(
        sale.amount.minor if sale.amount else -1, back.minor if back else 0, kept.minor if kept else 0, sale.state
    )


async def booked(writer: Writer, lives: Sequence[Life], folder: Path, chance: Random, share: float) -> list[Sum]:
    """The same of a ledger: that share of the messages of all lives comes in, amid one another, and with less than all
    of them, what was missed is asked for meanwhile and at the end."""
    began = (min(life.steps[0].at for life in lives) - 60) * SECOND

    async def handle(request: web.Request) -> web.Response:
        plain = ApiRequest(request.method, str(request.url), dict(request.headers), await request.read())
        told = writer.answers(lives, plain)
        return web.Response(status=told.status, body=told.body, headers=told.headers)

    events = [event for life in lives for event in heard(writer, life, chance, share)]
    chance.shuffle(events)
    async with serving(Site(handle)) as site:
        ledger = Ledger.open(f"sqlite:///{folder / 'sums.sqlite'}", tell=lambda _: None, clock=lambda: began)
        source = await ledger.sources.add(writer.provider_id, "Shop", dict(writer.options))
        keys = ApiKeys(MemoryVault())
        await keys.write(source.id, writer.key)
        api = api_of(writer.provider_id)
        hosts = api.may_speak_to(source.options) if api else ()
        transport = ApiTransport(Bounds(connect=10, total=20, pauses=()), stand_ins=dict.fromkeys(hosts, site.origin))
        catch_up = CatchUp(ledger, ApiClient(keys, transport), Bus())

        async def record(told: Iterable[Event]) -> None:
            request = Request("POST", URL, Headers(), b"")
            await asyncio.gather(
                *[ledger.record(Delivery(source.id, request, now()), Accepted(event)) for event in told]
            )

        half = len(events) // 2
        await record(events[:half])
        if share < 1:
            await _look(catch_up, source)
        await record(events[half:])
        if share < 1:
            await _look(catch_up, source)
            waiting = await ledger.fetches.pending(source.id, limit=100_000)
            await record(asked(writer, lives, [each.event for each in waiting]))
        rows = (await ledger.sales.page(SalesQuery(), None, 100_000)).rows
        await catch_up.stop()
        await transport.close()
        ledger.close()
    return standing(row.sale for row in rows)


async def _look(catch_up: CatchUp, source: Source) -> None:
    result = await catch_up.look_at(source)
    assert result is not None
    assert result.problem is None, result.problem


BEGAN = now() // SECOND - DAY // SECOND
EARLIEST = BEGAN * SECOND - MINUTE
