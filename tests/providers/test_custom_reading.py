"""What the messages of a described sender mean, read from the places that the owner names."""

from typing import Any

import pytest
from msgspec import structs

from shopwatch.domain.messages.delivery import Headers
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.messages.happening import Answered, Contact, Notice, TextMessage
from shopwatch.domain.messages.verdict import Accepted, Rejected
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import Item, RefundClaim, SaleClaim, SaleState
from shopwatch.providers.described.custom import CUSTOM, places, preview
from tests.providers.cases import NOW, URL, accepted, one_sale
from tests.providers.cases import OPTIONS as SET
from tests.providers.described import SECRET, SHOP, judge, read, request


def test_a_sale_is_read_from_its_places() -> None:
    order = {"no": 1007, "total": 59.9, "currency": "eur", "lines": [{"title": "Peonies", "n": 2, "each": "29.95"}, 5]}
    body = {"event": "paid", "order": order, "who": {"name": "Maya", "email": "maya@example.com"}}

    event = read(SHOP, body | {"at": "2026-11-20T10:00:00Z"})

    assert event.claim == SaleClaim(
        order_id="1007",
        amount=Money(5990, "EUR"),
        name="Maya",
        email="maya@example.com",
        items=(Item("Peonies", 2, Money(2995, "EUR")),),
    )
    assert event.occurred_at == 1_795_168_800_000
    assert event.live


@pytest.mark.parametrize(
    ("amount", "currency", "counts", "money", "shown"),
    [
        ("59.90", "EUR", "decimal", Money(5990, "EUR"), ""),
        (59, "EUR", "decimal", Money(5900, "EUR"), ""),
        (5990, "EUR", "minor", Money(5990, "EUR"), ""),
        ("5990", "JPY", "minor", Money(5990, "JPY"), ""),
        ("5.120", "KWD", "decimal", Money(5120, "KWD"), ""),
        ("59,90", "EUR", "decimal", None, "59,90 EUR"),
        ("59.905", "EUR", "decimal", None, "59.905 EUR"),
        (-5, "EUR", "decimal", None, "-5 EUR"),
        (59.9, "EUR", "minor", None, "59.9 EUR"),
        (True, "EUR", "minor", None, "True EUR"),
        ("59.90", "gold", "decimal", None, "59.90 gold"),
        (None, "EUR", "decimal", None, ""),
    ],
)
def test_amounts_are_counted_exactly_or_shown_as_sent(
    amount: Any, currency: str, counts: str, money: Money | None, shown: str
) -> None:
    body = {"event": "paid", "order": {"no": "A", "total": amount, "currency": currency}}

    claim = read({**SHOP, "amount_in": counts}, body).claim

    assert isinstance(claim, SaleClaim)
    assert (claim.amount, claim.amount_text) == (money, shown)
    if currency == "EUR":
        fixed = read({**SHOP, "amount_in": counts, "currency": "EUR"}, body).claim
        assert isinstance(fixed, SaleClaim)
        assert fixed.amount == money


def test_one_number_for_all_of_an_order_tells_its_events_apart_by_type() -> None:
    told = {"method": "none", "type": "event", "id": "no", "sales": "paid", "refunds": "refunded", "amount": "sum"}
    told |= {"currency": "EUR"}
    sale, refund = (read(told, {"event": each, "no": 9, "sum": "2.00"}) for each in ("paid", "refunded"))

    assert (sale.id, refund.id) == ("paid:9", "refunded:9")
    assert refund.claim == RefundClaim("9", Money(200, "EUR"), "9")
    assert sale.claim == SaleClaim("9", Money(200, "EUR"))


def test_what_was_given_back_so_far_counts_once_however_often_it_is_told() -> None:
    """As Ecwid's orders tell it: `refundedAmount` is the sum of all refunds, and the number is the order's."""
    told = {"method": "none", "type": "status", "id": "no", "sales": "PAID", "refunds": "PARTIALLY_REFUNDED, REFUNDED"}
    told |= {"amount": "total", "refunded": "refundedAmount", "currency": "EUR"}
    order = {"no": 9, "total": "20.00"}

    paid = read(told, order | {"status": "PAID"})
    first, again, second, all_of_it = (
        read(told, order | {"status": status, "refundedAmount": back})
        for status, back in (
            ("PARTIALLY_REFUNDED", 5),
            ("PARTIALLY_REFUNDED", 5),
            ("PARTIALLY_REFUNDED", 12),
            ("REFUNDED", 20),
        )
    )

    assert first.claim == RefundClaim("9", Money(500, "EUR"), "9", cumulative=True)
    assert first.id == again.id
    assert len({paid.id, first.id, second.id, all_of_it.id}) == 4
    assert one_sale(paid, first, second).kept == Money(800, "EUR")
    assert one_sale(paid, first, second, all_of_it).state is SaleState.REFUNDED


@pytest.mark.parametrize(
    ("back", "shown"), [("x", "x EUR"), (-5, "-5 EUR"), (True, "True EUR"), ([1], "[1] EUR"), ({}, "{} EUR")]
)
def test_a_sum_that_is_none_is_shown_and_not_counted(back: Any, shown: str) -> None:
    told = {"method": "none", "type": "status", "id": "no", "refunds": "BACK", "refunded": "back", "currency": "EUR"}

    claim = read(told, {"status": "BACK", "no": 9, "back": back}).claim

    assert claim == RefundClaim("9", None, "9", cumulative=True, amount_text=shown)


def test_a_refund_that_tells_no_sum_of_all_is_read_by_its_own_amount() -> None:
    told = {"method": "none", "type": "status", "id": "no", "refunds": "BACK", "refunded": "all", "amount": "this"}
    told |= {"currency": "EUR", "refund": "r", "order": "o"}

    claim = read(told, {"status": "BACK", "no": 1, "o": 9, "r": 7, "this": 3}).claim

    assert claim == RefundClaim("9", Money(300, "EUR"), "7")


def test_a_status_that_is_what_it_was_is_no_news() -> None:
    """As Ecwid tells that a paid order was shipped: the status of its payment is the same before and after."""
    told = {"method": "none", "type": "now", "before": "then", "id": "no", "sales": "PAID", "refunds": "BACK"}
    told |= {"amount": "sum", "currency": "EUR"}

    def kind(**body: Any) -> Kind:
        return read(told, {"no": 9, "sum": 5} | body).kind

    assert kind(now="PAID", then="PAID") is Kind.OTHER
    assert kind(now="BACK", then="BACK") is Kind.OTHER
    assert kind(now="BACK", then="PAID") is Kind.REFUND
    others: tuple[Any, ...] = ("NEW", None, 7, [], {}, "")
    for before in others:
        assert kind(now="PAID", then=before) is Kind.SALE
    assert kind(now="PAID") is Kind.SALE
    del told["sales"]
    assert read(told | {"notices": "*"}, {"no": 9}).kind is Kind.NOTICE


def test_what_is_no_money_is_read_as_what_it_is() -> None:
    told = {"method": "none", "type_header": "X-Event", "id": "id", "email": "email", "phone": "phone", "text": "words"}
    told |= {"contacts": "signup, form", "messages": "sms", "notices": "*"}
    body = {"id": 5, "email": "a@example.com", "phone": "+441", "words": "Hello", "more": {"a": 1}}

    contact = read(told, body, X_Event="form").happening
    assert isinstance(contact, Contact)
    assert (contact.contact_id, contact.email, contact.phone, contact.form) == ("5", "a@example.com", "+441", "form")
    assert Answered("words", "Hello") in contact.fields
    assert read(told, body, X_Event="sms").happening == TextMessage("5", "+441", text="Hello")
    noticed = read(told, body, X_Event="stock.running_low")
    assert noticed.happening == Notice("Stock running low", "Hello", "", "a@example.com", "+441")
    assert (noticed.id, noticed.type) == ("stock.running_low:5", "stock.running_low")


def test_json_is_read_even_where_it_is_called_a_form() -> None:
    named = {"Content_Type": "application/x-www-form-urlencoded"}
    token = {**SHOP, "method": "token", "token_in": "body", "token_name": "key"}
    message = request({"event": "paid", "order": {"no": 7}, "key": SECRET}, **named)

    assert read(SHOP, {"event": "paid", "order": {"no": 7}}, **named).claim == SaleClaim("7", None)
    assert isinstance(judge(token, message), Accepted)
    assert SECRET.encode() not in CUSTOM.kept(message, judge(token, message), token).body


def test_types_that_are_not_named_are_kept_with_nothing_to_book() -> None:
    told = {key: value for key, value in SHOP.items() if key != "contacts"}

    assert read(told, {"event": "viewed"}).kind is Kind.OTHER


def test_a_sale_that_does_not_say_which_is_kept_as_unreadable() -> None:
    assert read(SHOP, {"event": "paid", "order": {}}).unreadable


@pytest.mark.parametrize("mark", [True, 1, "1", "true", "test", "Sandbox"])
def test_the_senders_own_tests_are_marked(mark: Any) -> None:
    told = {**SHOP, "test": "mode"}

    assert not read(told, {"event": "paid", "order": {"no": 1}, "mode": mark}).live
    assert read(told, {"event": "paid", "order": {"no": 1}, "mode": "live"}).live


def test_a_preview_is_what_the_message_will_be() -> None:
    told = SET["custom"]
    made = CUSTOM.practise(Kind.SALE, SECRET, NOW, 3, url=URL, options=told)
    unsigned = structs.replace(
        made, headers=Headers(tuple(line for line in made.headers.lines if line[0] != b"X-Signature"))
    )

    assert isinstance(judge(told, unsigned), Rejected)
    assert preview(told, unsigned, NOW) == (accepted(judge(told, made)),)
    assert preview(told, structs.replace(unsigned, body=b"no JSON"), NOW)
    twice = structs.replace(unsigned, headers=Headers((*unsigned.headers.lines, (b"x-id", b"2"))))
    assert preview({**told, "signed": "{timestamp}.{body}"}, twice, NOW) == ()


def test_the_places_of_a_message_can_be_chosen_from() -> None:
    body = {"event": "paid", "order": {"no": 7, "lines": [{"title": "Fern"}, {"title": "Rose"}]}, "none": None}

    assert places(request(body)) == (
        ("event", "paid"),
        ("order.no", "7"),
        ("order.lines", ""),
        ("order.lines.0.title", "Fern"),
        ("none", ""),
    )
    form = structs.replace(
        request({}, Content_Type="application/x-www-form-urlencoded"), body=b"data%5Bemail%5D=a&x.y=1"
    )
    assert places(form) == (("data[email]", "a"), ("x.y", "1"))
    assert places(structs.replace(form, body=b"%")) == ()
    assert len(places(request({str(number): number for number in range(1000)}))) == 300
