import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import pytest

from shopwatch.domain.source import Source
from shopwatch.ledger import Ledger
from tests import servers

ON_POSTGRES = "SHOPWATCH_POSTGRES" in os.environ
"""See `make postgres`."""
PRODUCTS = [f"postgres-{version}" for version in servers.postgres_versions()] if ON_POSTGRES else ["sqlite"]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "sales.sqlite"


@pytest.fixture(scope="session")
def databases() -> Iterator[Callable[[str], servers.Databases]]:
    """Databases that hold an empty ledger each, in a real server of this version."""
    with ExitStack() as running:

        @cache
        def started(version: str) -> servers.Databases:
            url = running.enter_context(servers.postgres(servers.postgres_programs(version)))
            first = servers.Databases(url).create()
            Ledger.open(first).close()
            return servers.Databases(url, template=first)

        yield started


@pytest.fixture(params=PRODUCTS)
def place(request: pytest.FixtureRequest, file: Path) -> str:
    """Where a ledger of this test's own may be."""
    product, _, version = request.param.partition("-")
    if product == "sqlite":
        return f"sqlite:///{file}"
    started: Callable[[str], servers.Databases] = request.getfixturevalue("databases")
    return started(version).create()


@pytest.fixture
def held(place: str, file: Path) -> Callable[[], dict[str, bytes]]:
    """What each file of the ledger holds, of a server's those of its database."""
    if place.startswith("postgresql:"):
        return lambda: servers.files_of(place)
    return lambda: {each.name: each.read_bytes() for each in file.parent.rglob("*") if each.is_file()}


@pytest.fixture
def facts() -> list[object]:
    """All that the ledger has told."""
    return []


@pytest.fixture
async def ledger(place: str, facts: list[object]) -> AsyncIterator[Ledger]:
    ledger = Ledger.open(place, tell=facts.append)
    yield ledger
    ledger.close()


@pytest.fixture
async def source(ledger: Ledger) -> Source:
    return await ledger.sources.add("paynow", "PayNow", {})
