"""A whole shop does what its rules owe: once, to real servers, from start to stop."""

import asyncio
import logging
import sqlite3
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp import web

from shopwatch.domain.connection.reach import TunnelKind
from shopwatch.domain.errors import Outage, UserError
from shopwatch.domain.facts import JobsChanged
from shopwatch.domain.rules.job import Job, JobState
from shopwatch.domain.rules.letter import Letter
from shopwatch.domain.rules.rule import FIRST_RULES, Rule, RuleStep, Trigger
from shopwatch.domain.rules.target import Target
from shopwatch.host.paths import Paths
from shopwatch.ledger.sales.query import SalesQuery
from shopwatch.runtime.clock import now
from shopwatch.secrets.vault import MemoryVault
from shopwatch.shop.opening import open_shop
from shopwatch.shop.shop import Shop
from tests.actions.email.post_office import PASSWORD, USER, PostOffice
from tests.actions.program import Program
from tests.ledger.arrivals import paid, told


class Keys(MemoryVault):
    """A password store that its owner may lock; it notes what was written."""

    locked = False

    def __init__(self) -> None:
        super().__init__()
        self.written: list[str] = []

    async def set(self, name: str, value: str) -> None:
        self.written.append(name)
        await super().set(name, value)

    async def get(self, name: str) -> str | None:
        if self.locked:
            raise Outage("Your password store is locked.", code="vault-locked")
        return await super().get(name)


class Scene:
    """A shop that can sell, and wait for what is owed."""

    def __init__(self, shop: Shop, source_id: str, vault: Keys) -> None:
        self.shop = shop
        self.vault = vault
        self._source_id = source_id
        self._news = asyncio.Event()
        self._orders = 0
        shop.bus.listen(JobsChanged, lambda _: self._news.set())

    async def starts(self) -> None:
        await self.shop.start(port=0, tunnel=TunnelKind.NONE)

    async def rule(self, *steps: RuleStep) -> None:
        for rule in await self.shop.ledger.outbox.rules():
            await self.shop.ledger.outbox.drop_rule(rule.id)
        await self.shop.rules.put(Rule("all", Trigger.SALE_PAID, steps=steps))

    async def sell(self) -> None:
        self._orders += 1
        number = str(self._orders)
        arrival = told(self._source_id, f"e{number}", paid(number, number=f"#{number}"), at=now())
        await self.shop.ledger.record(*arrival)

    async def until(self, *states: JobState) -> tuple[Job, ...]:
        """All jobs, the newest first, once each has one of these states."""
        async with asyncio.timeout(30):
            while True:
                self._news.clear()
                jobs = await self.shop.ledger.outbox.jobs()
                if jobs and all(job.state in states for job in jobs):
                    return jobs
                await self._news.wait()

    async def mail(self, office: PostOffice) -> Target:
        options = {"host": "localhost", "port": str(office.port), "user": USER, "from": USER, "name": "Bloom"}
        return await self.shop.targets.put(Target("", "mail", "Mail", options), PASSWORD)

    async def hook(self, program: Program) -> Target:
        options = {"url": program.url, "local": "yes"}
        return await self.shop.targets.put(Target("", "forward", "Till", options))


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    vault = Keys()
    shop = await open_shop(Paths(tmp_path / "data"), vault=vault)
    source = await shop.connections.add("paynow")
    yield Scene(shop, source.id, vault)
    vault.locked = False
    await shop.close()


@pytest.fixture
async def office(trusted: None) -> AsyncIterator[PostOffice]:
    office = PostOffice()
    await office.open()
    yield office
    await office.close()


@pytest.fixture
async def program() -> AsyncIterator[Program]:
    async with Program() as program:
        yield program


async def test_a_sale_is_mailed_passed_on_and_written_once(
    scene: Scene, office: PostOffice, program: Program, tmp_path: Path
) -> None:
    file = tmp_path / "own.sqlite"
    await scene.mail(office)
    hook = await scene.hook(program)
    options = {"url": f"sqlite:///{file}", "create": "yes"}
    database = await scene.shop.targets.put(Target("", "database", "Books", options))
    await scene.rule(
        RuleStep("email", {"template": "thanks"}),
        RuleStep("forward", {"to": hook.id}),
        RuleStep("database", {"to": database.id}),
    )
    await scene.sell()  # before the shop hears: it waits
    await scene.starts()
    await scene.sell()

    jobs = await scene.until(JobState.DONE)

    assert sorted(message["To"] for _, message in office.got) == ["maya@example.com"] * 2
    assert len(program.got) == 2
    with closing(sqlite3.connect(file)) as books:
        assert books.execute("SELECT count(*) FROM shopwatch_sales").fetchone() == (2,)
    assert {job.to for job in jobs} == {"maya@example.com", "Till", "Books"}


async def test_without_a_desktop_nothing_rings_and_it_waits_for_the_next(scene: Scene, program: Program) -> None:
    hook = await scene.hook(program)
    await scene.rule(RuleStep("ring", {"bell": "yes"}), RuleStep("forward", {"to": hook.id}))
    await scene.starts()
    await scene.sell()
    jobs = await scene.until(JobState.DONE, JobState.WAITING)
    while {job.action: job.state for job in jobs}["forward"] is not JobState.DONE:
        jobs = await scene.until(JobState.DONE, JobState.WAITING)

    assert {job.action: job.state for job in jobs}["ring"] is JobState.WAITING


async def test_what_is_on_its_way_ends_before_the_shop_does(scene: Scene, program: Program) -> None:
    hook = await scene.hook(program)
    arrived, answer = asyncio.Event(), asyncio.Event()

    async def slowly(_request: web.Request) -> web.Response:
        arrived.set()
        await answer.wait()
        return web.Response()

    program.answer = slowly
    await scene.rule(RuleStep("forward", {"to": hook.id}))
    await scene.starts()
    await scene.sell()
    await arrived.wait()
    stopping = asyncio.ensure_future(scene.shop.stop())  # noqa: TID251 - awaited below
    answer.set()
    await stopping

    assert [job.state for job in await scene.shop.ledger.outbox.jobs()] == [JobState.DONE]
    await scene.sell()
    assert len(program.got) == 1


async def test_a_locked_password_store_lets_letters_wait(scene: Scene, office: PostOffice) -> None:
    await scene.mail(office)
    await scene.rule(RuleStep("email", {"template": "thanks"}))
    await scene.sell()
    scene.vault.locked = True
    await scene.starts()
    (job,) = await scene.until(JobState.WAITING)
    while not job.attempts:
        (job,) = await scene.until(JobState.WAITING)
    assert "locked" in str(job.result)

    scene.vault.locked = False
    await scene.shop.ledger.outbox.decide(job.key, JobState.WAITING)

    await scene.until(JobState.DONE)
    assert len(office.got) == 1


async def test_a_program_that_wants_no_more_gets_no_more_until_it_is_saved_anew(scene: Scene, program: Program) -> None:
    hook = await scene.hook(program)

    async def gone(_request: web.Request) -> web.Response:
        return web.Response(status=410)

    program.answer = gone
    await scene.rule(RuleStep("forward", {"to": hook.id}))
    await scene.starts()
    await scene.sell()
    await scene.until(JobState.FAILED)
    await scene.sell()
    await scene.until(JobState.FAILED)
    assert len(program.got) == 1

    await scene.shop.targets.put(scene.shop.settings.current.targets[0])
    assert scene.shop.settings.current.targets == (hook,)


async def test_only_what_failed_is_tried_again_and_what_was_sent_is_told(
    scene: Scene, office: PostOffice, program: Program
) -> None:
    async def broken(_request: web.Request) -> web.Response:
        return web.Response(status=400)

    program.answer = broken
    await scene.mail(office)
    hook = await scene.hook(program)
    await scene.rule(RuleStep("email", {"template": "thanks"}), RuleStep("forward", {"to": hook.id}))
    await scene.starts()
    await scene.sell()
    jobs = await scene.until(JobState.DONE, JobState.FAILED)
    program.answer = program.ok

    replay = await scene.shop.rules.replay(jobs[0].sale_id or 0)

    await scene.until(JobState.DONE)
    assert [job.action for job in replay.again] == ["forward"]
    (sent,) = replay.sent
    assert (sent.action, sent.to) == ("email", "maya@example.com")
    assert 0 < sent.changed_at <= now()
    assert (len(office.got), len(program.got)) == (1, 2)

    await scene.shop.ledger.outbox.decide(sent.key, JobState.WAITING, once_more=True)
    await scene.until(JobState.DONE)
    assert len(office.got) == 2


async def test_wrong_settings_are_found_by_trying_and_not_kept(scene: Scene, office: PostOffice) -> None:
    options = {"host": "localhost", "port": str(office.port), "user": USER, "from": USER}
    wrong = (
        (Target("", "mail", "Mail", options), "not the password"),
        (Target("", "chat", "Team", {}), "https://example.com/hook"),
        (Target("", "forward", "Till", {"url": "http://10.0.0.1/"}), ""),
        (Target("", "database", "Books", {"url": "oracle://x"}), ""),
    )
    for target, secret in wrong:
        with pytest.raises(UserError) as failure:
            await scene.shop.targets.put(target, secret)
        assert failure.value.hint
    assert scene.shop.settings.current.targets == ()
    assert scene.vault.written == []


async def test_a_target_keeps_its_secret_until_it_goes(scene: Scene, office: PostOffice) -> None:
    kept = await scene.mail(office)
    renamed = await scene.shop.targets.put(replace(kept, name="Post"))
    assert [each.name for each in scene.shop.settings.current.targets] == [renamed.name] == ["Post"]
    assert await scene.shop.targets.has_secret(kept.id)

    await scene.shop.targets.drop(kept.id)
    assert not scene.shop.settings.current.targets
    assert not await scene.shop.targets.has_secret(kept.id)


async def test_another_program_is_given_the_secret_it_checks_with(scene: Scene, program: Program) -> None:
    hook = await scene.hook(program)
    secret = await scene.shop.targets.signing_secret(hook.id)
    assert secret.startswith("whsec_")
    await scene.shop.targets.put(replace(hook, name="Other"))
    assert await scene.shop.targets.signing_secret(hook.id) == secret
    with pytest.raises(UserError):
        await scene.shop.targets.signing_secret("of-nobody")


async def test_a_rule_that_leads_nowhere_is_refused_while_it_is_on(scene: Scene) -> None:
    nowhere = Rule("a", Trigger.SALE_PAID, steps=(RuleStep("chat", {"to": "team"}),))
    with pytest.raises(UserError) as failure:
        await scene.shop.rules.put(nowhere)
    assert failure.value.code == "bad-rule"
    await scene.shop.rules.put(replace(nowhere, on=False))
    with pytest.raises(UserError, match="Switch on the page"):
        await scene.shop.rules.put(Rule("b", Trigger.SALE_PAID, steps=(RuleStep("popular"),)))


async def test_trying_a_rule_shows_what_it_would_have_done_and_does_nothing(scene: Scene) -> None:
    await scene.sell()
    before = await scene.shop.ledger.outbox.jobs()
    rule = Rule("mail", Trigger.SALE_PAID, steps=(RuleStep("email", {"template": "thanks"}),), on=False)

    (trial,) = await scene.shop.ledger.outbox.try_rule(rule)

    assert [owed.action for owed in trial.owed] == ["email"]
    assert trial.rule_input.sale is not None
    assert trial.rule_input.sale.sale.number == "#1"
    assert await scene.shop.ledger.outbox.jobs() == before
    assert [replace(rule, id=0) for rule in await scene.shop.ledger.outbox.rules()] == list(FIRST_RULES)


async def test_a_letter_is_seen_before_it_goes_and_tried_on_oneself(scene: Scene, office: PostOffice) -> None:
    letter = Letter("hello", "Hello", "Order {{ order }}", "Dear {{ name }}", "<p>{{ name }}</p>")
    await scene.sell()
    (row,) = [row async for row in scene.shop.ledger.sales.every(SalesQuery())]
    assert await scene.shop.mail.preview(letter, row.id) == ("Order #1", "Dear Maya Lindqvist", "<p>Maya Lindqvist</p>")
    with pytest.raises(UserError) as failure:
        await scene.shop.mail.send_test(letter)
    assert failure.value.code == "no-mail"

    await scene.mail(office)
    assert await scene.shop.mail.send_test(letter) == USER

    ((to, message),) = office.got
    assert to == [USER]
    assert message["Subject"] == "Order #1001"


async def test_letters_that_waited_for_an_account_go_out_once_there_is_one(scene: Scene, office: PostOffice) -> None:
    await scene.rule(RuleStep("email", {"template": "thanks"}))
    await scene.starts()
    await scene.sell()
    (job,) = await scene.until(JobState.WAITING)
    while not job.result:
        (job,) = await scene.until(JobState.WAITING)
    assert (str(job.result), job.attempts) == ("There is no mail account yet.", 0)

    await scene.mail(office)

    await scene.until(JobState.DONE)
    assert len(office.got) == 1


@pytest.mark.parametrize("padding", ["", "x" * 180])
async def test_a_password_that_a_mail_server_repeats_is_covered(
    scene: Scene, office: PostOffice, padding: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    signed_in = b64encode(f"\0{USER}\0{PASSWORD}".encode()).decode()
    office.data = f"554 {padding} {PASSWORD} {signed_in}"
    await scene.mail(office)
    await scene.rule(RuleStep("email", {"template": "thanks"}))
    await scene.starts()
    await scene.sell()

    (job,) = await scene.until(JobState.FAILED)

    assert "[hidden]" in str(job.result)
    for shown in (str(job.result), caplog.text):
        assert PASSWORD[:8] not in shown
        assert PASSWORD[-8:] not in shown
        assert signed_in[-16:-4] not in shown


async def test_an_account_that_is_saved_beside_a_running_shop_is_used_at_once(scene: Scene, office: PostOffice) -> None:
    await scene.rule(RuleStep("email", {"template": "thanks"}))
    await scene.starts()
    await scene.sell()
    (job,) = await scene.until(JobState.WAITING)
    while not job.result:
        (job,) = await scene.until(JobState.WAITING)

    beside = await open_shop(scene.shop.paths, vault=scene.vault)
    options = {"host": "localhost", "port": str(office.port), "user": USER, "from": USER}
    await beside.targets.put(Target("", "mail", "Mail", options), PASSWORD)
    await beside.close()
    await scene.sell()

    await scene.until(JobState.DONE)
    assert len(office.got) == 2


@pytest.mark.parametrize(("system", "shops"), [("en_US_POSIX", "en_US"), ("C", "en_US"), ("de_AT", "de_AT")])
async def test_amounts_are_written_as_people_write_them(tmp_path: Path, system: str, shops: str) -> None:
    shop = await open_shop(Paths(tmp_path / "data"), vault=MemoryVault(), locale=system)
    assert shop.locale == shops
    await shop.close()
