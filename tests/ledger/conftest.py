from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from shopwatch.domain.source import Source
from shopwatch.ledger import Ledger


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "sales.sqlite"


@pytest.fixture
def facts() -> list[object]:
    """All that the ledger has told."""
    return []


@pytest.fixture
async def ledger(file: Path, facts: list[object]) -> AsyncIterator[Ledger]:
    ledger = Ledger.open(f"sqlite:///{file}", tell=facts.append)
    yield ledger
    ledger.close()


@pytest.fixture
async def source(ledger: Ledger) -> Source:
    return await ledger.sources.add("paynow", "PayNow", {})
