"""docs/attacks.md, D15, and all else that PayPal signs and says."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from msgspec import structs

from shopwatch.domain.instant import DAY
from shopwatch.domain.messages.delivery import Headers, Request
from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.messages.verdict import Accepted, Reason, Rejected, Wanting
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import DisputeClaim, DisputeState, Item, RefundClaim, SaleClaim
from shopwatch.domain.source import Secrets
from shopwatch.providers.provider import Provider
from shopwatch.providers.senders.paypal_signature import PRACTICE_CERTIFICATE, is_own_certificate
from shopwatch.providers.verdict_text import describe
from tests.providers.authority import (
    BEGIN,
    END,
    PAYPAL_NAME,
    Authority,
    key_pair,
    paypal_certificate,
    paypal_key,
    root,
    signing_secret,
)
from tests.providers.cases import BY_ID, NOW, accepted, judged, one_sale, practice

PAYPAL = BY_ID["paypal"]


def held(certificate: str = "", trust: str = "", **others: Any) -> Secrets:
    """What a source of PayPal's holds, with this certificate at the address that practice names."""
    pem, above = certificate or paypal_certificate(), trust or root().pem
    return Secrets(("8PT597110X687430L",), certificates={PRACTICE_CERTIFICATE: pem}, trust=above, **others)


def reason(provider: Provider, request: Request, secrets: Secrets, now: int = NOW) -> Reason | None:
    verdict = provider.judge(request, secrets, now)
    assert isinstance(verdict, Accepted | Rejected), verdict
    return verdict.reason if isinstance(verdict, Rejected) else None


def with_header(request: Request, name: str, value: str | None) -> Request:
    lines = [(key, text) for key, text in request.headers.lines if key != name.encode()]
    lines += [] if value is None else [(name.encode(), value.encode())]
    return structs.replace(request, headers=Headers(tuple(lines)))


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/v1/notifications/certs/CERT-1",
        "https://api.paypal.com.evil.example/v1/notifications/certs/CERT-1",
        "https://api.paypal.com@evil.example/v1/notifications/certs/CERT-1",
        "https://evil.example/api.paypal.com/v1/notifications/certs/CERT-1",
        "https://xapi.paypal.com/v1/notifications/certs/CERT-1",
        "https://api.paypal.com:444/v1/notifications/certs/CERT-1",
        "http://api.paypal.com/v1/notifications/certs/CERT-1",
        "HTTPS://API.PAYPAL.COM/v1/notifications/certs/CERT-1",
        "//api.paypal.com/v1/notifications/certs/CERT-1",
        "https://127.0.0.1/v1/notifications/certs/CERT-1",
        "https://api.paypal.com/v1/notifications/certs/CERT-1/../x",
        "https://api.paypal.com/v1/oauth2/token",
    ],
)
def test_paypal_keeps_its_certificates_on_its_own_hosts(url: str) -> None:
    """D15: also where somebody has the certificate at hand, and before anybody is asked for it."""
    forged = with_header(practice(PAYPAL), "PAYPAL-CERT-URL", url)

    assert reason(PAYPAL, forged, replace(held(), certificates={url: paypal_certificate()})) is Reason.CERTIFICATE
    assert reason(PAYPAL, forged, held()) is Reason.CERTIFICATE
    assert not is_own_certificate(url)


@pytest.mark.parametrize("host", ["api.paypal.com", "api-m.paypal.com", "api.sandbox.paypal.com"])
def test_paypal_cannot_be_judged_before_its_certificate_is_there(host: str) -> None:
    url = f"https://{host}/v1/notifications/certs/CERT-360caa42-fca2a594-a5cafa77"
    request = with_header(practice(PAYPAL), "PAYPAL-CERT-URL", url)

    verdict = PAYPAL.judge(request, held(), NOW)

    assert verdict == Wanting(url)
    assert describe(PAYPAL, "", verdict)["reason"] == "certificate"


def test_paypal_is_not_asked_for_certificates_of_what_cannot_be_genuine() -> None:
    request, nothing = practice(PAYPAL), Secrets(("8PT597110X687430L",))
    for name, value in [
        ("PAYPAL-TRANSMISSION-SIG", "AAAA"),
        ("PAYPAL-TRANSMISSION-SIG", None),
        ("PAYPAL-TRANSMISSION-ID", "a|b"),
        ("PAYPAL-TRANSMISSION-ID", None),
        ("PAYPAL-TRANSMISSION-TIME", "yesterday"),
        ("PAYPAL-TRANSMISSION-TIME", None),
        ("PAYPAL-AUTH-ALGO", "SHA1withRSA"),
        ("PAYPAL-AUTH-ALGO", None),
        ("PAYPAL-CERT-URL", None),
    ]:
        assert isinstance(PAYPAL.judge(with_header(request, name, value), nothing, NOW), Rejected), (name, value)
    assert reason(PAYPAL, request, Secrets()) is Reason.SIGNATURE_MISMATCH


def forged_by(
    name: str, *others: str, issuer: Authority | None = None, begin: datetime = BEGIN, end: datetime = END
) -> Secrets:
    """Somebody else's certificate, in the place of PayPal's and with PayPal's key."""
    return held((issuer or root()).issue(name, paypal_key(), *others, begin=begin, end=end))


def test_a_certificate_must_be_paypals() -> None:
    request = practice(PAYPAL)
    assert reason(PAYPAL, request, held()) is None
    assert reason(PAYPAL, request, forged_by("messageverificationcerts.sandbox.paypal.com")) is None

    for secrets in (
        forged_by("messageverificationcerts.paypal.com.evil.example"),
        forged_by("paypal.com.evil.example", PAYPAL_NAME),
        forged_by(PAYPAL_NAME, "evil.example"),
        forged_by("xpaypal.com"),
        forged_by("paypal.com"),
        forged_by(PAYPAL_NAME, issuer=Authority()),
        forged_by(PAYPAL_NAME, issuer=Authority("Test Root")),
        forged_by(PAYPAL_NAME, end=datetime(2026, 11, 20, tzinfo=UTC)),
        forged_by(PAYPAL_NAME, begin=datetime(2026, 12, 1, tzinfo=UTC)),
        held("no certificate"),
        held("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"),
        held(root().pem),
    ):
        assert reason(PAYPAL, request, secrets) is Reason.CERTIFICATE
    assert reason(PAYPAL, request, held(), now=NOW + 3_650 * DAY) is Reason.CERTIFICATE


def test_a_certificate_may_be_issued_by_way_of_others_that_may_issue() -> None:
    request = practice(PAYPAL)
    between = Authority("Test Between", above=root())
    nobody = Authority("Test Nobody", above=root(), ca=False)

    assert reason(PAYPAL, request, forged_by(PAYPAL_NAME, issuer=between)) is Reason.CERTIFICATE
    whole = between.issue(PAYPAL_NAME, paypal_key()) + between.pem
    assert reason(PAYPAL, request, held(whole)) is None
    usurped = nobody.issue(PAYPAL_NAME, paypal_key()) + nobody.pem
    assert reason(PAYPAL, request, held(usurped)) is Reason.CERTIFICATE
    own = Authority(PAYPAL_NAME)
    assert reason(PAYPAL, request, held(own.issue(PAYPAL_NAME, paypal_key()) + own.pem)) is Reason.CERTIFICATE


def test_paypal_signs_with_rsa() -> None:
    elliptic = root().issue(PAYPAL_NAME, Authority().key)

    assert reason(PAYPAL, practice(PAYPAL), held(elliptic)) is Reason.CERTIFICATE


def test_paypals_roots_are_those_of_this_computer_or_the_file_and_one_it_is_known_by() -> None:
    alone = Secrets(("8PT597110X687430L",), certificates={PRACTICE_CERTIFICATE: paypal_certificate()})
    broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"

    assert reason(PAYPAL, practice(PAYPAL), alone) is Reason.CERTIFICATE
    assert reason(PAYPAL, practice(PAYPAL), replace(alone, trust=broken + root().pem)) is None


def test_all_that_paypal_signs_counts() -> None:
    request = practice(PAYPAL)
    signature = request.headers.only("PAYPAL-TRANSMISSION-SIG") or ""
    sending = request.headers.only("PAYPAL-TRANSMISSION-ID") or ""
    for name, value in [
        ("PAYPAL-TRANSMISSION-ID", sending[::-1]),
        ("PAYPAL-TRANSMISSION-TIME", "2026-11-24T06:40:01Z"),
        ("PAYPAL-TRANSMISSION-SIG", signature[:-8] + signature[-8:].swapcase()),
    ]:
        assert reason(PAYPAL, with_header(request, name, value), held()) in (
            Reason.SIGNATURE_MISMATCH,
            Reason.SIGNATURE_MALFORMED,
        )
    for place in (0, len(request.body) // 2, len(request.body) - 1):
        changed = request.body[:place] + bytes([request.body[place] ^ 1]) + request.body[place + 1 :]
        assert reason(PAYPAL, structs.replace(request, body=changed), held()) is Reason.SIGNATURE_MISMATCH
    for spelled in (signature + "=", signature.rstrip("=") + "\n", " ".join(signature), signature + "AAAA"):
        assert reason(PAYPAL, with_header(request, "PAYPAL-TRANSMISSION-SIG", spelled), held()) is not None
    twice = structs.replace(
        request, headers=Headers((*request.headers.lines, (b"paypal-cert-url", b"https://evil.example")))
    )
    assert PAYPAL.judge(twice, held(), NOW) == Rejected(Reason.HEADER_REPEATED, "PAYPAL-CERT-URL")


def test_paypals_secret_is_the_id_of_the_webhook() -> None:
    other = PAYPAL.practise(Kind.SALE, signing_secret("WEBHOOK_ID", paypal_key()), NOW, 7)
    stranger = PAYPAL.practise(Kind.SALE, signing_secret("8PT597110X687430L", key_pair()), NOW, 7)

    assert reason(PAYPAL, other, held()) is Reason.SIGNATURE_MISMATCH
    assert reason(PAYPAL, stranger, held()) is Reason.SIGNATURE_MISMATCH
    assert reason(PAYPAL, other, replace(held(), previous=("WEBHOOK_ID",), previous_until=NOW + 1)) is None


def test_paypal_alone_can_sign_so_its_practice_bears_no_signature() -> None:
    for kind in PAYPAL.practises:
        made = PAYPAL.practise(kind, "8PT597110X687430L", NOW, 7)

        assert reason(PAYPAL, made, held()) is Reason.SIGNATURE_MISSING
        assert accepted(PAYPAL.judge_practice(made, NOW)).kind is kind


def paypal(event_type: str, **resource: Any) -> Event:
    body = {"id": "WH-1", "event_type": event_type, "create_time": "2026-11-24T06:39:56Z", "resource": resource}
    return judged(PAYPAL, json.dumps(body).encode())


def usd(value: str) -> dict[str, str]:
    return {"currency_code": "USD", "value": value}


def up(payment: str) -> list[dict[str, str]]:
    return [{"href": f"https://api.paypal.com/v2/payments/captures/{payment}", "rel": "up", "method": "GET"}]


RELATED = {"related_ids": {"order_id": "O1"}}


def test_paypals_captures_name_their_order_and_what_to_ask_for() -> None:
    event = paypal(
        "PAYMENT.CAPTURE.COMPLETED", id="C1", amount=usd("30.00"), invoice_id="INV-7", supplementary_data=RELATED
    )

    assert event.claim == SaleClaim("O1", Money(3_000, "USD"), number="INV-7", payment="C1")
    assert event.links == ("C1",)
    assert event.needs_fetch == "GET /v2/checkout/orders/O1"
    assert event.live


def test_an_order_may_be_captured_in_parts() -> None:
    def captured(number: int, value: str) -> Event:
        event = paypal("PAYMENT.CAPTURE.COMPLETED", id=f"C{number}", amount=usd(value), supplementary_data=RELATED)
        return structs.replace(event, id=f"WH-{number}")

    first, second = captured(1, "30.00"), captured(2, "12.50")
    order = paypal("CHECKOUT.ORDER.COMPLETED", id="O1", purchase_units=[{"amount": usd("42.50")}])

    assert one_sale(first, second, second).amount == Money(4_250, "USD")
    assert one_sale(first, second, order).amount == Money(4_250, "USD")


def test_paypals_captures_without_an_order_are_sales_of_their_own() -> None:
    event = paypal("PAYMENT.CAPTURE.COMPLETED", id="C1", amount=usd("30.00"))

    assert event.claim == SaleClaim("C1", Money(3_000, "USD"), payment="C1")
    assert event.needs_fetch == ""


def test_paypals_first_version_counts_as_well() -> None:
    money = {"total": "20.00", "currency": "USD"}
    sold = paypal("PAYMENT.SALE.COMPLETED", id="S1", amount=money, parent_payment="PAY-1")
    back = paypal("PAYMENT.SALE.REFUNDED", id="R1", sale_id="S1", amount=money, parent_payment="PAY-1")
    reversed_ = paypal("PAYMENT.SALE.REVERSED", id="S1", amount={"total": "-20.00", "currency": "USD"})

    assert sold.claim == SaleClaim("S1", Money(2_000, "USD"), payment="S1")
    assert sold.needs_fetch == "GET /v1/payments/payment/PAY-1"
    assert back.claim == RefundClaim("S1", Money(2_000, "USD"), "R1")
    assert reversed_.claim == RefundClaim("S1", Money(2_000, "USD"), "S1")


def test_a_refund_without_an_order_names_its_payment_by_a_link() -> None:
    event = paypal("PAYMENT.CAPTURE.REFUNDED", id="R1", amount=usd("10.99"), links=up("C1"))
    lost = paypal("PAYMENT.CAPTURE.REFUNDED", id="R1", amount=usd("10.99"), links=up("C1/../C2"))

    assert event.claim == RefundClaim("C1", Money(1_099, "USD"), "R1")
    assert lost.claim == RefundClaim("R1", Money(1_099, "USD"), "R1")


@pytest.mark.parametrize("status", ["PENDING", "FAILED", "CANCELLED"])
def test_paypals_refunds_count_once_given(status: str) -> None:
    assert paypal("PAYMENT.CAPTURE.REFUNDED", id="R1", amount=usd("1.00"), status=status).kind is Kind.OTHER


def test_an_order_of_several_parts_is_one_sale() -> None:
    unit = {"amount": usd("12.50"), "items": [{"name": "Vase", "quantity": "2", "unit_amount": usd("6.25")}]}
    parts = [unit | {"payments": {"captures": [{"id": f"C{number}"}]}} for number in range(2)]
    event = paypal("CHECKOUT.ORDER.COMPLETED", id="O1", purchase_units=parts)
    mixed = [unit, unit | {"amount": {"currency_code": "EUR", "value": "1.00"}}]
    unclear = paypal("CHECKOUT.ORDER.COMPLETED", id="O1", purchase_units=mixed)

    assert isinstance(event.claim, SaleClaim)
    assert event.claim.amount == Money(2_500, "USD")
    assert event.claim.items == (Item("Vase", 2, Money(625, "USD")),) * 2
    assert event.links == ("C0", "C1")
    assert isinstance(unclear.claim, SaleClaim)
    assert (unclear.claim.amount, unclear.claim.amount_text) == (None, "12.50 USD + 1.00 EUR")


def test_an_order_that_is_only_approved_is_no_sale() -> None:
    assert paypal("CHECKOUT.ORDER.APPROVED", id="O1", purchase_units=[]).kind is Kind.OTHER


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        (None, DisputeState.OPEN),
        ("NONE", DisputeState.OPEN),
        ("RESOLVED_SELLER_FAVOUR", DisputeState.WON),
        ("CANCELED_BY_BUYER", DisputeState.WON),
        ("RESOLVED_WITH_PAYOUT", DisputeState.WON),
        ("RESOLVED_BUYER_FAVOUR", DisputeState.LOST),
        ("ACCEPTED", DisputeState.LOST),
    ],
)
def test_paypals_disputes_open_and_close(outcome: str | None, state: DisputeState) -> None:
    said = {"dispute_outcome": {"outcome_code": outcome}} if outcome else {}
    of = [{"seller_transaction_id": "C1", "buyer_transaction_id": "B1"}, {"seller_transaction_id": "C2"}]
    event = paypal(
        "CUSTOMER.DISPUTE.RESOLVED", dispute_id="PP-D-1", disputed_transactions=of, dispute_amount=usd("3.00"), **said
    )

    assert event.claim == DisputeClaim("C1", Money(300, "USD"), "PP-D-1", state)
    assert event.links == ()


def test_the_sandbox_is_told_apart_by_its_certificates() -> None:
    url = PRACTICE_CERTIFICATE.replace("api.", "api.sandbox.")
    request = with_header(practice(PAYPAL), "PAYPAL-CERT-URL", url)

    event = accepted(PAYPAL.judge(request, replace(held(), certificates={url: paypal_certificate()}), NOW))

    assert not event.live
    assert event.kind is Kind.SALE


def told(event_type: str, number: int, invoice: dict[str, Any]) -> Event:
    event = paypal(event_type, **invoice)
    return structs.replace(event, id=f"WH-{number}", occurred_at=event.occurred_at + number)


def invoiced(status: str, *payments: dict[str, Any], **said: Any) -> dict[str, Any]:
    """An invoice as invoicing v2 describes it (paypal-rest-api-specifications, `invoice`, `payments`,
    `payment_detail`)."""
    person = {"name": {"given_name": "Maya", "surname": "Lindqvist"}, "email_address": "maya@example.com"}
    return {
        "id": "INV2-1",
        "status": status,
        "detail": {"invoice_number": "#1001", "currency_code": "USD"},
        "primary_recipients": [{"billing_info": person}],
        "items": [{"name": "Vase", "quantity": "2", "unit_amount": usd("20.00")}],
        "amount": usd("40.00"),
        "payments": {"transactions": list(payments)},
    } | said


def paid(payment_id: str | None, value: str) -> dict[str, Any]:
    return {"type": "PAYPAL", "payment_id": payment_id, "method": "PAYPAL", "amount": usd(value)}


PAID, REFUNDED = "INVOICING.INVOICE.PAID", "INVOICING.INVOICE.REFUNDED"


def captured(payment: str, value: str) -> Event:
    event = paypal("PAYMENT.CAPTURE.COMPLETED", id=payment, amount=usd(value))
    return structs.replace(event, id=f"WH-{payment}")


def test_an_invoice_and_the_capture_of_its_payment_are_one_sale() -> None:
    event = told(PAID, 1, invoiced("PAID", paid("C1", "40.00")))

    assert event.needs_fetch == ""
    for events in ([event], [captured("C1", "40.00"), event]):
        sale = one_sale(*events)
        assert (sale.kept, sale.number, sale.name) == (Money(4_000, "USD"), "#1001", "Maya Lindqvist")
        assert (sale.email, sale.items) == ("maya@example.com", (Item("Vase", 2, Money(2_000, "USD")),))


def test_an_invoice_may_be_paid_in_parts() -> None:
    first = told(PAID, 1, invoiced("PARTIALLY_PAID", paid("C1", "10.00")))
    second = told(PAID, 2, invoiced("PAID", paid("C1", "10.00"), paid("C2", "30.00")))

    assert one_sale(first).amount == one_sale(first, captured("C1", "10.00")).amount == Money(1_000, "USD")
    assert one_sale(first, second).amount == one_sale(second).amount == Money(4_000, "USD")
    everything = (first, second, captured("C1", "10.00"), captured("C2", "30.00"))
    assert one_sale(*everything).kept == Money(4_000, "USD")


@pytest.mark.parametrize(
    "invoice",
    [
        invoiced("PAID"),
        invoiced("PAID", paid(None, "40.00")),
        invoiced("", paid("C1", "40.00"), paid("C2", "1.00")),
        invoiced("PARTIALLY_PAID", paid("C1", "10.00"), paid("C2", "10.00")),
        invoiced("PARTIALLY_PAID"),
        invoiced("PAID", payments=None),
        invoiced("PAID", payments="none"),
        invoiced("PAID", payments=[7]),
    ],
)
def test_an_invoice_that_may_be_told_twice_is_asked_for_before_it_counts(invoice: dict[str, Any]) -> None:
    event = told(PAID, 1, invoice)

    assert isinstance(event.claim, SaleClaim)
    assert (event.claim.amount, event.needs_fetch) == (None, "GET /v2/invoicing/invoices/INV2-1")
    assert one_sale(event).kept is None


def test_an_invoice_that_was_paid_elsewhere_counts_by_itself() -> None:
    cash = {"type": "EXTERNAL", "method": "CASH", "amount": usd("40.00")}

    assert one_sale(told(PAID, 1, invoiced("MARKED_AS_PAID", cash))).kept == Money(4_000, "USD")
    assert told(PAID, 1, invoiced("PAYMENT_PENDING", paid("C1", "40.00"))).kind is Kind.OTHER


def test_an_invoice_may_be_written_as_the_guide_to_its_messages_has_it() -> None:
    """developer.paypal.com/api/invoicing/webhooks; some messages have the invoice one level deeper."""
    guide: dict[str, Any] = {"id": "INV2-1", "status": "PAID", "invoice_number": "#1001", "amount": usd("250.00")}
    guide |= {"payer_email": "maya@example.com", "payments": [{"payment_id": "C1", "amount": usd("250.00")}]}

    for resource in (guide, {"invoice": guide}):
        sale = one_sale(told(PAID, 1, resource), captured("C1", "250.00"))
        assert (sale.kept, sale.email, sale.number) == (Money(25_000, "USD"), "maya@example.com", "#1001")


def test_what_is_given_back_of_an_invoice_counts_once() -> None:
    sold = told(PAID, 1, invoiced("PAID", paid("C1", "40.00")))
    given = {"refund_amount": usd("15.00"), "transactions": []}
    back = told(REFUNDED, 2, invoiced("PARTIALLY_REFUNDED", paid("C1", "40.00"), refunds=given))
    same = paypal("PAYMENT.CAPTURE.REFUNDED", id="R1", amount=usd("15.00"), links=up("C1"))

    assert (
        one_sale(sold, back).kept == one_sale(sold, structs.replace(same, id="WH-9"), back).kept == Money(2_500, "USD")
    )
    unsaid = told(REFUNDED, 2, invoiced("REFUNDED", paid("C1", "40.00")))
    assert unsaid.claim == RefundClaim("INV2-1", None, "INV2-1", cumulative=True)
    assert unsaid.needs_fetch == "GET /v2/invoicing/invoices/INV2-1"
    assert one_sale(sold, unsaid).kept is None
