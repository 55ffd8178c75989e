"""Where one computer lets sales be sent to, another one sends to at once."""

import asyncio
import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import URL, make_url

from shopwatch.domain.connection.reach import TunnelKind
from shopwatch.domain.facts import JobsChanged
from shopwatch.domain.rules.job import JobState
from shopwatch.domain.rules.rule import Rule, RuleStep, Trigger
from shopwatch.domain.rules.target import Target
from shopwatch.host.paths import Paths
from shopwatch.runtime.clock import now
from shopwatch.secrets.vault import MemoryVault
from shopwatch.shop.opening import open_shop
from tests import servers
from tests.ledger.arrivals import paid, told
from tests.torture.town import Town

pytestmark = pytest.mark.skipif("SHOPWATCH_POSTGRES" not in os.environ, reason="see make postgres")


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A new database, whose password is where libpq looks for it."""
    monkeypatch.setenv("PGPASSWORD", servers.PASSWORD)
    with servers.postgres(servers.postgres_programs()) as server:
        made = make_url(servers.Databases(server).create())
        yield URL.create("postgresql", made.username, None, made.host, made.port, made.database).render_as_string()


async def test_a_sale_is_sent_to_a_target_that_another_computer_has_just_added(place: str, tmp_path: Path) -> None:
    vault, settled = MemoryVault(), asyncio.Event()
    office = await open_shop(Paths(tmp_path / "office"), place, vault=vault)
    source = await office.ledger.sources.add("paynow", "PayNow", {})
    till = await open_shop(Paths(tmp_path / "till"), place, vault=vault)
    till.bus.listen(JobsChanged, lambda _: settled.set())
    await till.start(port=0, tunnel=TunnelKind.NONE)
    async with Town(random.Random(1), spoilt=0.0) as town, asyncio.timeout(60):
        options = {"url": f"http://127.0.0.1:{town.port}/hook", "local": "yes"}
        target = await office.targets.put(Target("", "forward", "Books", options))
        await office.shared_settings.close()  # as a command does at its end
        await office.rules.put(Rule("", Trigger.SALE_PAID, steps=(RuleStep("forward", {"to": target.id}),)))

        await till.ledger.record(*told(source.id, "e1", paid("o1"), at=now()))

        while not (done := await till.ledger.outbox.jobs((JobState.DONE, JobState.FAILED), without=("ring",))):
            settled.clear()
            await settled.wait()
        assert [(job.action, job.state) for job in done] == [("forward", JobState.DONE)]
        assert len(town.passed_on) == 1
    await till.close()
    await office.close()
