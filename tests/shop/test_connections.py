"""What a connection is told beside its secret, and how its secrets come and go."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from shopwatch.domain.connection.reach import TunnelKind
from shopwatch.domain.errors import Outage, UserError
from shopwatch.domain.facts import Outcome
from shopwatch.domain.instant import HOUR
from shopwatch.domain.source import Tails
from shopwatch.host.paths import Paths
from shopwatch.ledger.inbox.query import InboxQuery
from shopwatch.providers import PROVIDERS
from shopwatch.runtime.clock import now
from shopwatch.secrets.vault import MemoryVault
from shopwatch.shop.opening import open_shop
from shopwatch.shop.shop import Shop
from tests.providers.cases import options_of, secret_of

OLD = "pn-secret-that-was-there-first-0ld1"
NEW = "pn-secret-that-took-its-place-n3w2"
TOLD = {"verify_token": "bloom", "topic": "https://bloom.example/feed"}
"""What some providers have to be told; the others do not ask."""


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    shop = await open_shop(Paths(tmp_path), vault=MemoryVault())
    yield shop
    await shop.close()


async def test_options_are_checked_and_take_the_place_of_the_former_ones(shop: Shop) -> None:
    source = await shop.connections.add("meta", options={"verify_token": "bloom", "allow": "10.0.0.0/8"})
    await shop.connections.set_options(source.id, {"verify_token": "stem", "block": "203.0.113.7, example.com"})
    assert shop.sources.all[0].options == {"verify_token": "stem", "block": "203.0.113.7 example.com"}

    with pytest.raises(UserError) as missing:
        await shop.connections.set_options(source.id, {})
    assert missing.value.code == "option-verify_token"
    with pytest.raises(UserError, match="no range"):
        await shop.connections.set_options(source.id, {"verify_token": "stem", "allow": "everywhere"})
    assert shop.sources.all[0].options["verify_token"] == "stem"


async def test_an_old_secret_is_told_as_long_as_it_counts(shop: Shop) -> None:
    source = await shop.connections.add("paynow")
    assert await shop.connections.tails(source.id) == Tails()
    await shop.connections.set_secrets(source.id, (OLD,))
    began = now()
    await shop.connections.rotate_secret(source.id, NEW, keep_for=HOUR)
    told = await shop.connections.tails(source.id)
    assert (told.current, told.previous) == (("n3w2",), ("0ld1",))
    assert began + HOUR <= told.previous_until <= now() + HOUR

    await shop.connections.rotate_secret(source.id, OLD, keep_for=0)
    assert await shop.connections.tails(source.id) == Tails(("0ld1",))


class Lockable(MemoryVault):
    """A password store that can be locked, whose owner does not unlock it."""

    locked = False

    async def get(self, name: str) -> str | None:
        self._refuse_locked()
        return await super().get(name)

    async def set(self, name: str, value: str) -> None:
        self._refuse_locked()
        await super().set(name, value)

    async def forget(self, name: str) -> None:
        self._refuse_locked()
        await super().forget(name)

    def _refuse_locked(self) -> None:
        if self.locked:
            raise Outage("Your password store is locked.", code="vault-locked")


async def test_a_source_stays_as_long_as_its_secret_cannot_be_forgotten(tmp_path: Path) -> None:
    vault = Lockable()
    shop = await open_shop(Paths(tmp_path), vault=vault)
    source = await shop.connections.add("paynow")
    await shop.connections.set_secrets(source.id, (OLD,))
    vault.locked = True
    with pytest.raises(Outage) as refused:
        await shop.endpoints.remove_source(source.id)
    assert refused.value.code == "vault-locked"
    assert [each.id for each in shop.sources.all] == [source.id]

    vault.locked = False
    assert (await shop.connections.tails(source.id)).current == ("0ld1",)
    await shop.endpoints.remove_source(source.id)
    assert shop.sources.all == ()
    assert (await shop.connections.tails(source.id)).current == ()
    await shop.close()


async def test_a_source_whose_first_secret_cannot_be_stored_is_taken_back(tmp_path: Path) -> None:
    vault = Lockable()
    shop = await open_shop(Paths(tmp_path), vault=vault)
    source = await shop.connections.add("paynow")
    vault.locked = True
    await shop.connections.take_back(source.id)
    assert shop.sources.all == ()
    await shop.close()


async def test_only_the_whole_address_holds_the_secret_that_stands_in_it(shop: Shop) -> None:
    shop.settings.change(own_url="https://shop.example")
    mailchimp, plain = await shop.connections.add("mailchimp"), await shop.connections.add("hubspot")
    bare = await shop.connections.add("hubspot", options={"secret_in": "address"})
    for source in (mailchimp, bare, plain):
        await shop.connections.set_secrets(source.id, (NEW,))

    for source in (mailchimp, bare):
        assert shop.address.of(source) == f"https://shop.example{source.path}?secret="
        assert await shop.connections.whole_address(source) == f"https://shop.example{source.path}?secret={NEW}"
    assert await shop.connections.whole_address(plain) == f"https://shop.example{plain.path}"


async def test_every_source_can_be_tried_with_a_practice_message_of_its_own_kind(shop: Shop) -> None:
    await shop.start(port=0, tunnel=TunnelKind.NONE)
    for known in PROVIDERS:
        source = await shop.connections.add(known.id, options=TOLD | dict(options_of(known)))
        await shop.connections.set_secrets(source.id, (secret_of(known),))

        await shop.practice.send(source.id)

        rows = await shop.ledger.inbox.page(InboxQuery(sources=frozenset({source.id})))
        assert [row.outcome for row in rows] == [Outcome.ACCEPTED], known.id
        assert rows[0].practice
        assert rows[0].kind is known.described(source.options).practises[0]
        assert source.id not in shop.health.heard


async def test_a_secret_in_the_address_is_practised_with_too(shop: Shop) -> None:
    source = await shop.connections.add("hubspot", options={"secret_in": "address"})
    await shop.connections.set_secrets(source.id, (NEW,))
    await shop.start(port=0, tunnel=TunnelKind.NONE)

    await shop.practice.send(source.id)

    (row,) = await shop.ledger.inbox.page(InboxQuery(sources=frozenset({source.id})))
    assert (row.outcome, row.practice) == (Outcome.ACCEPTED, True)
    assert NEW not in row.url
