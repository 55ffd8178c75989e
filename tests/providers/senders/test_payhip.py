"""What Payhip tells of sales and refunds. The members are those of help.payhip.com, article 115."""

import hashlib
import json
from typing import Any

import pytest

from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.messages.verdict import Reason, Rejected
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import Item, RefundClaim, SaleClaim
from shopwatch.domain.source import Secrets
from tests.providers.cases import BY_ID, NOW, SECRET, judge, one_sale, practice, rejected
from tests.providers.senders.said import told

PAYHIP = BY_ID["payhip"]


def payhip(kind: str = "paid", **said: Any) -> Event:
    return told(PAYHIP, {"id": "ZGjV", "type": kind, "currency": "USD", "price": 900, "date": 1_795_499_995} | said)


def test_a_refund_says_not_how_much_so_nothing_is_counted() -> None:
    claim = payhip("refunded").claim

    assert isinstance(claim, RefundClaim)
    assert (claim.order_id, claim.amount, claim.partial) == ("ZGjV", None, True)
    assert one_sale(payhip()).kept == Money(900, "USD")
    assert one_sale(payhip(), payhip("refunded")).kept is None


@pytest.mark.parametrize(
    ("price", "currency", "money", "shown"),
    [
        (900, "USD", Money(900, "USD"), ""),
        (900, "JPY", None, "900 JPY"),
        (9.5, "USD", None, "9.5 USD"),
        (-1, "USD", None, "-0.01 USD"),
    ],
)
def test_prices_are_in_hundredths(price: Any, currency: str, money: Money | None, shown: str) -> None:
    claim = payhip(price=price, currency=currency).claim

    assert isinstance(claim, SaleClaim)
    assert (claim.amount, claim.amount_text) == (money, shown)


def test_what_was_bought() -> None:
    lines = [{"product_name": "The Adventures", "quantity": "2"}, {"product_name": None}, 7]
    claim = payhip(items=lines).claim

    assert isinstance(claim, SaleClaim)
    assert claim.items == (Item("The Adventures", 2),)


def test_a_subscription_that_begins_is_paid_for_by_a_message_of_its_own() -> None:
    assert payhip("subscription.created", subscription_id="X1").kind is Kind.OTHER


def test_the_key_is_shown_as_its_hash_which_is_covered_before_it_is_kept() -> None:
    shown = hashlib.sha256(SECRET.encode()).hexdigest()
    sent = practice(PAYHIP)
    right = judge(PAYHIP, sent)
    assert json.loads(sent.body)["signature"] == shown
    assert shown.encode() not in PAYHIP.kept(sent, right).body

    wrong = rejected(judge(PAYHIP, sent, Secrets(("another key",))))
    kept = PAYHIP.kept(sent, wrong)
    assert wrong.reason is Reason.TOKEN_MISMATCH
    assert shown.encode() not in kept.body
    assert not isinstance(PAYHIP.judge_kept(kept, Secrets((SECRET,)), NOW), Rejected)
    assert isinstance(PAYHIP.judge_kept(kept, Secrets((shown,)), NOW), Rejected)
