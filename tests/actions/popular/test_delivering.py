"""The page is put where the owner wants it: both files, once for many jobs, and never half."""

import asyncio
import json
import stat
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from aiohttp import web

from shopwatch.actions.answers import not_accepted
from shopwatch.actions.outbound_http import OutboundHttp
from shopwatch.actions.popular.delivering import PageDelivery, check
from shopwatch.actions.popular.public import PublicPage
from shopwatch.domain.errors import UserError
from shopwatch.domain.instant import HOUR, SECOND, Instant
from shopwatch.domain.rules.job import Done, Job, JobKey, JobState, Later, Refused, Result
from shopwatch.domain.rules.rule import Trigger
from shopwatch.domain.rules.target import Target
from shopwatch.domain.sales.popular_page import PopularPage
from tests.actions.popular.pages import NOON, Owner, Shelf
from tests.said import said

TOKEN = "made-up-token-of-the-site"


@dataclass
class Site:
    """The shop's own site, which takes what is put to it."""

    status: int = 204
    retry_after: str = ""
    put: list[tuple[str, str, str, bytes]] = field(default_factory=list)
    url: str = ""

    async def take(self, request: web.Request) -> web.Response:
        body = await request.read()
        said = request.headers
        self.put.append((request.path, said["Content-Type"], said.get("Authorization", ""), body))
        return web.Response(status=self.status, headers={"Retry-After": self.retry_after} if self.retry_after else {})


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    made = Site()
    app = web.Application()
    app.router.add_put("/{name}", made.take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield made
    await runner.cleanup()


@dataclass
class Delivered:
    """A delivery, with hands on its targets and its clock."""

    owner: Owner
    shelf: Shelf
    delivery: PageDelivery
    targets: list[Target]
    at: list[Instant]

    async def do(self, made_at: Instant = NOON - 10 * SECOND) -> Result:
        return await self.delivery.do(job(made_at))


@pytest.fixture
async def delivered() -> AsyncIterator[Delivered]:
    owner, shelf, targets, at = Owner(), Shelf(), list[Target](), [NOON]
    public = PublicPage(shelf, owner.bus, owner.now, "en_US", clock=lambda: at[0])

    async def secret_of(_target_id: str) -> str:
        return TOKEN

    async with OutboundHttp() as outbound:
        delivery = PageDelivery(public, outbound, lambda: targets, secret_of, clock=lambda: at[0], every=20)
        yield Delivered(owner, shelf, delivery, targets, at)


def job(made_at: Instant) -> Job:
    key = JobKey(made_at % 1_000_003, 1, 0)
    trigger = Trigger.SALE_PAID
    return Job(key, trigger, "popular", {}, JobState.SENDING, "src", made_at, made_at, made_at)


def modes(folder: Path) -> dict[str, int]:
    """Who may do what with each file."""
    return {each.name: stat.S_IMODE(each.stat().st_mode) for each in folder.iterdir()}


def target(**options: str) -> Target:
    return Target("t1", "page", "My site", options)


async def test_both_files_are_written_for_a_web_server_to_read(delivered: Delivered, tmp_path: Path) -> None:
    delivered.targets.append(target(folder=str(tmp_path)))

    assert await delivered.do() == Done("My site")

    assert modes(tmp_path) == {"popular.html": 0o644, "popular.json": 0o644}
    assert b"Roses" in (tmp_path / "popular.html").read_bytes()
    assert json.loads((tmp_path / "popular.json").read_bytes())["items"][0]["name"] == "Roses"


async def test_page_and_data_are_put_with_the_token(delivered: Delivered, site: Site) -> None:
    place = site.url
    delivered.targets.append(target(url=place + "/popular.html", data_url=place + "/popular.json", local="yes"))

    assert await delivered.do() == Done("My site")

    assert [(path, kind, token) for path, kind, token, _ in site.put] == [
        ("/popular.html", "text/html; charset=utf-8", f"Bearer {TOKEN}"),
        ("/popular.json", "application/json", f"Bearer {TOKEN}"),
    ]
    assert b"Roses" in site.put[0][3]


async def test_many_jobs_are_one_delivery(delivered: Delivered, site: Site) -> None:
    delivered.targets.append(target(url=site.url + "/popular.html", local="yes"))

    results = [await delivered.do(NOON - number * 1_000 - 2_000) for number in range(50)]

    assert results == [Done("My site")] * 50
    assert len(site.put) == 1


async def test_a_later_sale_is_delivered_again(delivered: Delivered, site: Site) -> None:
    delivered.targets.append(target(url=site.url + "/popular.html", local="yes"))
    await delivered.do()
    delivered.at[0] = NOON + 60 * SECOND

    await delivered.do(NOON + 59 * SECOND)

    assert len(site.put) == 2


async def test_a_delivery_that_was_cut_off_is_none(delivered: Delivered, site: Site) -> None:
    delivered.targets.append(target(url=site.url + "/popular.html", local="yes"))
    await delivered.do()
    delivered.at[0] = NOON + 60 * SECOND
    delivered.shelf.ready.clear()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await delivered.do(NOON + 50 * SECOND)
    delivered.shelf.ready.set()
    delivered.at[0] = NOON + 90 * SECOND

    assert await delivered.do(NOON + 50 * SECOND) == Done("My site")

    assert len(site.put) == 2


@pytest.mark.parametrize(("status", "kind"), [(500, Later), (429, Later), (403, Refused), (302, Refused)])
async def test_a_site_that_does_not_take_it(delivered: Delivered, site: Site, status: int, kind: type) -> None:
    site.status = status
    delivered.targets.append(target(url=site.url + "/popular.html", local="yes"))

    assert await delivered.do() == kind(not_accepted("My site", status), to="My site")


async def test_a_site_may_say_when_to_come_again(delivered: Delivered, site: Site) -> None:
    site.status, site.retry_after = 503, "3600"
    delivered.targets.append(target(url=site.url + "/popular.html", local="yes"))

    result = await delivered.do()

    assert isinstance(result, Later)
    assert result.not_before == NOON + HOUR


async def test_after_a_failure_it_is_tried_again(delivered: Delivered, site: Site) -> None:
    site.status = 500
    delivered.targets.append(target(url=site.url + "/popular.html", local="yes"))
    assert isinstance(await delivered.do(), Later)
    site.status = 200
    delivered.at[0] += 60 * SECOND

    assert await delivered.do() == Done("My site")


async def test_a_folder_that_is_gone_is_tried_again(delivered: Delivered, tmp_path: Path) -> None:
    delivered.targets.append(target(folder=str(tmp_path / "gone")))

    result = await delivered.do()

    assert isinstance(result, Later)
    assert (str(result.why), result.to) == (f"The page cannot be written to {tmp_path / 'gone'}.", "My site")


async def test_a_ledger_that_cannot_be_read_is_asked_again(delivered: Delivered) -> None:
    delivered.shelf.failure = UserError("The sales file cannot be read now.")

    assert await delivered.do() == Later(said("The sales file cannot be read now."))


async def test_without_targets_the_public_page_is_fresh(delivered: Delivered) -> None:
    assert await delivered.do() == Done("")


async def test_a_page_that_was_never_switched_on_goes_nowhere(delivered: Delivered, tmp_path: Path) -> None:
    delivered.owner.change(PopularPage())
    delivered.targets.append(target(folder=str(tmp_path)))

    result = await delivered.do()

    assert isinstance(result, Refused)
    assert str(result.why) == "The page of popular items was never switched on."
    assert modes(tmp_path) == {}


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({}, "page-nowhere"),
        ({"folder": "/no/such/folder"}, "page-folder"),
        ({"folder": "relative"}, "page-folder"),
        ({"url": "http://shop.example/popular.html"}, "address-unfit"),
        ({"url": "https://169.254.169.254/popular.html"}, "address-inside"),
        ({"url": "https://shop.example/a", "data_url": "https://10.0.0.1/b"}, "address-inside"),
    ],
)
def test_wrong_settings_are_told_when_saved(options: dict[str, str], code: str) -> None:
    with pytest.raises(UserError) as told:
        check(target(**options), "")
    assert told.value.code == code


def test_right_settings_are_taken(tmp_path: Path) -> None:
    check(target(folder=str(tmp_path), url="https://shop.example/popular.html"), TOKEN)
    with pytest.raises(UserError, match="token"):
        check(target(folder=str(tmp_path)), "two words\n")
