"""What Tebex tells: the members are those of its page on webhooks."""

import json
from typing import Any

import pytest

from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import SaleClaim, SaleState
from tests.providers.cases import BY_ID, judge, judged, one_sale, signed
from tests.providers.senders.said import challenged

TEBEX = BY_ID["tebex"]
PAYMENT = '{{"transaction_id": "tbx-1", "price_paid": {{"amount": {amount}, "currency": "{currency}"}}}}'


def tebex(event: str, subject: str, number: int = 1) -> Event:
    """`subject` is the text of it, because numbers are read as they are written."""
    body = f'{{"id": "e-{event}-{number}", "type": "{event}", "date": "2026-11-24T06:4{number}:00+00:00"'
    return judged(TEBEX, f'{body}, "subject": {subject}}}'.encode())


def paid(amount: str = "12.5", currency: str = "GBP", event: str = "payment.completed", number: int = 1) -> Event:
    return tebex(event, PAYMENT.format(amount=amount, currency=currency), number)


@pytest.mark.parametrize(
    ("amount", "currency", "money", "shown"),
    [
        ("12.5", "GBP", Money(1_250, "GBP"), ""),
        ("0.1", "USD", Money(10, "USD"), ""),
        ("1500", "JPY", Money(1_500, "JPY"), ""),
        ("1.234", "KWD", Money(1_234, "KWD"), ""),
        ("12.505", "GBP", None, "12.505 GBP"),
        ("-1.5", "GBP", None, "-1.5 GBP"),
        ("null", "GBP", None, ""),
        ("12.5", "GEM", None, "12.5 GEM"),
    ],
)
def test_amounts_are_read_digit_by_digit(amount: str, currency: str, money: Money | None, shown: str) -> None:
    claim = paid(amount, currency).claim
    assert isinstance(claim, SaleClaim)
    assert (claim.amount, claim.amount_text) == (money, shown)


def test_all_that_tebex_tells_of_one_payment_is_one_sale() -> None:
    refund = paid(event="payment.refunded", number=2)
    opened = paid(event="payment.dispute.opened", number=2)
    assert one_sale(paid(), refund).state is SaleState.REFUNDED
    assert one_sale(paid(), opened).state is SaleState.DISPUTED
    assert one_sale(paid(), opened, paid(event="payment.dispute.won", number=3)).kept == Money(1_250, "GBP")
    assert one_sale(paid(), opened, paid(event="payment.dispute.lost", number=3)).state is SaleState.LOST


@pytest.mark.parametrize("event", ["recurring-payment.started", "recurring-payment.renewed"])
@pytest.mark.parametrize("member", ["last_payment", "initial_payment"])
def test_a_renewal_is_the_payment_inside_it_and_one_sale_with_its_own_message(event: str, member: str) -> None:
    inside = PAYMENT.format(amount="12.5", currency="GBP")
    renewed = tebex(event, f'{{"reference": "tbx-r-1", "{member}": {inside}}}')
    assert one_sale(renewed, paid(number=2)).kept == Money(1_250, "GBP")


def test_a_renewal_without_its_payment_is_kept_and_said_to_be_unreadable() -> None:
    event = tebex("recurring-payment.renewed", '{"reference": "tbx-r-1"}')
    assert event.unreadable
    assert event.claim is None


def test_prices_of_several_pieces_are_not_guessed() -> None:
    line: dict[str, Any] = {"name": "Crate key", "quantity": 3, "paid_price": {"amount": 7.5, "currency": "GBP"}}
    told = {"transaction_id": "tbx-1", "price_paid": {"amount": 7.5, "currency": "GBP"}, "products": [line]}
    claim = tebex("payment.completed", json.dumps(told)).claim
    assert isinstance(claim, SaleClaim)
    assert [(item.name, item.qty, item.unit) for item in claim.items] == [("Crate key", 3, None)]


def test_the_endpoint_is_confirmed_by_its_id() -> None:
    body = b'{"id": "v-1", "type": "validation.webhook", "date": "2026-11-24T06:39:58+00:00", "subject": {}}'
    answer = challenged(judge(TEBEX, signed(TEBEX, body)))
    assert (answer.status, answer.content_type, json.loads(answer.body)) == (200, "application/json", {"id": "v-1"})


@pytest.mark.parametrize("event", ["payment.declined", "recurring-payment.ended", "basket.abandoned"])
def test_what_is_no_money_books_nothing(event: str) -> None:
    assert paid(event=event).kind is Kind.OTHER
