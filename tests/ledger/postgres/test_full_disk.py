"""The disk of a database server fills up while sales come in."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from shopwatch.domain.errors import Outage
from shopwatch.domain.facts import Outcome
from shopwatch.ledger import Ledger
from shopwatch.ledger.sales.query import SalesQuery
from tests import servers
from tests.ledger.arrivals import paid, told

pytestmark = [
    pytest.mark.skipif("SHOPWATCH_POSTGRES" not in os.environ, reason="see make postgres"),
    pytest.mark.skipif(os.geteuid() != 0, reason="only root may make a disk"),
]

SIZE = 64 * 2**20
BODY = 100_000


@pytest.fixture
def disk(place: str) -> Iterator[Path]:
    """The small disk that the database of this test is on."""
    folder = Path(tempfile.mkdtemp(prefix="shopwatch-disk-", dir="/tmp"))
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "none", str(folder)], check=False)
    if mounted.returncode:
        folder.rmdir()
        pytest.skip("no disk can be made here")
    shutil.chown(folder, "postgres")
    server = make_url(place)
    administration = server.set(database="postgres")
    try:
        with servers.connect(administration) as connection:
            connection.execute(f"CREATE TABLESPACE {server.database} LOCATION '{folder}'")
            connection.execute(f"ALTER DATABASE {server.database} SET TABLESPACE {server.database}")
        yield folder
        with servers.connect(administration) as connection:
            connection.execute(f"ALTER DATABASE {server.database} SET TABLESPACE pg_default")
            connection.execute(f"DROP TABLESPACE {server.database}")
    finally:
        subprocess.run(["umount", str(folder)], check=True)
        folder.rmdir()


async def test_nothing_is_acknowledged_that_does_not_fit_and_it_goes_on_by_itself(place: str, disk: Path) -> None:
    with closing(Ledger.open(place)) as ledger:
        source = await ledger.sources.add("paynow", "PayNow", {})
        await ledger.record(*told(source.id, "e0", paid("o0")))
        filler = disk / "filler"
        filler.write_bytes(bytes(shutil.disk_usage(disk).free - 10 * BODY))

        stored, problem = 1, None
        while problem is None:
            try:
                await ledger.record(*told(source.id, f"e{stored}", paid(f"o{stored}"), body=os.urandom(BODY)))
                stored += 1
            except Outage as full:
                problem = full

        assert problem.code == "disk-full"
        assert str(problem).startswith("The database server’s disk is full.")
        assert await ledger.sales.count(SalesQuery()) == stored > 1
        filler.unlink()
        again = await ledger.record(*told(source.id, f"e{stored}", paid(f"o{stored}"), body=os.urandom(BODY)))
        assert again.outcome is Outcome.ACCEPTED
        assert await ledger.sales.count(SalesQuery()) == stored + 1
