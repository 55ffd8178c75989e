"""docs/attacks.md, C: genuine messages with text that is broken, doubtful or hostile."""

import json
from typing import Any

import pytest

from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.messages.verdict import Accepted, Reason, Rejected
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import SaleClaim
from shopwatch.providers.api_kit.pagination import standing
from shopwatch.providers.kit.reading import Meaning
from shopwatch.providers.provider import Provider
from tests.providers.cases import BY_ID, KEYS, NOW, judged, signed

PAYNOW, STRIPE, SHOPIFY, STANDARD = (BY_ID[name] for name in ("paynow", "stripe", "shopify", "standard-webhooks"))


def order(**changes: Any) -> bytes:
    """A PayNow sale with these members of its order changed; None takes a member away."""
    base = {"id": "900", "total_amount": 1998, "currency": "USD", "billing_name": "Kai", "status": "completed"}
    merged = {name: value for name, value in (base | changes).items() if value is not None}
    return json.dumps({"event_type": "ON_ORDER_COMPLETED", "event_id": "1", "body": merged}).encode()


def sale(body: bytes) -> SaleClaim:
    event = judged(PAYNOW, body)
    assert event.kind is Kind.SALE
    assert isinstance(event.claim, SaleClaim)
    return event.claim


def raw(member: str) -> bytes:
    """A PayNow sale with this text of JSON put in as one more member of the order."""
    return order(id="900").replace(b'{"id"', b"{" + member.encode() + b', "id"')


UNREADABLE = {
    "many lists": b"[" * 100_000,
    "many objects": b'{"a":' * 100_000,
    "65 deep": raw('"x": ' + "[" * 63 + "]" * 63),
    "500 deep": raw('"x": ' + "[" * 498 + "]" * 498),
    "1,000 deep": raw('"x": ' + "[" * 1000 + "]" * 1000),
    "4,301 digits": raw('"x": ' + "9" * 4301),
    "a million digits": raw('"x": ' + "9" * 1_000_000),
    "4,301 digits and a point": raw('"x": ' + "9" * 300 + "." + "9" * 4300),
    "a million members": raw(",".join(f'"{number}":0' for number in range(1_000_000))),
    "a million elements": raw('"x": [' + "0," * 999_999 + "0]"),
    "nan": raw('"x": NaN'),
    "infinity": raw('"x": Infinity'),
    "minus infinity": raw('"x": -Infinity'),
    "1e400": raw('"x": 1e400'),
    "-1e400": raw('"x": -1e400'),
    "id twice": raw('"id": "901"'),
    "amount twice": raw('"total_amount": 1'),
    "type twice": order().replace(b'{"event_type"', b'{"event_type": "ON_REFUND", "event_type"'),
    "text": b'"ON_ORDER_COMPLETED"',
    "number": b"17",
    "null": b"null",
    "list": b"[]",
    "nothing": b"",
    "white space": b" \n\t",
    "not closed": order()[:-1],
    "trailing": order() + b"x",
    "single quotes": b"{'id': 1}",
    "utf-16": order().decode().encode("utf-16"),
    "utf-16 without mark": order().decode().encode("utf-16-le"),
    "utf-8 with mark": b"\xef\xbb\xbf" + order(),
    "latin-1": order(billing_name="J\u00fcrgen").replace(b"\\u00fc", b"\xfc"),
    "overlong": order().replace(b"Kai", b"\xc0\xaf"),
    "raw surrogate": order().replace(b"Kai", b"\xed\xa0\x80"),
    "raw line end": order().replace(b"Kai", b"Ka\ni"),
    "no order": order(id=None),
    "empty order": order(id=""),
    "order is a list": order(id=["900"]),
    "order with nul": order(id="9\0"),
    "order with line end": order(id="9\n00"),
    "order too long": order(id="9" * 256),
    "body is text": b'{"event_type":"ON_ORDER_COMPLETED","event_id":"1","body":"x"}',
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_cannot_be_read_is_kept_and_answered(name: str) -> None:
    body = UNREADABLE[name]

    verdict = PAYNOW.judge(signed(PAYNOW, body), KEYS, NOW)

    assert isinstance(verdict, Accepted)
    assert verdict.answer.status == 200
    event = verdict.event
    assert (event.kind, event.claim) == (Kind.OTHER, None)
    assert event.unreadable.startswith("The message is genuine, but")
    assert event.id == "1" or event.id.startswith("sha256:")


def test_unreadable_messages_have_ids_of_their_own() -> None:
    one, other = judged(PAYNOW, b"[1]"), judged(PAYNOW, b"[2]")

    assert one.id != other.id
    assert one.id == judged(PAYNOW, b"[1]").id
    assert judged(STANDARD, b"[1]", "msg_9").id == "msg_9"


def test_64_levels_are_read() -> None:
    assert sale(raw('"x": ' + "[" * 62 + "]" * 62)).amount == Money(1998, "USD")
    assert sale(raw('"x": ' + "[" * 62 + "]" * 62 + ', "y": [[], []]')).amount == Money(1998, "USD")


@pytest.mark.parametrize(
    ("amount", "currency", "money", "text"),
    [
        (1, "USD", Money(1, "USD"), ""),
        (2**53 - 1, "USD", Money(2**53 - 1, "USD"), ""),
        (2**63, "USD", None, "92233720368547758.08 USD"),
        (-(2**63) - 1, "USD", None, "-92233720368547758.09 USD"),
        (10**30, "USD", None, "1" + "0" * 28 + ".00 USD"),
        (-1, "USD", None, "-0.01 USD"),
        (-5, "JPY", None, "-5 JPY"),
        ("1998", "USD", Money(1998, "USD"), ""),
        ("\uff11\uff19", "USD", None, "\uff11\uff19 USD"),
        ("19.98", "USD", None, "19.98 USD"),
        (True, "USD", None, "True USD"),
        (1200, "JPY", Money(1200, "JPY"), ""),
        (59850, "KWD", Money(59850, "KWD"), ""),
        (1998, "usd", Money(1998, "USD"), ""),
        (1998, "QQQ", None, "1998 QQQ"),
        (1998, "x" * 200, None, "1998 " + "x" * 20),
        (1998, None, None, "1998"),
        (None, "USD", None, ""),
        ([1], "USD", None, "[1] USD"),
    ],
)
def test_amounts_are_exact_or_not_counted(amount: Any, currency: Any, money: Money | None, text: str) -> None:
    claim = sale(order(total_amount=amount, currency=currency))

    assert claim.amount == money
    assert claim.amount_text == text


@pytest.mark.parametrize(
    ("written", "text"),
    [("0.30000000000000004", "0.30000000000000004 USD"), ("1e2", "1E+2 USD"), ("1998.0", "1998.0 USD")],
)
def test_fractions_of_a_cent_are_shown_as_they_came(written: str, text: str) -> None:
    claim = sale(order(total_amount=17).replace(b"17", written.encode()))

    assert (claim.amount, claim.amount_text) == (None, text)


@pytest.mark.parametrize("nothing", [b"0", b"-0", b'"0"', b'"-0"', b'"000"'])
def test_a_sale_of_nothing_is_none_until_it_is_paid(nothing: bytes) -> None:
    free = judged(PAYNOW, order(total_amount=17).replace(b"17", nothing))
    entry = Meaning(Kind.SALE, SaleClaim("900", Money(0, "USD")), NOW, links=("p1",), needs_fetch="GET /x")

    assert (free.kind, free.claim, free.links, free.unreadable) == (Kind.OTHER, None, (), "")
    assert standing("sale", (entry,), b"{}") == ()
    assert sale(order(total_amount=1)).amount == Money(1, "USD")


@pytest.mark.parametrize(
    ("price", "currency", "money"),
    [
        ("59.85", "USD", Money(5985, "USD")),
        ("59.850", "USD", Money(5985, "USD")),
        ("59.855", "USD", None),
        ("1200", "JPY", Money(1200, "JPY")),
        ("1200.00", "JPY", Money(1200, "JPY")),
        ("1200.50", "JPY", None),
        ("1.234", "KWD", Money(1234, "KWD")),
        ("1,234.00", "USD", None),
        ("NaN", "USD", None),
        ("1e2", "USD", None),
        ("\u0661\u0662", "USD", None),
        (" 59.85", "USD", None),
    ],
)
def test_decimal_amounts_are_exact_or_not_counted(price: str, currency: str, money: Money | None) -> None:
    body = json.dumps({"id": 9, "total_price": price, "currency": currency}).encode()

    claim = judged(SHOPIFY, body).claim

    assert isinstance(claim, SaleClaim)
    assert claim.amount == money
    assert bool(claim.amount_text) == (money is None)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("\ud800", "\ufffd"),
        ("a\0b", "a\u2400b"),
        ("  Kai \n", "Kai"),
        ("Zo\u00eb \U0001f338", "Zo\u00eb \U0001f338"),
        ("<b>PAID</b>", "<b>PAID</b>"),
        ("\u202egnp.exe", "\u202egnp.exe"),
        ("x" * 1_048_576, "x" * 500),
    ],
)
def test_names_are_data_that_every_store_can_hold(name: str, shown: str) -> None:
    claim = sale(order(billing_name=name))

    assert claim.name == shown
    claim.name.encode()


def test_a_receipt_has_at_most_200_lines() -> None:
    lines = [{"product_name": f"Tulip {number}", "quantity": 1, "price": 100} for number in range(5000)]

    assert [item.name for item in sale(order(lines=lines)).items] == [f"Tulip {number}" for number in range(200)]


@pytest.mark.parametrize("line", [None, 1, "x", [], {}, {"product_name": 5}, {"product_name": ""}])
def test_lines_without_a_name_are_left_out(line: Any) -> None:
    assert sale(order(lines=[line, {"product_name": "Rose", "quantity": "x", "price": "y"}])).items[0].name == "Rose"


@pytest.mark.parametrize(
    "event_id",
    ["9\0", "9" * 256, "\U0001f338" * 64, "\ud800"],
    ids=["nul", "256 bytes", "256 bytes of flowers", "half"],
)
def test_ids_that_cannot_be_kept_are_refused(event_id: str) -> None:
    body = json.dumps({"event_type": "ON_ORDER_COMPLETED", "event_id": event_id, "body": {"id": "1"}}).encode()

    verdict = PAYNOW.judge(signed(PAYNOW, body), KEYS, NOW)

    assert verdict == Rejected(Reason.ID_UNUSABLE)
    assert verdict.answer.status == 400


@pytest.mark.parametrize(
    "event_id", ["9" * 255, "../../x", "' OR 1=1 --", "\U0001f338", "e\u0301", "\u00e9", "A", "a", "a\nb", 2**70]
)
def test_all_other_ids_are_kept_to_the_letter(event_id: str | int) -> None:
    body = json.dumps({"event_type": "ON_ORDER_COMPLETED", "event_id": event_id, "body": {"id": "1"}}).encode()

    assert judged(PAYNOW, body).id == str(event_id)


@pytest.mark.parametrize("event_id", [None, "", [], {}, True, 1.5])
def test_a_sale_without_an_id_is_known_by_its_bytes(event_id: Any) -> None:
    body = json.dumps({"event_type": "ON_ORDER_COMPLETED", "event_id": event_id, "body": {"id": "1"}}).encode()

    event = judged(PAYNOW, body)

    assert event.id.startswith("sha256:")
    assert event.kind is Kind.SALE


@pytest.mark.parametrize("name", ["paynow", "stripe", "shopify", "standard-webhooks"])
def test_unknown_types_are_kept_with_nothing_to_book(name: str) -> None:
    event = judged(BY_ID[name], b'{"id":"1","event_id":"1","type":"x.y","event_type":"x.y"}', X_Shopify_Topic="x.y")

    assert (event.kind, event.type, event.claim, event.unreadable) == (Kind.OTHER, "x.y", None, "")


def test_huge_messages_are_read() -> None:
    keys = ",".join(f'"k{number}":{number}' for number in range(49_000))

    assert sale(raw(keys)).order_id == "900"


def test_times_without_sense_are_those_of_the_message() -> None:
    for written in ("0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "yesterday", "", 5, None, "1" * 500):
        assert judged(PAYNOW, order(completed_at=written)).occurred_at == NOW
    at = judged(PAYNOW, order(completed_at="2026-11-24T01:39:49.1234567-05:00")).occurred_at
    assert at == 1_795_502_389_123


def event_of(provider: Provider, **told: Any) -> Event:
    return judged(provider, json.dumps(told).encode())


def test_test_mode_is_not_live() -> None:
    session = {"object": {"id": "cs_1", "payment_status": "paid", "amount_total": 5, "currency": "usd"}}
    paid = {"id": "evt_1", "type": "checkout.session.completed", "data": session}

    assert not event_of(STRIPE, **paid, livemode=False).live
    assert event_of(STRIPE, **paid, livemode=True).live
    assert not event_of(SHOPIFY, id=1, total_price="1.00", currency="EUR", test=True).live
    assert event_of(SHOPIFY, id=1, total_price="1.00", currency="EUR", test=False).live
