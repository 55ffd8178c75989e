from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from shopwatch.ledger import Ledger
from tests.ledger.arrivals import NOON


@pytest.fixture
async def ledger(tmp_path: Path) -> AsyncIterator[Ledger]:
    ledger = Ledger.open(f"sqlite:///{tmp_path / 'sales.sqlite'}", clock=lambda: NOON)
    yield ledger
    ledger.close()
