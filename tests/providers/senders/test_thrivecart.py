"""What ThriveCart tells of orders, renewals and refunds. The fields are those of support.thrivecart.com ("Using webhook
notifications")."""

from typing import Any
from urllib.parse import urlencode

import pytest

from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.messages.verdict import Reason
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import RefundClaim, SaleClaim, SaleState
from shopwatch.domain.source import NO_OPTIONS, Secrets
from tests.providers.cases import BY_ID, KEYS, NOW, SECRET, URL, accepted, judge, one_sale, rejected
from tests.providers.senders.said import challenged, sent, told

THRIVECART = BY_ID["thrivecart"]


def thrivecart(event: str, **said: Any) -> Event:
    fields = {"event": event, "mode": "live", "order_id": "10001", "invoice_id": "00000010001", "currency": "USD"}
    return told(THRIVECART, urlencode(fields | {"order[total]": "1499", "order[processor]": "stripe"} | said))


def back(amount: str = "500", **said: Any) -> Event:
    return thrivecart("order.refund", **({"refund[amount]": amount} | said))


def test_a_renewal_is_a_sale_of_its_own_with_its_own_refund() -> None:
    first = thrivecart("order.success")
    renewed = thrivecart("order.subscription_payment", invoice_id="00000010777", **{"order[total]": "999"})

    assert one_sale(first).amount == Money(1_499, "USD")
    assert one_sale(renewed).amount == Money(999, "USD")
    assert one_sale(first, back()).kept == Money(999, "USD")
    assert one_sale(renewed, back("999", invoice_id="00000010777")).state is SaleState.REFUNDED
    assert first.claim is not None
    assert renewed.claim is not None
    assert first.claim.order_id != renewed.claim.order_id


def test_an_order_is_found_by_its_first_invoice_too() -> None:
    assert one_sale(thrivecart("order.success", invoice_id="9"), back(invoice_id="9")).kept == Money(999, "USD")


def test_two_refunds_are_two_and_one_that_comes_again_is_one() -> None:
    first, again, other = back(), back(), back("400")

    assert first.id == again.id != other.id
    assert one_sale(thrivecart("order.success"), first, again, other).kept == Money(599, "USD")
    assert back(event_id="1").id != back(event_id="2").id


def test_how_much_was_given_back_is_not_guessed() -> None:
    claim = thrivecart("order.refund").claim

    assert isinstance(claim, RefundClaim)
    assert (claim.amount, claim.partial) == (None, True)
    assert one_sale(thrivecart("order.success"), thrivecart("order.refund")).kept is None


def test_the_test_mode_is_no_money() -> None:
    assert thrivecart("order.success", mode="test").kind is Kind.TEST
    assert back(mode="test").kind is Kind.TEST


@pytest.mark.parametrize(
    ("total", "currency", "money", "shown"),
    [("1499", "USD", Money(1_499, "USD"), ""), ("1499", "JPY", None, "1499 JPY"), ("14.99", "USD", None, "14.99 USD")],
)
def test_amounts_are_in_hundredths(total: str, currency: str, money: Money | None, shown: str) -> None:
    claim = thrivecart("order.success", currency=currency, **{"order[total]": total}).claim

    assert isinstance(claim, SaleClaim)
    assert (claim.amount, claim.amount_text) == (money, shown)


def test_the_secret_word_is_not_part_of_the_id() -> None:
    """So a message that is judged again, once the right word is known, is the same event."""
    body = urlencode({"event": "order.success", "order_id": "1", "currency": "USD", "order[total]": "5"})
    first, second = (f"{body}&thrivecart_secret={word}".encode() for word in ("one", "two"))

    judged = (
        accepted(THRIVECART.judge(sent("POST", URL, each), Secrets((word,)), NOW, NO_OPTIONS)).id
        for each, word in ((first, "one"), (second, "two"))
    )
    assert len(set(judged)) == 1


def test_an_address_that_is_tried_is_there() -> None:
    answer = challenged(THRIVECART.judge(sent("HEAD", URL), KEYS, NOW))

    assert (answer.status, answer.body) == (200, b"")
    ping = rejected(judge(THRIVECART, sent("POST", URL)))
    assert (ping.reason, ping.answer.status) == (Reason.PING, 200)
    assert SECRET not in repr(ping)
