"""A shop moves to another computer, and of two copies of it one works: whole shops behind one address."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from shopwatch.domain.connection.ownership import At
from shopwatch.domain.connection.reach import ReachState, TunnelKind, TunnelState
from shopwatch.domain.errors import Outage, UserError
from shopwatch.domain.rules.job import JobState
from shopwatch.domain.rules.rule import Rule, RuleStep, Trigger
from shopwatch.domain.rules.target import Target
from shopwatch.host.paths import Paths
from shopwatch.ledger.sales.query import SalesQuery
from shopwatch.runtime.clock import now
from shopwatch.runtime.tasks import call_off, spawn
from shopwatch.secrets.vault import MemoryVault
from shopwatch.shop.opening import open_shop, restore_shop
from shopwatch.shop.receiving import runtime_state
from shopwatch.shop.shop import Shop
from tests.actions.email.post_office import PASSWORD, USER, PostOffice
from tests.ledger.arrivals import paid, told
from tests.shop.registering import Registering, Stripe
from tests.standin.road import Road
from tests.standin.site import serving

SECRET = "pn-test-4e1fe1f601bde34964a2c65510d3e62b"
WORDS = "four words for mugs"
PLAIN = "https://hooks.example/abc"


@dataclass
class Town:
    """Where the copies of a shop are: one road leads to one of them, and one office takes all letters."""

    folder: Path
    road: Road
    office: PostOffice
    vaults: dict[str, MemoryVault] = field(default_factory=dict)
    shops: list[Shop] = field(default_factory=list)

    def paths(self, name: str) -> Paths:
        return Paths(self.folder / name)

    @property
    def file(self) -> Path:
        return self.folder / "shop.backup"

    async def open(self, name: str) -> Shop:
        """The copy of this name, as it lies there."""
        shop = await open_shop(self.paths(name), vault=self.vaults.setdefault(name, MemoryVault()))
        self.shops.append(shop)
        return shop

    async def settle(self) -> Shop:
        """The first copy, with a secret, a key, a mail account and a rule that writes to customers; it hears."""
        shop = await self.open("old")
        source = await shop.connections.add("paynow")
        await shop.connections.set_secrets(source.id, (SECRET,))
        options = {"host": "localhost", "port": str(self.office.port), "user": USER, "from": USER, "name": "Bloom"}
        await shop.targets.put(Target("", "mail", "Mail", options), PASSWORD)
        for rule in await shop.ledger.outbox.rules():
            await shop.ledger.outbox.drop_rule(rule.id)
        await shop.rules.put(Rule("all", Trigger.SALE_PAID, steps=(RuleStep("email", {"template": "thanks"}),)))
        await shop.address.choose(TunnelKind.OWN, url=self.road.origin)
        await self.start(shop)
        await until(lambda: works(shop), "the first copy works")
        return shop

    async def start(self, shop: Shop) -> None:
        """It hears, and the road leads to it."""
        self.road.to = await shop.start(port=0)
        await shop.receiver.check()

    async def restore(self, name: str = "new") -> Shop:
        vault = self.vaults.setdefault(name, MemoryVault())
        assert await restore_shop(self.file, self.paths(name), None, WORDS, vault=vault)
        return await self.open(name)

    async def close(self) -> None:
        for shop in self.shops:
            await shop.close()
        await self.office.close()
        await self.road.tear_down()


def works(shop: Shop) -> bool:
    return shop.settings.current.home.at is At.HERE and shop.receiver.since is not None


async def until(true: Callable[[], bool], what: str) -> None:
    try:
        async with asyncio.timeout(30):
            while not true():  # noqa: ASYNC110 - letters come to a server that tells nobody
                await asyncio.sleep(0.02)
    except TimeoutError:
        pytest.fail(f"{what}: not within 30 s")


async def sell(shop: Shop, number: int) -> None:
    arrival = told(shop.sources.all[0].id, f"e{number}", paid(f"{number}", number=f"#{number}"), at=now())
    await shop.ledger.record(*arrival)


async def states(shop: Shop) -> list[JobState]:
    return [job.state for job in await shop.ledger.outbox.jobs()]


async def until_done(shop: Shop) -> None:
    """All that was owed is done, and written down."""
    async with asyncio.timeout(30):
        while set(await states(shop)) != {JobState.DONE}:  # noqa: ASYNC110 - the last step is told of to nobody
            await asyncio.sleep(0.02)


@pytest.fixture
async def town(tmp_path: Path, trusted: None) -> AsyncIterator[Town]:
    town = Town(tmp_path, Road(), PostOffice())
    await town.office.open()
    await town.road.build()
    yield town
    await town.close()


async def test_a_shop_moves_with_all_it_has(town: Town) -> None:
    old = await town.settle()
    await sell(old, 1)
    await until(lambda: len(town.office.got) == 1, "the letter of the old copy")

    await old.connections.set_api_key(old.sources.all[0].id, "411486491630370000:pn-key-0123456789abcdef")

    await old.move_out(town.file, WORDS)

    assert old.settings.current.home.at is At.AWAY
    assert old.receiver.since is None
    assert SECRET.encode() not in town.file.read_bytes()
    new = await town.restore()
    assert new.settings.current.home.at is At.MOVING_IN
    assert (new.settings.current.id, new.settings.current.targets) == (
        old.settings.current.id,
        old.settings.current.targets,
    )
    assert (await new.connections.secrets_of(new.sources.all[0].id)).current == (SECRET,)
    assert await new.connections.has_api_key(new.sources.all[0].id)
    assert await new.targets.has_secret(new.settings.current.targets[0].id)
    assert [row.sale.number for row in (await new.ledger.sales.page(SalesQuery())).rows] == ["#1"]

    await town.start(new)
    await until(lambda: works(new), "the new copy works")
    await sell(new, 2)
    await until(lambda: len(town.office.got) == 2, "the letter of the new copy")
    await until_done(new)
    with pytest.raises(UserError) as refused:
        await old.start(port=0)
    assert refused.value.code == "shop-away"


async def test_a_copy_that_is_running_steps_back_before_the_later_one_sends_anything(town: Town) -> None:
    old = await town.settle()
    await old.backups.write(town.file, WORDS)
    new = await town.restore()
    await sell(new, 1)
    port = await new.start(port=0)  # the road still leads to the old copy

    await until(
        lambda: old.settings.current.home.at is At.AWAY and old.receiver.since is None, "the old copy steps back"
    )
    await sell(old, 2)
    await new.receiver.check()
    assert new.settings.current.home.at is At.MOVING_IN
    assert town.office.got == []

    town.road.to = port
    assert (await new.receiver.check()).state is ReachState.ANSWERS
    await until(lambda: len(town.office.got) == 1, "the letter of the new copy")
    assert works(new)
    assert await states(old) == [JobState.WAITING]
    assert old.receiver.tunnel.state is TunnelState.STOPPED


@pytest.mark.loud
async def test_the_later_copy_works_although_it_cannot_note_that_it_does(town: Town) -> None:
    old = await town.settle()
    await old.backups.write(town.file, WORDS)
    new = await town.restore()
    await sell(new, 1)
    port = await new.start(port=0)
    await until(lambda: old.receiver.since is None, "the old copy steps back")
    new.paths.settings.unlink()
    new.paths.settings.mkdir()  # nothing can be saved there

    town.road.to = port
    await new.receiver.check()

    await until(lambda: len(town.office.got) == 1, "the letter of the new copy")
    assert new.receiver.since is not None


async def test_a_copy_that_wakes_up_later_finds_the_shop_gone_and_sends_nothing(town: Town) -> None:
    old = await town.settle()
    await old.backups.write(town.file, WORDS)
    await old.stop()
    await sell(old, 1)
    new = await town.restore()
    await town.start(new)
    await until(lambda: works(new), "the new copy works")

    await old.start(port=0)

    await until(
        lambda: old.settings.current.home.at is At.AWAY and old.receiver.since is None, "the old copy steps back"
    )
    assert await states(old) == [JobState.WAITING]
    assert town.office.got == []
    assert works(new)


async def test_providers_are_told_the_new_address_last_and_only_once_it_leads_to_the_new_copy(town: Town) -> None:
    stripe, vault, there = Stripe(), MemoryVault(), Road()
    own = {"tunnel": TunnelKind.OWN, "own_url": town.road.origin}
    await there.build()
    async with serving(stripe.site), Registering(town.folder / "old", stripe, tunnel=own) as old:
        town.road.to = old.port
        await old.register()
        await old.shop.backups.write(town.file, WORDS)
        await restore_shop(town.file, town.paths("new"), None, WORDS, vault=vault)
        async with Registering(town.folder / "new", stripe, vault, hears=False) as new:
            await new.move(there.origin)
            port = await new.shop.start(port=0)
            await until(lambda: old.shop.receiver.since is None, "the old copy steps back")
            changes = stripe.changes()
            assert (await new.shop.receiver.check()).state is not ReachState.ANSWERS
            assert (new.shop.settings.current.home.at, stripe.changes()) == (At.MOVING_IN, changes)

            there.to = port
            await new.shop.receiver.check()
            await until(lambda: there.origin in stripe.bases, "Stripe is told")
            assert works(new.shop)
    await there.tear_down()


async def test_copies_that_did_not_hear_of_each_other_do_so_once_one_answers_at_the_address_of_the_other(
    town: Town,
) -> None:
    old, there = await town.settle(), Road()
    await old.backups.write(town.file, WORDS)
    town.road.cut()
    await there.build()
    new = await town.restore()
    await new.address.choose(TunnelKind.OWN, url=there.origin)
    there.to = await new.start(port=0)
    await new.receiver.check()
    await until(lambda: works(new), "the new copy works, for nobody else is heard")
    assert works(old)

    await new.address.choose(TunnelKind.OWN, url=town.road.origin)
    town.road.to = there.to
    town.road.mend()
    await old.receiver.check()

    await until(
        lambda: old.settings.current.home.at is At.AWAY and old.receiver.since is None, "the old copy steps back"
    )
    assert works(new)
    await there.tear_down()


async def test_the_shop_comes_back_by_one_button(town: Town) -> None:
    old = await town.settle()
    await old.backups.write(town.file, WORDS)
    new = await town.restore()
    new_port = await new.start(port=0)
    await until(
        lambda: old.settings.current.home.at is At.AWAY and old.receiver.since is None, "the old copy steps back"
    )
    town.road.to = new_port
    await new.receiver.check()
    await until(lambda: works(new), "the new copy works")

    await old.work_here()
    await until(
        lambda: new.settings.current.home.at is At.AWAY and new.receiver.since is None, "the new copy steps back"
    )
    assert old.settings.current.home.at is At.MOVING_IN
    here = runtime_state.read(old.paths)
    assert here is not None
    town.road.to = here.port
    await old.receiver.check()
    await until(lambda: works(old), "the old copy works again")
    await sell(old, 1)
    await until(lambda: len(town.office.got) == 1, "a letter")


async def test_letters_that_may_have_been_sent_since_the_backup_wait_for_the_owner(town: Town) -> None:
    old = await town.settle()
    await old.stop()
    await sell(old, 1)
    await old.backups.write(town.file, WORDS)
    await town.start(old)
    await until(lambda: len(town.office.got) == 1, "the letter of the old copy")

    new = await town.restore()
    await new.start(port=0)
    await until(lambda: old.receiver.since is None, "the old copy steps back")
    assert await states(new) == [JobState.HELD]
    (held,) = await new.ledger.outbox.jobs()
    await new.ledger.outbox.decide(held.key, JobState.CANCELLED)
    assert len(town.office.got) == 1


async def test_where_the_file_cannot_be_written_the_shop_stays(town: Town) -> None:
    old = await town.settle()
    with pytest.raises(UserError) as refused:
        await old.move_out(town.folder, WORDS)
    assert refused.value.code == "backup-place"
    await until(lambda: works(old), "the shop works again")


class Asking(MemoryVault):
    """A password store that waits for its owner once it is asked for the tunnel's token, as only a backup does here."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = asyncio.Event()

    async def get(self, name: str) -> str | None:
        if name.startswith("tunnel/"):
            self.asked.set()
            await asyncio.Event().wait()
        return await super().get(name)


async def test_where_moving_out_is_called_off_the_shop_stays(town: Town) -> None:
    town.vaults["old"] = vault = Asking()
    old = await town.settle()
    moving = spawn(old.move_out(town.file, WORDS), "move out")
    await vault.asked.wait()
    assert old.settings.current.home.left
    moving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await moving
    assert not town.file.exists()
    await until(lambda: works(old), "the shop works again")


async def test_where_moving_out_is_cut_off_the_next_start_takes_the_shop_back(town: Town) -> None:
    town.vaults["old"] = vault = Asking()
    old = await town.settle()
    moving = spawn(old.move_out(town.file, WORDS), "move out")
    await vault.asked.wait()
    shutil.copytree(town.paths("old").data_dir, town.paths("cut").data_dir)  # all that a power cut leaves of it
    town.vaults["cut"] = vault
    cut = await town.open("cut")
    await town.start(cut)
    await until(lambda: works(cut), "the shop works again")
    assert [source.name for source in cut.sources.all] == [source.name for source in old.sources.all]
    await call_off(moving)


class Locked(MemoryVault):
    async def check(self) -> None:
        raise Outage("Your password store is locked.", code="vault-locked")


async def test_what_cannot_be_brought_back_changes_nothing(town: Town) -> None:
    old = await town.settle()
    await old.backups.write(town.file, WORDS)
    there = await town.open("new")
    await there.connections.add("stripe")
    await there.close()
    before = there.paths.settings.read_bytes()

    async def refused(vault: MemoryVault, words: str = WORDS) -> str:
        with pytest.raises(UserError) as failure:
            await restore_shop(town.file, there.paths, None, words, vault=vault)
        again = await open_shop(there.paths, vault=MemoryVault())
        assert [each.provider for each in again.sources.all] == ["stripe"]
        await again.close()
        assert there.paths.settings.read_bytes() == before
        return failure.value.code

    assert await refused(Locked()) == "vault-locked"
    assert await refused(MemoryVault(), "four words for cups") == "passphrase-wrong"
    town.file.write_bytes(town.file.read_bytes()[:-4_000])
    assert await refused(MemoryVault()) == "backup-broken"
