"""The lists of every provider: all that was missed is brought in, and what a message says as well changes nothing."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from shopwatch.domain.instant import DAY, HOUR
from shopwatch.domain.rules.rule import Rule, RuleStep, Trigger
from shopwatch.domain.sales.sale import SaleState
from shopwatch.ledger.sales.query import SalesQuery
from shopwatch.providers.apis import APIS, api_of
from shopwatch.runtime.clock import now
from tests.recovery.scene import Scene
from tests.standin.lists_all import ALL
from tests.standin.lists_payments import Mollie, MollieOrganization, Razorpay, SumUp
from tests.standin.site import serving


@pytest.fixture(params=ALL, ids=[kind().provider_id for kind in ALL])
async def scene(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Scene]:
    lists = request.param()
    async with serving(lists.site):
        scene = Scene(lists, tmp_path)
        await scene.open()
        yield scene
        await scene.close()


def test_every_list_is_tried() -> None:
    listed = {each.provider for each in APIS if each.missed is not None}
    assert {kind().provider_id for kind in ALL} | {"stripe", "dropbox"} == listed


async def test_all_pages_are_brought_in_once(scene: Scene) -> None:
    count = min(scene.lists.page * 2 + 7, 270)
    scene.happen(count)
    result = await scene.look()
    assert (result.problem, result.brought_in) == (None, count)
    assert await scene.known() == count
    again = await scene.look()
    assert (again.problem, again.brought_in) == (None, 0)
    assert await scene.known() == count


async def test_what_was_before_the_source_was_connected_is_left_out_again_and_again(scene: Scene) -> None:
    scene.happen(1, scene.source.created_at - DAY)
    scene.happen(1)
    for _ in range(3):
        assert (await scene.look()).problem is None
        assert await scene.known() == 1


@pytest.mark.parametrize("scene", [Mollie, MollieOrganization, Razorpay], indirect=True)
async def test_what_is_paid_days_after_it_was_made_is_found(scene: Scene) -> None:
    scene.happen(1, scene.source.created_at + HOUR)
    [entry] = scene.lists.entries
    paid, entry["status"] = entry["status"], "PENDING"
    assert (await scene.look()).brought_in == 0
    entry["status"] = paid
    assert (await scene.look()).brought_in == 1


@pytest.mark.parametrize("scene", [SumUp], indirect=True)
async def test_what_changed_days_after_it_was_made_is_found(scene: Scene) -> None:
    """`changes_since` also lists what was made earlier, whose status has changed (sumup 0.4, List transactions)."""
    scene.happen(1, scene.source.created_at + HOUR)
    await scene.look()
    [entry] = scene.lists.entries
    for refunded, state in ((5, SaleState.PART_REFUNDED), (21.98, SaleState.REFUNDED)):
        entry |= {"status": "REFUNDED", "refunded_amount": refunded, "changed": now() // 1000}
        assert (await scene.look()).brought_in == 1
        [row] = (await scene.ledger.sales.page(SalesQuery(), None, 10)).rows
        assert row.sale.state is state


async def test_what_a_message_told_is_not_told_again_by_a_list(scene: Scene) -> None:
    scene.happen(1)
    await scene.message(scene.lists.entries[0])
    before = await scene.standing()
    result = await scene.look()
    # Some messages only say that something was sold, and the list says for how much.
    assert result.brought_in == 0 or before != await scene.standing()
    assert await scene.known() == 1
    assert (await scene.look()).brought_in == 0


async def test_what_a_list_told_a_message_does_not_change(scene: Scene) -> None:
    steps = (RuleStep("ring"),)
    await scene.ledger.outbox.put_rule(Rule("each", Trigger.SALE_PAID, steps=steps))
    scene.happen(1)
    assert (await scene.look()).brought_in == 1
    before = await scene.standing()
    jobs = await scene.ledger.outbox.jobs()
    await scene.message(scene.lists.entries[0])
    after = await scene.standing()
    assert after == before or scene.lists.provider_id == "gumroad"  # its list may not tell the currency
    assert await scene.ledger.outbox.jobs() == jobs
    assert (await scene.look()).brought_in == 0


async def test_a_key_of_another_form_is_refused(scene: Scene) -> None:
    scene.happen(1)
    await scene.keys.write(scene.source.id, "another-key:of:no-use")
    result = await scene.look()
    assert result.problem is not None
    assert await scene.known() == 0


async def test_the_key_is_in_no_file(scene: Scene) -> None:
    scene.happen(3)
    await scene.look()
    scene.ledger.close()
    secret = scene.lists.key.rpartition(":")[2].encode()
    for file in scene.folder.iterdir():
        assert secret not in file.read_bytes() or len(secret) < 8


def test_every_key_that_is_asked_for_is_described() -> None:
    for kind in ALL:
        api = api_of(kind().provider_id)
        assert api is not None
        assert api.key.label
        assert api.key.found
