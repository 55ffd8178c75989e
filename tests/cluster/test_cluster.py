"""Two receivers behind a balancer, and PostgreSQL with a copy: whatever ends, what was answered is there once.

Each test starts the example of `packaging/cluster/`, with real programs throughout.
"""

import asyncio
import json
import os
import random
import shutil
import signal
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from pathlib import Path

import aiohttp
import pytest

from shopwatch.ledger import Ledger
from shopwatch.ledger.sales.query import SalesQuery
from tests.actions.email.post_office import AUTHORITY, PASSWORD, USER
from tests.cluster.running import Cluster, running, until
from tests.torture.books import SECRET, Books, Sender, order_of
from tests.torture.town import Town

pytestmark = [
    pytest.mark.skipif("SHOPWATCH_POSTGRES" not in os.environ, reason="see make postgres"),
    pytest.mark.skipif(not shutil.which("haproxy", path="/usr/sbin:/usr/bin"), reason="HAProxy is not installed here"),
]

RATE = 30.0
type Faults = Callable[[Cluster, random.Random], Awaitable[None]]


async def _act(cluster: Cluster, town: Town) -> None:
    """Let every large sale be e-mailed and handed on."""
    mail = {"host": "localhost", "port": str(town.post.port), "user": USER, "from": USER, "most_an_hour": "10000"}
    hook = {"url": f"http://127.0.0.1:{town.port}/hook", "as": "raw", "local": "yes"}
    for rule in await cluster.ask("rule", "list"):
        await cluster.ask("rule", "remove", str(rule["id"]))
    named = [word for name, value in mail.items() for word in ("--set", f"{name}={value}")]
    await cluster.ask("target", "add", "mail", *named, "--secret-stdin", stdin=PASSWORD)
    named = [word for name, value in hook.items() for word in ("--set", f"{name}={value}")]
    (program,) = await cluster.ask("target", "add", "forward", *named)
    steps = [{"do": "email", "template": "thanks"}, {"do": "forward", "to": program["id"]}]
    large = [{"over": "100.00", "currency": "USD"}]
    await cluster.ask("rule", "add", stdin=json.dumps({"when": "sale-paid", "if": large, "then": steps}))


async def _sold(cluster: Cluster, faults: Sequence[Faults], seed: int) -> tuple[Books, Town]:
    """What was sent and answered, and who was told of it, while `faults` happened one after the other."""
    chance, books = random.Random(seed), Books()
    async with Town(chance, spoilt=0.0) as town:
        await _act(cluster, town)
        sender = Sender(books, lambda: [cluster.url], chance, patience=10.0)
        async with asyncio.TaskGroup() as group:
            group.create_task(sender.send(RATE))
            for fault in faults:
                await fault(cluster, chance)
            sender.stop()
        ledger = Ledger.open(cluster.place)

        async def all_done() -> bool:
            return not (await ledger.outbox.counts(without=("ring",))).keys() & {"waiting", "sending"}

        await until(all_done, 180)
        ledger.close()
    return books, town


async def _all_is_there_once(cluster: Cluster, books: Books, town: Town) -> None:
    ledger = Ledger.open(cluster.place)
    rows = (await ledger.sales.page(SalesQuery(), limit=10_000)).rows
    messages = (await ledger.inbox.tally()).accepted
    ledger.close()
    orders = Counter(row.sale.order_id for row in rows)
    assert set(orders) == {order_of(number) for number in books.answered}
    assert set(orders.values()) == {1}
    assert messages == len(books.answered) == books.sent
    large = [row for row in rows if row.sale.amount and row.sale.amount.minor == 15_000]
    assert large
    assert len(town.post.letters) <= len(large)
    assert set(town.post.letters.values()) == {1}
    assert len(town.passed_on) == len(large)
    assert {len(keys) for keys in town.passed_on.values()} == {1}


async def _kill_one(cluster: Cluster, chance: random.Random) -> None:
    await asyncio.sleep(chance.uniform(1, 4))
    cluster.signal(chance.randrange(2), signal.SIGKILL)


async def _stop_one(cluster: Cluster, chance: random.Random) -> None:
    receiver = chance.randrange(2)
    cluster.signal(receiver, signal.SIGSTOP)
    await asyncio.sleep(chance.uniform(0.5, 6))
    cluster.signal(receiver, signal.SIGCONT)
    await asyncio.sleep(chance.uniform(0.5, 2))


async def _restart_database(cluster: Cluster, chance: random.Random) -> None:
    await asyncio.sleep(chance.uniform(1, 4))
    await asyncio.to_thread(cluster.control, "primary", "stop", "-m", "immediate")
    await asyncio.sleep(chance.uniform(0, 2))
    await asyncio.to_thread(cluster.begin, "primary")


FAULTS: tuple[Faults, ...] = (_kill_one, _stop_one, _restart_database, _kill_one, _stop_one, _kill_one)


async def test_what_was_answered_is_there_once_whatever_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    AUTHORITY.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    with running(SECRET) as cluster:
        books, town = await _sold(cluster, FAULTS, seed=19)
        await _all_is_there_once(cluster, books, town)


async def _promote_the_copy(cluster: Cluster, chance: random.Random) -> None:
    """The database is lost; its copy takes its place, and gets a copy of its own."""
    await asyncio.sleep(chance.uniform(2, 5))
    await asyncio.to_thread(cluster.control, "primary", "stop", "-m", "immediate")
    await asyncio.sleep(chance.uniform(0, 2))
    await asyncio.to_thread(cluster.control, "standby", "promote")
    await asyncio.sleep(chance.uniform(0, 10))
    await asyncio.to_thread(cluster.follow, "primary", "standby")
    await asyncio.sleep(chance.uniform(2, 5))


async def test_what_was_answered_is_in_the_copy_that_takes_the_place_of_the_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    AUTHORITY.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    with running(SECRET) as cluster:
        await asyncio.to_thread(cluster.set, "synchronous_standby_names", "*")
        books, town = await _sold(cluster, (_promote_the_copy, _kill_one), seed=20)
        await _all_is_there_once(cluster, books, town)


async def test_no_sender_notices_that_the_receivers_are_started_anew_in_turn() -> None:
    with running(SECRET) as cluster:
        books = Books()
        sender = Sender(books, lambda: [cluster.url], random.Random(21), patience=10.0)

        async def is_sent_to(receiver: int) -> bool:
            return await cluster.balanced(receiver) == "UP"

        async def is_left_alone(receiver: int) -> bool:
            return (await cluster.balanced(receiver)).startswith("DOWN")

        async with asyncio.TaskGroup() as group:
            group.create_task(sender.send(RATE))
            for receiver in range(2):
                cluster.signal(receiver, signal.SIGTERM)
                await until(partial(is_left_alone, receiver), 10)
                await until(partial(is_sent_to, receiver), 60)
            sender.stop()

        assert books.sent > 300
        assert books.answers == {"200": books.sent}


async def _answer(url: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        return answer.status, await answer.text()


async def test_one_leads_until_it_ends_and_both_are_watched() -> None:
    with running(SECRET) as cluster:
        admins = [f"http://127.0.0.1:{each['admin']}" for each in cluster.told["receivers"]]

        async def leaders() -> list[int]:
            told = []
            for number, admin in enumerate(admins):
                try:
                    if "shopwatch_leads 1.0" in (await _answer(f"{admin}/metrics"))[1]:
                        told.append(number)
                except aiohttp.ClientError:
                    pass
            return told

        async def is_led() -> bool:
            return len(await leaders()) == 1

        await until(is_led, 15)
        (first,) = await leaders()
        cluster.signal(first, signal.SIGKILL)
        assert first not in await leaders()
        await until(is_led, 15)
        assert (await _answer(f"{admins[1 - first]}/healthz"))[0] == 200
        await asyncio.to_thread(cluster.control, "primary", "stop", "-m", "immediate")

        async def is_unready() -> bool:
            return await _answer(f"{admins[1 - first]}/readyz") == (503, "ledger\n")

        await until(is_unready, 10)
        assert (await _answer(f"{admins[1 - first]}/healthz"))[0] == 200
