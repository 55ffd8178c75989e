"""What shop systems and marketplaces say: WooCommerce, BigCommerce, Shopware, Lemon Squeezy and Etsy."""

import hashlib
import hmac
import json
from typing import Any
from urllib.parse import urlencode

import pytest
from msgspec.structs import replace

from shopwatch.domain.delivery import Headers, Request
from shopwatch.domain.event import Event, Kind
from shopwatch.domain.money import Money
from shopwatch.domain.sale import Item, RefundClaim, SaleClaim, SaleState
from shopwatch.domain.source import Secrets
from shopwatch.domain.verdict import Accepted, Answer, Challenge, Reason, Rejected, Verdict
from tests.providers.cases import BY_ID, KEYS, NOW, SECRET, URL, judge, judged, one_sale, practice, rejected, signed

WOO, BIGCOMMERCE, SHOPWARE, LEMON, ETSY = (
    BY_ID[name] for name in ("woocommerce", "bigcommerce", "shopware", "lemonsqueezy", "etsy")
)


def woo(status: str, topic: str = "order.updated", **said: Any) -> Event:
    order = {"id": 727, "status": status, "currency": "EUR", "total": "37.50", "refunds": []} | said
    delivery = hashlib.md5(json.dumps([topic, order]).encode(), usedforsecurity=False).hexdigest()
    return judged(WOO, json.dumps(order).encode(), delivery, X_WC_Webhook_Topic=topic)


def bigcommerce(scope: str, message_id: str = "msg_1", **data: Any) -> Event:
    body = {"scope": scope, "data": {"type": "order", "id": 250} | data, "producer": "stores/abc123"}
    return judged(BIGCOMMERCE, json.dumps(body).encode(), message_id)


def shopware(state: str, event_id: str = "", **said: Any) -> Event:
    order = {"id": "c8cf2817", "orderNumber": "10023", "amountTotal": 89.9, "currency": {"isoCode": "EUR"}} | said
    event = f"state_enter.order_transaction.state.{state}"
    data = {"event": event, "payload": {"order": order}}
    return judged(SHOPWARE, json.dumps({"data": data, "source": {"eventId": event_id or state}}).encode())


def lemon(event_type: str, object_id: str = "1001", **said: Any) -> Event:
    told = {"status": "paid", "total": 5997, "currency": "USD", "updated_at": "2026-11-25T10:00:00.000000Z"} | said
    body = {"meta": {"event_name": event_type}, "data": {"id": object_id, "attributes": told}}
    return judged(LEMON, json.dumps(body).encode())


def etsy(event_type: str, url: str) -> Event:
    return judged(ETSY, json.dumps({"event_type": event_type, "resource_url": url, "shop_id": "12345"}).encode())


@pytest.mark.parametrize("status", ["pending", "on-hold", "failed", "cancelled", "checkout-draft", "trash", "", "Paid"])
@pytest.mark.parametrize("topic", ["order.created", "order.updated", "order.restored"])
def test_woocommerce_orders_count_once_paid(topic: str, status: str) -> None:
    assert woo(status, topic).kind is Kind.OTHER


def test_woocommerce_has_other_topics_which_tell_of_no_money() -> None:
    assert woo("processing", "product.updated").kind is Kind.OTHER
    assert judged(WOO, b'{"id":727}', X_WC_Webhook_Topic="order.deleted").kind is Kind.OTHER


def test_all_that_woocommerce_tells_of_one_order_is_one_sale() -> None:
    first, second = {"id": 730, "total": "-9.50"}, {"id": 731, "total": "-28.00"}
    sold = [
        woo("processing", "order.created", date_paid_gmt="2026-11-25T09:00:00"),
        woo("processing", date_paid_gmt="2026-11-25T09:00:00"),
        woo("completed", date_paid_gmt="2026-11-25T09:00:00", date_modified_gmt="2026-11-26T09:00:00"),
    ]
    part = woo("completed", refunds=[first])
    whole = woo("refunded", refunds=[first, second])

    assert one_sale(*sold).amount == Money(3750, "EUR")
    assert one_sale(*sold, part).kept == Money(2800, "EUR")
    assert one_sale(*sold, part, whole).state is SaleState.REFUNDED
    assert one_sale(sold[0], woo("refunded")).given_back == Money(3750, "EUR")


@pytest.mark.parametrize(
    "refunds",
    [[{"total": "9.50"}], [{"total": "-9.50"}, {"total": "?"}], [{}], [None], [{"total": "-9.505"}], [{"total": -9.5}]],
)
def test_woocommerce_refunds_that_cannot_be_counted(refunds: list[Any]) -> None:
    claim = woo("completed", refunds=refunds).claim

    assert isinstance(claim, RefundClaim)
    assert claim.amount is None


@pytest.mark.parametrize(
    ("total", "currency", "amount"),
    [
        ("500", "JPY", Money(500, "JPY")),
        ("500.00", "JPY", Money(500, "JPY")),
        ("500.50", "JPY", None),
        ("5.120", "KWD", Money(5120, "KWD")),
        ("37.50", "eur", Money(3750, "EUR")),
        ("37,50", "EUR", None),
        ("-1.00", "EUR", None),
        ("\uff13\uff17", "EUR", None),
        ("1" * 30, "EUR", None),
        (None, "EUR", None),
    ],
)
def test_woocommerce_amounts(total: Any, currency: str, amount: Money | None) -> None:
    claim = woo("processing", total=total, currency=currency).claim

    assert isinstance(claim, SaleClaim)
    assert claim.amount == amount
    assert bool(claim.amount_text) is (amount is None and total is not None)


def test_woocommerce_prices_with_more_decimals_than_the_currency_has_are_left_out() -> None:
    lines = [
        {"name": "Shirt", "quantity": 3, "price": 8.333333},
        {"name": "Cap", "quantity": 1, "price": 12.5},
        {"name": "Gift", "quantity": 1, "price": 0},
    ]
    claim = woo("processing", line_items=lines).claim

    assert isinstance(claim, SaleClaim)
    assert claim.items == (
        Item("Shirt", 3, None),
        Item("Cap", 1, Money(1250, "EUR")),
        Item("Gift", 1, Money(0, "EUR")),
    )


@pytest.mark.parametrize(
    ("method", "body", "greeted"),
    [
        ("POST", b"webhook_id=7", True),
        ("POST", b"webhook_id=", False),
        ("POST", b"webhook_id=7&x=1", False),
        ("POST", b"webhook_id=seven", False),
        ("GET", b"webhook_id=7", False),
    ],
)
def test_woocommerce_tries_the_address_when_the_webhook_is_saved(method: str, body: bytes, greeted: bool) -> None:
    verdict = rejected(WOO.judge(Request(method, URL, Headers(), body), KEYS, NOW))

    assert (verdict.reason is Reason.PING) is greeted
    assert (verdict.answer.status == 200) is greeted


@pytest.mark.parametrize("status", [0, 1, 4, 5, 6, 7, 12, 13, 14])
def test_bigcommerce_states_that_are_no_money(status: int) -> None:
    assert bigcommerce("store/order/statusUpdated", status={"new_status_id": status}).kind is Kind.OTHER


@pytest.mark.parametrize("status", [2, 3, 8, 9, 10, 11])
def test_bigcommerce_orders_are_asked_for_once_paid(status: int) -> None:
    event = bigcommerce("store/order/statusUpdated", status={"new_status_id": status})

    assert (event.kind, event.claim) == (Kind.SALE, SaleClaim("250", None))
    assert event.needs_fetch == "GET /stores/abc123/v2/orders/250"


@pytest.mark.parametrize("status", [True, "11", 11.0, None, [11]])
def test_bigcommerce_states_are_whole_numbers(status: Any) -> None:
    assert bigcommerce("store/order/statusUpdated", status={"new_status_id": status}).kind is Kind.OTHER


def test_all_that_bigcommerce_tells_of_one_order_is_one_sale() -> None:
    told = [
        bigcommerce("store/order/statusUpdated", f"m{status}", status={"new_status_id": status}) for status in (11, 2)
    ]
    back = bigcommerce("store/order/refund/created", "m3", refund={"refund_id": 3})

    assert one_sale(*told).state is SaleState.PAID
    assert one_sale(*told, back).state is SaleState.REFUNDED
    assert back.needs_fetch == "GET /stores/abc123/v3/orders/250/payment_actions/refunds"
    assert bigcommerce("store/order/created").kind is Kind.OTHER
    assert not bigcommerce("store/order/refund/created", id="../250").needs_fetch


@pytest.mark.parametrize(
    "state", ["open", "in_progress", "authorized", "paid_partially", "reminded", "cancelled", "failed"]
)
def test_shopware_states_that_are_no_money(state: str) -> None:
    assert shopware(state).kind is Kind.OTHER


def test_all_that_shopware_tells_of_one_order_is_one_sale() -> None:
    sold, part, whole = shopware("paid"), shopware("refunded_partially"), shopware("refunded")

    assert one_sale(sold, shopware("paid", "again")).amount == Money(8990, "EUR")
    partly = one_sale(sold, part)
    assert (partly.state, partly.given_back, partly.kept) == (SaleState.PART_REFUNDED, None, None)
    assert one_sale(sold, part, whole).state is SaleState.REFUNDED
    assert one_sale(sold, shopware("chargeback")).state is SaleState.DISPUTED


@pytest.mark.parametrize(
    ("total", "currency", "amount"),
    [
        (89.9, "EUR", Money(8990, "EUR")),
        (10, "EUR", Money(1000, "EUR")),
        (500, "JPY", Money(500, "JPY")),
        (5.12, "KWD", Money(5120, "KWD")),
        (0.1 + 0.2, "EUR", None),
        (-5, "EUR", None),
        (True, "EUR", None),
        (89.9, None, None),
    ],
)
def test_shopware_amounts_are_never_rounded(total: Any, currency: str | None, amount: Money | None) -> None:
    claim = shopware("paid", amountTotal=total, currency={"isoCode": currency}).claim

    assert isinstance(claim, SaleClaim)
    assert claim.amount == amount
    assert bool(claim.amount_text) is (amount is None)


def registration(secret: str = SECRET, signature: str | None = None, **query: str) -> Request:
    """The shop's first call, as Shopware makes it."""
    asked = {"shop-id": "TESTshop0001", "shop-url": "https://shop.example", "timestamp": "1795500000"} | query
    written = urlencode({name: value for name, value in asked.items() if value}, safe=":/")
    signed_so = hmac.digest(secret.encode(), written.encode(), "sha256").hex()
    headers = Headers.of({"shopware-app-signature": signed_so if signature is None else signature})
    return Request("GET", f"{URL}?{written}", headers, b"")


def asked(request: Request, held: Secrets = KEYS, name: str = "BloomAndStem") -> Verdict:
    return SHOPWARE.judge(request, held, NOW, {"app_name": name} if name else {})


def test_shopware_registers_the_app() -> None:
    verdict = asked(registration(), Secrets(("another secret", SECRET)))

    assert isinstance(verdict, Challenge)
    assert (verdict.answer.status, verdict.answer.content_type) == (200, "application/json")
    told = json.loads(verdict.answer.body)
    proof = hmac.digest(SECRET.encode(), b"TESTshop0001https://shop.exampleBloomAndStem", "sha256").hex()
    assert told == {"proof": proof, "secret": SECRET, "confirmation_url": URL}


def test_shopware_confirms_with_keys_that_are_not_booked() -> None:
    body = {"apiKey": "SWIA", "secretKey": "c2VjcmV0", "timestamp": "1795500000", "shopUrl": "https://shop.example"}
    request = signed(SHOPWARE, json.dumps(body | {"shopId": "TESTshop0001"}).encode())

    assert judge(SHOPWARE, request) == Challenge(Answer())
    assert rejected(judge(SHOPWARE, replace(request, body=request.body + b" "))).reason is Reason.SIGNATURE_MISMATCH


@pytest.mark.parametrize(
    "request_",
    [
        registration(secret="of another app"),
        registration(signature=""),
        registration(signature="garbage"),
        replace(registration(), url=registration().url.replace("0001", "0002")),
        replace(registration(), url=URL),
        replace(registration(), url=f"{URL}?shop-id=a&shop-id=b"),
        replace(registration(), url=f"{URL}?\ud800"),
        registration(**{"shop-id": ""}),
    ],
    ids=range(8),
)
def test_nobody_else_is_given_the_secret(request_: Request) -> None:
    verdict = asked(request_)

    assert verdict == Rejected(Reason.HANDSHAKE)
    assert verdict.answer.status == 403


def test_shopware_cannot_register_without_the_name_of_the_app_or_a_secret() -> None:
    assert asked(registration(), name="") == Rejected(Reason.HANDSHAKE)
    assert asked(registration(secret=""), Secrets(("",))) == Rejected(Reason.HANDSHAKE)
    assert asked(registration(), Secrets()) == Rejected(Reason.HANDSHAKE)


@pytest.mark.parametrize("status", ["pending", "failed", "refunded", "partial_refund", "fraudulent", "void", ""])
def test_lemonsqueezy_orders_count_once_paid(status: str) -> None:
    assert lemon("order_created", status=status).kind is Kind.OTHER
    assert lemon("subscription_payment_success", status=status).kind is Kind.OTHER


@pytest.mark.parametrize(
    ("total", "currency", "amount", "shown"),
    [
        (5997, "USD", Money(5997, "USD"), ""),
        (5997, "JPY", None, "5997 JPY"),
        (5997, "KWD", None, "5997 KWD"),
        (-1, "USD", None, "-0.01 USD"),
        ("5997", "USD", Money(5997, "USD"), ""),
    ],
)
def test_lemonsqueezy_counts_hundredths_only(total: Any, currency: str, amount: Money | None, shown: str) -> None:
    claim = lemon("order_created", total=total, currency=currency).claim

    assert isinstance(claim, SaleClaim)
    assert (claim.amount, claim.amount_text) == (amount, shown)


def test_all_that_lemonsqueezy_tells_of_one_order_is_one_sale() -> None:
    sold = lemon("order_created", created_at="2026-11-25T09:00:00.000000Z", order_number=42)
    part = lemon("order_refunded", status="partial_refund", refunded_amount=1999)
    more = lemon("order_refunded", status="partial_refund", refunded_amount=3000)
    whole = lemon("order_refunded", status="refunded", refunded_amount=5997)
    old = lemon("order_refunded", status="refunded")

    assert one_sale(sold).number == "42"
    assert one_sale(sold, part, more).kept == Money(2997, "USD")
    assert one_sale(sold, part, more, whole).state is SaleState.REFUNDED
    assert one_sale(sold, old).given_back == Money(5997, "USD")


def test_lemonsqueezy_renewals_are_sales_of_their_own() -> None:
    first = lemon("subscription_payment_success", "7", billing_reason="initial")
    renewal = lemon("subscription_payment_success", "8", billing_reason="renewal")
    back = lemon(
        "subscription_payment_refunded", "8", billing_reason="renewal", status="refunded", refunded_amount=5997
    )

    assert first.kind is Kind.OTHER
    assert lemon("subscription_payment_refunded", "7", billing_reason="initial").kind is Kind.OTHER
    assert one_sale(renewal, back).state is SaleState.REFUNDED


def test_lemonsqueezy_numbers_orders_and_invoices_each_from_one() -> None:
    order = one_sale(lemon("order_created", "7"))
    invoice = one_sale(lemon("subscription_payment_success", "7", billing_reason="renewal"))

    assert order.order_id != invoice.order_id


def test_lemonsqueezy_asks_for_the_lines_that_the_message_lacks() -> None:
    line = {"product_name": "E-book", "quantity": 3, "price": 1999}

    assert not lemon("order_created", first_order_item=line, subtotal=5997).needs_fetch
    more = lemon("order_created", first_order_item=line, subtotal=7997)
    assert more.needs_fetch == "GET /v1/order-items?filter[order_id]=1001"


def test_lemonsqueezy_test_mode_is_no_money() -> None:
    assert not lemon("order_created", test_mode=True).live
    assert lemon("order_created").live


@pytest.mark.parametrize("event_type", ["order.canceled", "order.shipped", "order.delivered", ""])
def test_etsy_tells_of_much_that_is_no_money(event_type: str) -> None:
    url = "https://openapi.etsy.com/v3/application/shops/12345/receipts/3000054321"

    assert etsy(event_type, url).kind is Kind.OTHER


@pytest.mark.parametrize(
    "url",
    [
        "http://openapi.etsy.com/v3/application/shops/1/receipts/2",
        "https://openapi.etsy.com.evil.example/v3/application/shops/1/receipts/2",
        "https://evil.example@openapi.etsy.com/v3/application/shops/1/receipts/2",
        "https://openapi.etsy.com:8443/v3/application/shops/1/receipts/2",
        "https://openapi.etsy.com/v3/application/shops/1/receipts/2/../../../users/3",
        "https://openapi.etsy.com/v3/application/shops/1/receipts/2?x=1",
        "https://openapi.etsy.com/v3/application/shops/1/receipts/\u0662",
        "",
    ],
)
def test_etsy_receipts_elsewhere_are_none(url: str) -> None:
    event = etsy("order.paid", url)

    assert event.unreadable
    assert (event.claim, event.needs_fetch) == (None, "")


def test_etsy_receipts_are_asked_for() -> None:
    event = etsy("order.paid", "https://api.etsy.com/v3/application/shops/12345/receipts/3000054321")

    assert event.claim == SaleClaim("3000054321", None)
    assert event.needs_fetch == "GET /v3/application/shops/12345/receipts/3000054321"


@pytest.mark.parametrize("sender", [WOO, BIGCOMMERCE, SHOPWARE, LEMON], ids=lambda sender: sender.id)
def test_practice_folds_into_one_sale(sender: Any) -> None:
    told = [judge(sender, practice(sender, kind)) for kind in (Kind.SALE, Kind.REFUND)]
    events = [verdict.event for verdict in told if isinstance(verdict, Accepted)]

    assert one_sale(*events).state in (SaleState.PART_REFUNDED, SaleState.REFUNDED)
