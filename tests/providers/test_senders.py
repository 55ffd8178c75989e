"""What all senders have in common: no message of theirs trips them, and their practice adds up."""

from typing import Any

import pytest

from shopwatch.domain.messages.event import Kind
from shopwatch.domain.messages.verdict import Accepted, Challenge, Rejected
from shopwatch.domain.sales.sale import RefundClaim, SaleState
from shopwatch.providers import PROVIDERS, provider
from shopwatch.providers.provider import Provider
from tests.portions import portion
from tests.providers.cases import BY_ID, judge, members, one_sale, opened, practice, redrafted

PAYMENT_SERVICES = [BY_ID[name] for name in ("square", "paddle", "razorpay", "mollie")]
SHOPS = [BY_ID[name] for name in ("woocommerce", "bigcommerce", "shopware", "lemonsqueezy")]
ODD: tuple[Any, ...] = (None, True, -1, 0, 2**63, 1.5, "", "x", "\0", [], [[]], {}, {"id": {}}, [None, {}, {"": 1}])


@pytest.mark.parametrize(
    ("sender", "kind"),
    [(sender, kind) for sender in PROVIDERS for kind in sender.practises],
    ids=lambda each: each.id if isinstance(each, Provider) else each.value,
)
def test_any_member_may_hold_anything(sender: Provider, kind: Kind) -> None:
    made = practice(sender, kind, 4)
    for turn, path in enumerate(members(opened(made.body)), PROVIDERS.index(sender) + sender.practises.index(kind)):
        for odd in portion(ODD, turn, of=3):
            body = opened(made.body)
            place = body
            for step in path[:-1]:
                place = place[step]
            place[path[-1]] = odd

            assert isinstance(judge(sender, redrafted(sender, kind, 4, body)), Accepted | Challenge | Rejected)


def test_providers_are_found_by_id() -> None:
    assert all(provider(each.id) is each for each in PROVIDERS)
    assert len({each.id for each in PROVIDERS}) == len({each.tile for each in PROVIDERS}) == len(PROVIDERS)
    assert provider("nobody") is None


@pytest.mark.parametrize("sender", PAYMENT_SERVICES, ids=lambda sender: sender.id)
def test_practice_of_a_payment_service_folds_into_one_sale(sender: Provider) -> None:
    told = [judge(sender, practice(sender, kind)) for kind in (Kind.SALE, Kind.REFUND, Kind.DISPUTE)]
    events = [verdict.event for verdict in told if isinstance(verdict, Accepted)]

    assert one_sale(*events).state is SaleState.DISPUTED
    assert isinstance(events[1].claim, RefundClaim)


@pytest.mark.parametrize("sender", SHOPS, ids=lambda sender: sender.id)
def test_practice_of_a_shop_folds_into_one_sale(sender: Provider) -> None:
    told = [judge(sender, practice(sender, kind)) for kind in (Kind.SALE, Kind.REFUND)]
    events = [verdict.event for verdict in told if isinstance(verdict, Accepted)]

    assert one_sale(*events).state in (SaleState.PART_REFUNDED, SaleState.REFUNDED)
