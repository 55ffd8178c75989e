"""docs/attacks.md, P1 and H2: the power goes while a shop starts for the first time, and sells."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.secrets.password_store import PasswordStore
from tests.torture import shim
from tests.torture.cuts import Cut, cuts, judged
from tests.torture.power import LAX, Stage
from tests.torture.shop import PROGRAM, orders

pytestmark = [pytest.mark.skipif(bool(shim.missing()), reason=shim.missing()), pytest.mark.timeout(300)]

_CUTS = 5


@pytest.fixture
def stage(gnome_keyring: PasswordStore, tmp_path: Path) -> Callable[..., Stage]:
    def made(program: tuple[str, ...] = PROGRAM) -> Stage:
        return Stage(tmp_path / "stage", gnome_keyring, random.Random(17), program)

    return made


async def test_whatever_a_power_cut_leaves_has_all_that_was_promised(stage: Callable[..., Stage]) -> None:
    made = stage()
    made.begin()
    await made.add_source()
    await made.sell(100, 1)

    assert [found for cut in cuts(made, _CUTS) if (found := await judged(made, cut))] == []


async def test_sales_are_missed_where_commits_are_not_synced(stage: Callable[..., Stage]) -> None:
    made = stage(LAX)
    await made.shop.connect()
    made.begin()
    await made.sell(100, 1)

    missed = [made.books.missing(await orders(_ledger(cut)), cut.at) for cut in cuts(made, _CUTS)]

    assert any(missed)


def _ledger(cut: Cut) -> Path:
    return cut.folder / "data" / "ledger.sqlite3"
