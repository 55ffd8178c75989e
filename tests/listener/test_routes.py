"""Which source answers where, and how changes made elsewhere are noticed."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest

from shopwatch.domain.errors import Outage
from shopwatch.domain.source import Secrets
from shopwatch.listener.routes import ReadyRoute, Routes, UnavailableRoute
from tests.listener.loopback import SECRET, Book, Keys, source

LOCKED = Outage("Unlock your password store.", code="vault-locked")
NEW = Secrets(("a-newer-secret-of-the-source",))


def routes(book: Book, keys: Keys, look_again_seconds: float = 0) -> Routes:
    return Routes(book, keys, poll_seconds=0.01, retry_seconds=0.01, look_again_seconds=look_again_seconds)


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not true():  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.005)


async def test_knows_paths_exactly() -> None:
    here = routes(Book(), Keys())
    await here.refresh()
    found = here.find("/in/first")
    assert isinstance(found, ReadyRoute)
    assert found.secrets == Secrets((SECRET,))
    assert here.find("/in/first/") is None
    assert here.find("/in/First") is None


async def test_a_source_without_readable_secret_is_shut_with_its_reason() -> None:
    here = routes(Book(), Keys(trouble=LOCKED))
    await here.refresh()
    assert isinstance(here.find("/in/first"), UnavailableRoute)
    assert here.outages() == {"first": LOCKED, "second": LOCKED}


async def test_open_sources_stay_open_while_the_store_is_away() -> None:
    book, keys = Book(), Keys()
    here = routes(book, keys)
    await here.refresh()
    keys.trouble = LOCKED
    await here.refresh()
    assert isinstance(here.find("/in/first"), ReadyRoute)


async def test_a_changed_secret_that_cannot_be_read_shuts_the_source() -> None:
    book, keys = Book(), Keys()
    here = routes(book, keys)
    await here.refresh()
    keys.trouble = LOCKED
    book.known[0] = replace(book.known[0], secrets_changed_at=5)
    await here.refresh()
    assert isinstance(here.find("/in/first"), UnavailableRoute)
    assert isinstance(here.find("/in/second"), ReadyRoute)


async def test_tells_when_it_has_read_anew() -> None:
    told: list[bool] = []
    keys = Keys(trouble=LOCKED)
    here = Routes(Book(), keys, on_refreshed=lambda: told.append(bool(here.outages())))
    await here.refresh()
    keys.trouble = None
    await here.refresh()
    assert told == [True, False]


async def test_a_removed_source_answers_no_more() -> None:
    book = Book()
    here = routes(book, Keys())
    await here.refresh()
    book.known.pop(0)
    await here.refresh()
    assert here.find("/in/first") is None


async def test_a_provider_of_a_newer_version_is_an_outage() -> None:
    book = Book()
    book.known[0] = replace(book.known[0], provider="not-invented-yet")
    here = routes(book, Keys())
    await here.refresh()
    assert here.outages()["first"].code == "provider-unknown"


@pytest.mark.loud
async def test_watching_follows_other_processes_and_retries_what_is_shut() -> None:
    book, keys = Book(), Keys(trouble=LOCKED)
    here = routes(book, keys)
    await here.refresh()
    async with asyncio.TaskGroup() as group:
        watch = group.create_task(here.watch())
        keys.trouble = None
        await until(lambda: not here.outages())
        book.known.append(source("third"))
        keys.held["third"] = NEW
        book.version += 1
        await until(lambda: isinstance(here.find("/in/third"), ReadyRoute))
        book.trouble = Outage("The disk is full.")
        book.looked.clear()
        await book.looked.wait()
        book.trouble = None
        keys.held["third"] = Secrets((SECRET,))
        book.version += 1
        await until(
            lambda: isinstance(found := here.find("/in/third"), ReadyRoute) and found.secrets.current == (SECRET,)
        )
        watch.cancel()
    assert not here.outages()


async def test_an_unknown_path_is_looked_up_at_once_but_seldom() -> None:
    book, keys = Book(), Keys()
    here = routes(book, keys, look_again_seconds=60)
    await here.refresh()
    keys.held["third"] = NEW
    book.known.append(source("third"))
    book.version += 1
    assert isinstance(await here.look_again("/in/third"), ReadyRoute)
    reads = keys.reads
    book.version += 1
    assert [await here.look_again(f"/guess/{n}") for n in range(100)] == [None] * 100
    assert keys.reads == reads


async def test_without_a_ledger_nobody_says_a_path_does_not_exist() -> None:
    book = Book(trouble=Outage("The disk is gone."))
    here = routes(book, Keys(), look_again_seconds=60)
    for _ in range(2):
        with pytest.raises(Outage):
            await here.look_again("/in/first")
