"""Sales in the owner's own database, on real servers: PostgreSQL, MariaDB and SQLite."""

import asyncio
import os
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.pool import NullPool

from shopwatch.actions.database.store import address
from shopwatch.actions.database.writing import Writing, check
from shopwatch.domain.errors import Outage, UserError
from shopwatch.domain.instant import MINUTE
from shopwatch.domain.rules.job import Done, Job, Later, Refused
from shopwatch.domain.rules.rule import Rule, RuleStep, Trigger
from shopwatch.domain.rules.target import Target
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import RefundClaim
from shopwatch.domain.source import Source
from shopwatch.ledger import Ledger
from shopwatch.runtime.tasks import spawn
from tests.ledger.arrivals import NOON, back, paid, told
from tests.servers import PASSWORD, mariadb, mariadb_program, postgres, postgres_programs, postgres_versions

SERVERS = ("postgres", "mariadb", "sqlite")


def _missing(what: str) -> None:
    if os.environ.get("CI"):
        pytest.fail(f"{what} is not installed here")
    pytest.skip(f"{what} is not installed here")


@pytest.fixture(scope="module")
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    match request.param:
        case "postgres":
            if not postgres_versions():
                _missing("PostgreSQL")
            with postgres(postgres_programs()) as url:
                yield url
        case "mariadb":
            program = mariadb_program()
            if program is None:
                _missing("MariaDB")
            else:
                with mariadb(program) as url:
                    yield url
        case _:
            yield f"sqlite:///{tmp_path_factory.mktemp('owner') / 'own.db'}"


def target(url: str, **options: str) -> Target:
    return Target("db-1", "database", "My database", {"url": address(url)[0], "create": "yes"} | options)


def rows(url: str, statement: str) -> list[dict[str, Any]]:
    parsed = make_url(address(url)[0])
    engine = create_engine(parsed if "sqlite" in url else parsed.set(password=PASSWORD), poolclass=NullPool)
    with engine.connect() as connection:
        return [dict(row) for row in connection.execute(text(statement)).mappings()]


def cleared(url: str) -> None:
    parsed = make_url(address(url)[0])
    engine = create_engine(parsed if "sqlite" in url else parsed.set(password=PASSWORD), poolclass=NullPool)
    with engine.begin() as connection:
        for name in ("shopwatch_refunds", "shopwatch_items", "shopwatch_sales"):
            connection.execute(text(f"DROP TABLE IF EXISTS {name}"))


@pytest.fixture
async def source(ledger: Ledger) -> Source:
    for rule in await ledger.outbox.rules():
        await ledger.outbox.drop_rule(rule.id)
    step = RuleStep("database", {"to": "db-1"})
    for trigger in (Trigger.SALE_PAID, Trigger.SALE_REFUNDED):
        await ledger.outbox.put_rule(Rule("db", trigger, steps=(step,)))
    return await ledger.sources.add("paynow", "PayNow", {})


def writing(ledger: Ledger, to: Target | None, file: Path | None = None, password: str = PASSWORD) -> Writing:
    async def password_of(_target_id: str) -> str | None:
        return password if to is not None and "sqlite" not in to.options["url"] else None

    return Writing(ledger, lambda _: to, password_of, file)


async def jobs(ledger: Ledger) -> tuple[Job, ...]:
    return await ledger.outbox.take(["database"], 50)


@pytest.mark.parametrize("server", SERVERS, indirect=True)
async def test_a_sale_its_items_and_refunds_are_written_once_however_often(
    server: str, ledger: Ledger, source: Source
) -> None:
    cleared(server)
    to = target(server)
    await check(to, PASSWORD if "sqlite" not in server else "")
    writer = writing(ledger, to)
    name = "Zoë O’Neill \N{TULIP} \u202e); DROP TABLE x; --"
    await ledger.record(*told(source.id, "e1", paid("1001", 4_250, name=name, items=("Roses", "Tulips"))))
    (sold,) = await jobs(ledger)

    assert await writer.do(sold) == Done("My database")
    assert await writer.do(sold) == Done("My database")
    await ledger.record(*told(source.id, "e2", back("1001", 1_000), at=NOON + MINUTE))
    await ledger.record(*told(source.id, "e3", back("1001", 500, refund_id="re_2"), at=NOON + 2 * MINUTE))
    for job in await jobs(ledger):
        assert await writer.do(job) == Done("My database")
    writer.close()

    (sale,) = rows(server, "SELECT * FROM shopwatch_sales")
    assert (sale["order_id"], sale["name"], sale["state"], sale["currency"]) == ("1001", name, "part-refunded", "USD")
    assert Decimal(str(sale["amount"])) == Decimal("42.50")
    assert Decimal(str(sale["given_back"])) == Decimal(15)
    items = rows(server, "SELECT line, name, quantity FROM shopwatch_items ORDER BY line")
    assert [tuple(item.values()) for item in items] == [(1, "Roses", 2), (2, "Tulips", 2)]
    given = rows(server, "SELECT refund_id, amount FROM shopwatch_refunds ORDER BY refund_id")
    assert {row["refund_id"]: Decimal(str(row["amount"])) for row in given} == {"re_1": Decimal(10), "re_2": Decimal(5)}


@pytest.mark.parametrize("server", ["postgres"], indirect=True)
async def test_what_a_killed_worker_writes_at_last_is_no_reason_to_refuse(
    server: str, ledger: Ledger, source: Source
) -> None:
    cleared(server)
    to = target(server)
    await check(to, PASSWORD)
    await ledger.record(*told(source.id, "e1", paid("1", 4_250)))
    (job,) = await jobs(ledger)
    writer = writing(ledger, to)
    engine = create_engine(make_url(to.options["url"]).set(password=PASSWORD), poolclass=NullPool)
    late = "INSERT INTO shopwatch_sales VALUES (:source, '1', '', 'paid', 1, 'USD', 0, '', '', now(), false, true)"
    waits = "SELECT count(*) AS blocked FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    with engine.begin() as killed:
        killed.execute(text(late), {"source": source.id})
        doing = spawn(writer.do(job), "write")
        async with asyncio.timeout(30):
            while not rows(server, waits)[0]["blocked"]:  # noqa: ASYNC110 - the server tells nobody
                await asyncio.sleep(0)
    assert await doing == Done("My database")
    writer.close()
    (sale,) = rows(server, "SELECT amount FROM shopwatch_sales")
    assert Decimal(str(sale["amount"])) == Decimal("42.50")


@pytest.mark.parametrize("server", SERVERS, indirect=True)
async def test_an_amount_nobody_is_sure_of_and_other_currencies(server: str, ledger: Ledger, source: Source) -> None:
    cleared(server)
    to = target(server)
    await check(to, PASSWORD if "sqlite" not in server else "")
    writer = writing(ledger, to)
    await ledger.record(*told(source.id, "e1", paid("1", None)))
    await ledger.record(*told(source.id, "e2", paid("2", 12_345, currency="KWD")))
    await ledger.record(*told(source.id, "e3", paid("3", 5_000, currency="JPY")))
    for job in await jobs(ledger):
        assert await writer.do(job) == Done("My database")
    writer.close()

    found = rows(server, "SELECT amount, currency FROM shopwatch_sales ORDER BY order_id")
    assert [(row["amount"] and Decimal(str(row["amount"])), row["currency"]) for row in found] == [
        (None, ""),
        (Decimal("12.345"), "KWD"),
        (Decimal(5_000), "JPY"),
    ]


@pytest.mark.parametrize("server", SERVERS, indirect=True)
async def test_missing_tables_are_named_and_made_only_if_asked(server: str, ledger: Ledger, source: Source) -> None:
    cleared(server)
    password = PASSWORD if "sqlite" not in server else ""

    with pytest.raises(UserError) as failure:
        await check(target(server, create="no"), password)
    assert failure.value.code == "database-table"
    assert rows(server, "SELECT 1 AS one") == [{"one": 1}]

    await check(target(server), password)
    await check(target(server, create="no"), password)


@pytest.mark.parametrize("server", ["postgres", "mariadb"], indirect=True)
async def test_a_wrong_password_is_said_and_never_shown(server: str, ledger: Ledger, source: Source) -> None:
    await ledger.record(*told(source.id, "e1", paid("1")))
    (job,) = await jobs(ledger)
    writer = writing(ledger, target(server), password="an entirely wrong one")

    result = await writer.do(job)
    writer.close()

    assert isinstance(result, Later)
    assert "entirely wrong" not in str(result.why)
    with pytest.raises(Outage):
        await check(target(server), "an entirely wrong one")


async def test_a_refund_that_is_told_alone_and_in_the_orders_sum_is_written_once(
    ledger: Ledger, source: Source, tmp_path: Path
) -> None:
    to = target(f"sqlite:///{tmp_path / 'own.db'}")
    await check(to, "")
    await ledger.record(*told(source.id, "e1", paid("ch_1", 4_200)))
    await ledger.record(*told(source.id, "e2", RefundClaim("ch_1", Money(300, "USD"), "ch_1", cumulative=True)))
    await ledger.record(*told(source.id, "e3", RefundClaim("ch_1", None, "re_1")))
    writer = writing(ledger, to)

    async def refunds() -> dict[str, float]:
        for job in await jobs(ledger):
            assert await writer.do(job) == Done("My database")
        found = rows(to.options["url"], "SELECT refund_id, amount FROM shopwatch_refunds WHERE amount IS NOT NULL")
        return {row["refund_id"]: row["amount"] for row in found}

    assert await refunds() == {"ch_1": 3}
    await ledger.record(*told(source.id, "e4", back("ch_1", 300)))
    await ledger.record(*told(source.id, "e5", RefundClaim("ch_1", Money(500, "USD"), "ch_1", cumulative=True)))
    await ledger.record(*told(source.id, "e6", back("ch_1", 200, refund_id="re_2")))
    assert await refunds() == {"re_1": 3, "re_2": 2}
    writer.close()


async def test_a_sale_that_became_part_of_another_since_it_was_owed_is_written(
    ledger: Ledger, source: Source, tmp_path: Path
) -> None:
    to = target(f"sqlite:///{tmp_path / 'own.db'}")
    await check(to, "")
    await ledger.record(*told(source.id, "e1", back("pi_1")))
    await ledger.record(*told(source.id, "e2", paid("cs_1", number="#1001")))
    await ledger.record(*told(source.id, "e3", back("pi_1", refund_id="re_2"), links=("cs_1",)))
    writer = writing(ledger, to)

    found = await jobs(ledger)
    assert [job.order for job in found] == ["#1001"] * 3
    for job in found:
        assert await writer.do(job) == Done("My database")
    writer.close()

    (sale,) = rows(to.options["url"], "SELECT number, state FROM shopwatch_sales")
    assert sale == {"number": "#1001", "state": "part-refunded"}


async def test_a_database_that_is_away_is_tried_again(ledger: Ledger, source: Source) -> None:
    await ledger.record(*told(source.id, "e1", paid("1")))
    (job,) = await jobs(ledger)
    writer = writing(ledger, target("postgresql://shop@127.0.0.1:9/shop"))

    assert isinstance(await writer.do(job), Later)
    writer.close()


async def test_nowhere_to_write_to(ledger: Ledger, source: Source) -> None:
    await ledger.record(*told(source.id, "e1", paid("1")))
    (job,) = await jobs(ledger)
    writer = writing(ledger, None)

    assert isinstance(await writer.do(job), Refused)
    writer.close()


async def test_the_ledger_itself_is_never_written_into(ledger: Ledger, source: Source, tmp_path: Path) -> None:
    file = tmp_path / "sales.sqlite"
    await ledger.record(*told(source.id, "e1", paid("1")))
    (job,) = await jobs(ledger)
    to = target(f"sqlite:///{tmp_path / 'x' / '..' / 'sales.sqlite'}")
    writer = writing(ledger, to, file)

    assert isinstance(await writer.do(job), Refused)
    writer.close()
    with pytest.raises(UserError):
        await check(to, "", file)


@pytest.mark.parametrize(
    "url",
    ["", "nonsense", "oracle://x@y/z", "mssql://x@y/z", "postgresql://user@host", "sqlite://", "sqlite:///relative.db"],
)
def test_addresses_that_do_not_work_say_so(url: str) -> None:
    with pytest.raises(UserError) as failure:
        address(url)

    assert failure.value.code == "database-address"


@pytest.mark.parametrize(
    ("url", "bare", "password"),
    [
        ("postgresql://shop:s3cret%21@db.example/shop", "postgresql+psycopg://shop@db.example/shop", "s3cret!"),
        (
            "postgresql://shop@db.example/shop?password=s3cret%21",
            "postgresql+psycopg://shop@db.example/shop",
            "s3cret!",
        ),
        ("mysql://shop@db.example/shop?passwd=one&passwd=two", "mysql+pymysql://shop@db.example/shop", "one"),
        ("mysql://shop:one@db.example/shop?Password=two", "mysql+pymysql://shop@db.example/shop", "one"),
        (
            "postgresql://shop@db.example/shop?sslmode=require&sslpassword=s3cret",
            "postgresql+psycopg://shop@db.example/shop?sslmode=require",
            "",
        ),
    ],
)
def test_a_password_in_the_address_is_taken_out_of_it(url: str, bare: str, password: str) -> None:
    assert address(url) == (bare, password)


@pytest.mark.parametrize("server", ["postgres", "mariadb"], indirect=True)
async def test_an_address_that_was_kept_with_its_password_still_works(server: str) -> None:
    kept = Target("db-1", "database", "Mine", {"url": f"{server}?password={quote(PASSWORD)}", "create": "yes"})

    await check(kept, "")
