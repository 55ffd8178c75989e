"""What Shopware tells of orders, and how it registers an app."""

import hmac
import json
from typing import Any
from urllib.parse import urlencode

import pytest
from msgspec.structs import replace

from shopwatch.domain.messages.delivery import Headers, Request
from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.messages.verdict import Answer, Challenge, Reason, Rejected, Verdict
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import SaleClaim, SaleState
from shopwatch.domain.source import Secrets
from tests.providers.cases import BY_ID, KEYS, NOW, SECRET, URL, judge, judged, one_sale, rejected, signed

SHOPWARE = BY_ID["shopware"]


def shopware(state: str, event_id: str = "", **said: Any) -> Event:
    order = {"id": "c8cf2817", "orderNumber": "10023", "amountTotal": 89.9, "currency": {"isoCode": "EUR"}} | said
    event = f"state_enter.order_transaction.state.{state}"
    data = {"event": event, "payload": {"order": order}}
    return judged(SHOPWARE, json.dumps({"data": data, "source": {"eventId": event_id or state}}).encode())


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
