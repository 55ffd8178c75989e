"""Rejected messages in a whole shop: why they are not believed, what mends it, and what comes of it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from shopwatch.domain.errors import UserError
from shopwatch.domain.facts import Outcome
from shopwatch.domain.instant import DAY, HOUR, Instant
from shopwatch.domain.messages.delivery import Delivery
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.messages.verdict import Rejected
from shopwatch.domain.source import Source
from shopwatch.host.paths import Paths
from shopwatch.ledger.inbox.query import InboxQuery, Result
from shopwatch.ledger.sales.query import SalesQuery
from shopwatch.providers.doctor.diagnosis import Cause
from shopwatch.providers.senders.paynow import PAYNOW
from shopwatch.runtime.clock import now
from shopwatch.secrets.vault import MemoryVault
from shopwatch.shop.opening import open_shop
from shopwatch.shop.shop import Shop

RIGHT = "pn-secret-that-paynow-signs-with"
WRONG = "pn-secret-of-some-other-address"


@dataclass
class Scene:
    shop: Shop
    source: Source
    vault: MemoryVault

    async def arrive(self, seed: int, at: Instant, secret: str = RIGHT) -> None:
        """A sale comes in at `at`, as the listener would judge and keep it."""
        request = PAYNOW.practise(Kind.SALE, secret, at, seed, url=f"https://shop.example{self.source.path}")
        options = self.shop.sources.all[0].options if self.shop.sources.all else {}
        verdict = PAYNOW.judge(request, await self.shop.connections.secrets_of(self.source.id), at, options)
        await self.shop.ledger.record(Delivery(self.source.id, request, at), verdict)
        await self.shop.ledger.durability()

    async def results(self) -> list[tuple[Result, Instant]]:
        return [(row.result, row.received_at) for row in await self.shop.ledger.inbox.page(InboxQuery())]

    async def rejected(self) -> list[int]:
        return [row.id for row in await self.shop.ledger.inbox.page(InboxQuery(outcome=Outcome.REJECTED))]


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    vault = MemoryVault()
    shop = await open_shop(Paths(tmp_path), vault=vault)
    source = await shop.connections.add("paynow")
    await shop.connections.set_secrets(source.id, (WRONG,))
    yield Scene(shop, source, vault)
    await shop.close()


async def test_all_that_fits_is_booked_in_its_place_and_at_its_time(scene: Scene) -> None:
    began = now() - 3 * DAY
    await scene.arrive(1, began)
    await scene.arrive(2, began + HOUR)
    await scene.arrive(3, began + 2 * HOUR, secret="pn-made-up-by-somebody-else")
    assert await scene.shop.review.all() == (3, 0)

    await scene.shop.connections.set_secrets(scene.source.id, (RIGHT,))
    assert await scene.shop.review.all() == (3, 2)

    assert await scene.results() == [
        (Result.REJECTED, began + 2 * HOUR),
        (Result.ACCEPTED, began + HOUR),
        (Result.ACCEPTED, began),
    ]
    sold = (await scene.shop.ledger.sales.page(SalesQuery(descending=False))).rows
    assert [row.received_at for row in sold] == [began, began + HOUR]
    assert await scene.shop.review.all() == (1, 0)


async def test_a_message_is_counted_only_when_that_is_asked_for(scene: Scene) -> None:
    await scene.arrive(1, now() - DAY)
    (number,) = await scene.rejected()
    assert not await scene.shop.review.fits_now(number)
    assert not await scene.shop.review.count_now(number)

    await scene.shop.connections.set_secrets(scene.source.id, (RIGHT,))
    assert await scene.shop.review.fits_now(number)
    assert (await scene.shop.ledger.sales.page(SalesQuery())).rows == ()
    assert await scene.shop.review.count_now(number)
    assert len((await scene.shop.ledger.sales.page(SalesQuery())).rows) == 1
    assert not await scene.shop.review.count_now(number)


async def test_what_had_come_again_meanwhile_is_counted_once(scene: Scene) -> None:
    at = now() - HOUR
    await scene.arrive(1, at)
    await scene.shop.connections.set_secrets(scene.source.id, (RIGHT,))
    await scene.arrive(1, at)

    assert await scene.shop.review.all() == (1, 0)

    assert len((await scene.shop.ledger.sales.page(SalesQuery())).rows) == 1
    assert [result for result, _ in await scene.results()] == [Result.ACCEPTED, Result.REPEAT]


async def test_messages_of_a_source_that_is_gone_stay_out(scene: Scene) -> None:
    await scene.arrive(1, now())
    (number,) = await scene.rejected()
    await scene.shop.endpoints.remove_source(scene.source.id)
    assert await scene.shop.review.all() == (0, 0)
    assert await scene.shop.review.diagnose(number) is None


async def test_a_secret_with_a_space_is_found_and_mended(scene: Scene) -> None:
    await scene.arrive(1, now())
    (number,) = await scene.rejected()
    await scene.vault.set(f"source/{scene.source.id}", f'{{"current":["{WRONG}","{RIGHT} "]}}')

    found = await scene.shop.review.diagnose(number)
    assert found is not None
    assert found.cause is Cause.SPACES_IN_SECRET
    await scene.shop.review.mend(number)

    assert (await scene.shop.connections.secrets_of(scene.source.id)).current == (WRONG, RIGHT)
    assert await scene.shop.review.fits_now(number)


async def test_the_secret_of_another_source_is_found_and_used(scene: Scene) -> None:
    other = await scene.shop.connections.add("paynow", "The other shop")
    await scene.shop.connections.set_secrets(other.id, (RIGHT,))
    await scene.arrive(1, now())
    (number,) = await scene.rejected()

    found = await scene.shop.review.diagnose(number)
    assert found is not None
    assert (found.cause, found.subject) == (Cause.OTHER_SOURCE, other.id)
    await scene.shop.review.mend(number)

    # PayNow has a secret for each kind of event, so the one that was there stays.
    assert (await scene.shop.connections.secrets_of(scene.source.id)).current == (WRONG, RIGHT)
    assert await scene.shop.review.all() == (1, 1)


async def test_without_a_secret_the_doctor_says_so(scene: Scene) -> None:
    await scene.arrive(1, now())
    (number,) = await scene.rejected()
    await scene.shop.connections.forget_secrets(scene.source.id)
    found = await scene.shop.review.diagnose(number)
    assert found is not None
    assert found.cause is Cause.NO_SECRET


async def test_the_last_rejected_message_of_a_source_is_the_one_asked_about(scene: Scene) -> None:
    assert await scene.shop.review.diagnose_newest(scene.source.id) is None
    await scene.arrive(1, now())
    found = await scene.shop.review.diagnose_newest(scene.source.id)
    assert found is not None
    assert found.cause is Cause.UNKNOWN


async def test_what_cannot_be_mended_says_what_to_do(scene: Scene) -> None:
    await scene.arrive(1, now())
    (number,) = await scene.rejected()
    with pytest.raises(UserError) as refused:
        await scene.shop.review.mend(number)
    assert refused.value.code == "nothing-fits"
    assert (await scene.shop.connections.secrets_of(scene.source.id)).current == (WRONG,)


async def test_a_message_is_saved_byte_for_byte(scene: Scene, tmp_path: Path) -> None:
    await scene.arrive(1, now())
    (number,) = await scene.rejected()
    row = await scene.shop.ledger.inbox.get(number)
    assert row is not None
    await scene.shop.exports.message(number, tmp_path / "message.json")
    assert (tmp_path / "message.json").read_bytes() == row.body
    with pytest.raises(UserError) as refused:
        await scene.shop.exports.message(number, tmp_path)
    assert refused.value.code == "file-unwritable"
    with pytest.raises(UserError) as gone:
        await scene.shop.exports.message(9_999, tmp_path / "other")
    assert gone.value.code == "message-gone"


async def test_messages_of_another_account_count_once_the_owner_says_so(scene: Scene) -> None:
    await scene.shop.connections.set_secrets(scene.source.id, (RIGHT,))
    await scene.shop.connections.set_options(scene.source.id, {"account": "my-store"})
    began = now() - HOUR
    for seed in (1, 2):
        await scene.arrive(seed, began + seed)
    second, first = await scene.rejected()
    assert await scene.results() == [(Result.SET_ASIDE, began + 2), (Result.SET_ASIDE, began + 1)]
    assert (await scene.shop.ledger.sales.page(SalesQuery())).rows == ()
    assert await scene.shop.review.all() == (2, 0)

    found = await scene.shop.review.diagnose(first)
    assert found is not None
    assert (found.cause, found.subject) == (Cause.OTHER_ACCOUNT, "411486491630370000")
    await scene.shop.review.mend(first)

    assert scene.shop.sources.all[0].options == {"account": "my-store, 411486491630370000"}
    assert (await scene.shop.connections.secrets_of(scene.source.id)).current == (RIGHT,)
    assert await scene.shop.review.fits_now(second)
    assert await scene.shop.review.all() == (2, 2)
    assert await scene.results() == [(Result.ACCEPTED, began + 2), (Result.ACCEPTED, began + 1)]
    assert len((await scene.shop.ledger.sales.page(SalesQuery())).rows) == 2


async def test_a_practice_message_is_not_judged_again(scene: Scene) -> None:
    at = now()
    request = PAYNOW.practise(Kind.SALE, WRONG, at, 1, url="")
    verdict = PAYNOW.judge(request, await scene.shop.connections.secrets_of(scene.source.id), at)
    assert not isinstance(verdict, Rejected)
    await scene.shop.ledger.record(Delivery(scene.source.id, request, at, "unknown-nonce"), verdict)
    await scene.shop.ledger.durability()
    assert len(await scene.rejected()) == 1
    assert await scene.shop.review.all() == (0, 0)
