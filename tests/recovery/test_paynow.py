"""What PayNow gave back, charged back, or could not deliver, however long ago the order was."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web

from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import SaleState
from shopwatch.ledger.sales.query import SalesQuery
from shopwatch.runtime.clock import now
from tests.recovery.scene import Scene
from tests.standin.lists import Entry, iso
from tests.standin.lists_merchants import PayNow
from tests.standin.site import serving

DAY = 86_400
HOOK = "700000000000000001"


@pytest.fixture
async def paynow(tmp_path: Path) -> AsyncIterator[PayNow]:
    made = PayNow()
    async with serving(made.site):
        yield made


@pytest.fixture
async def scene(paynow: PayNow, tmp_path: Path) -> AsyncIterator[Scene]:
    scene = Scene(paynow, tmp_path)
    await scene.open()
    yield scene
    await scene.close()


def second(ago: int = 3_600) -> int:
    return now() // 1000 - ago


async def sold(scene: Scene, *, ago: int = 2 * DAY) -> Entry:
    """An order, of which its message came in."""
    entry = scene.lists.entry(len(scene.lists.entries), second(ago))
    scene.lists.entries.append(entry)
    await scene.message(entry)
    return entry


async def states(scene: Scene) -> list[tuple[SaleState, Money | None]]:
    page = await scene.ledger.sales.page(SalesQuery(), None, 100)
    return [(each.sale.state, each.sale.given_back) for each in page.rows]


@pytest.mark.parametrize("ago", [7_200, 40 * DAY], ids=["of today", "of long ago"])
@pytest.mark.parametrize(("amount", "state"), [(2_198, SaleState.REFUNDED), (500, SaleState.PART_REFUNDED)])
async def test_what_was_given_back_is_told_to_the_cent(
    scene: Scene, paynow: PayNow, ago: int, amount: int, state: SaleState
) -> None:
    order = await sold(scene, ago=ago)
    order["status"] = "refunded"
    refunds = [paynow.refund(1, second(), amount), paynow.refund(2, second(), 9_999, "failed")]
    paynow.payments.append(paynow.payment(order, "refunded", refunds=refunds))
    assert (await scene.look()).problem is None
    assert await states(scene) == [(state, Money(amount, "USD"))]
    assert (await scene.look()).brought_in == 0


@pytest.mark.parametrize(
    ("told", "state"), [("pending", SaleState.DISPUTED), ("lost", SaleState.LOST), ("won", SaleState.PAID)]
)
async def test_what_was_charged_back_is_told(scene: Scene, paynow: PayNow, told: str, state: SaleState) -> None:
    order = await sold(scene)
    moved = {"chargeback_status": told, "chargeback_at": order["created_at"]}
    paynow.payments.append(paynow.payment(order, "chargeback", **moved))
    assert (await scene.look()).problem is None
    assert [each for each, _ in await states(scene)] == [state]


@pytest.mark.parametrize("whole", [True, False], ids=["whole", "what it is about"])
async def test_what_could_not_be_delivered_is_told_page_by_page(scene: Scene, paynow: PayNow, whole: bool) -> None:
    for number in range(25):  # begun long ago, and paid today
        [order] = paynow.told([paynow.entry(number, second(40 * DAY)) | {"completed_at": iso(second())}])
        message = {"event_type": "ON_ORDER_COMPLETED", "event_id": f"9{order['id'][1:]}", "body": order}
        paynow.failed(HOOK, "on_order_completed", second(), message if whole else order)
    paynow.failed("700000000000000002", "on_delivery_item_added", second(), "nothing of ours")
    result = await scene.look()
    assert (result.problem, result.brought_in, await scene.known()) == (None, 25, 25)
    assert (await scene.look()).brought_in == 0


async def test_a_refund_that_could_not_be_delivered_is_told_once(scene: Scene, paynow: PayNow) -> None:
    order = await sold(scene)
    refund = paynow.refund(1, second(), 500)
    message = {"event_type": "ON_REFUND", "event_id": "77", "body": refund | {"order_id": order["id"]}}
    paynow.failed(HOOK, "on_refund", second(), message)
    assert (await scene.look()).brought_in == 1
    assert await states(scene) == [(SaleState.PART_REFUNDED, Money(500, "USD"))]
    paynow.payments.append(paynow.payment(order, "refunded", refunds=[refund]))
    assert (await scene.look()).brought_in == 0
    assert await states(scene) == [(SaleState.PART_REFUNDED, Money(500, "USD"))]


async def test_a_key_that_may_see_orders_alone_still_tells_them(scene: Scene, paynow: PayNow) -> None:
    paynow.narrow = True
    scene.happen(3)
    paynow.entries[0]["status"] = "refunded"
    result = await scene.look()
    assert (result.problem, await scene.known()) == (None, 3)
    assert sorted(await states(scene)) == [(SaleState.PAID, None)] * 2 + [(SaleState.REFUNDED, None)]


@pytest.mark.parametrize("what", ["orders", "payments"])
async def test_ids_that_go_back_are_not_followed(scene: Scene, paynow: PayNow, what: str) -> None:
    scene.happen(1)
    told = paynow.told(paynow.entries) if what == "orders" else [paynow.payment(paynow.entries[0], "refunded")]

    async def over_and_over(request: web.Request) -> web.StreamResponse:
        return web.json_response(told) if request.path.endswith(what) else await paynow.listed(request)

    paynow.site.handle = over_and_over
    result = await scene.look()
    assert result.problem is not None
    assert result.problem.code == "api-unreadable"
    assert len(paynow.site.asked) < 20
