"""Services that an owner can describe, judged by what they send."""

import json
from typing import Any

import pytest

from shopwatch.domain.messages.event import Kind
from shopwatch.domain.messages.verdict import Accepted, Challenge, Reason, Rejected
from shopwatch.domain.source import Secrets
from shopwatch.providers.described.custom import CUSTOM
from shopwatch.providers.described.description_file import read, write
from shopwatch.providers.provider import Assurance
from shopwatch.providers.request_file import requests_in
from shopwatch.providers.verdict_text import describe
from tests.providers.cases import VECTORS, accepted

SERVICES = VECTORS / "more"
DESCRIBED = {
    "ecwid": {
        "method": "hmac",
        "signature_header": "X-Ecwid-Webhook-Signature",
        "signed": "{member:eventCreated}.{member:eventId}",
        "encoding": "base64",
        "id": "eventId",
        "type": "data.newPaymentStatus",
        "before": "data.oldPaymentStatus",
        "sales": "PAID",
        "refunds": "REFUNDED, PARTIALLY_REFUNDED",
        "order": "entityId",
    },
    "authorize_net": {
        "method": "hmac",
        "signature_header": "X-ANET-Signature",
        "signature_prefix": "sha512=",
        "algorithm": "sha512",
        "id": "notificationId",
        "type": "eventType",
        "sales": "net.authorize.payment.authcapture.created, net.authorize.payment.priorAuthCapture.created, "
        "net.authorize.payment.capture.created",
        "refunds": "net.authorize.payment.refund.created",
        "order": "payload.id",
        "amount": "payload.authAmount",
        "currency": "USD",
    },
    "patreon": {
        "method": "hmac",
        "signature_header": "X-Patreon-Signature",
        "algorithm": "md5",
        "type": "data.attributes.last_charge_status",
        "sales": "Paid",
        "refunds": "Refunded",
        "order": "data.id",
        "amount": "data.attributes.currently_entitled_amount_cents",
        "amount_in": "minor",
        "currency": "USD",
        "name": "data.attributes.full_name",
        "email": "data.attributes.email",
    },
    "thrivecart": {
        "method": "token",
        "token_in": "body",
        "token_name": "thrivecart_secret",
        "tried_by": "head",
        "type": "event",
        "sales": "order.success, order.subscription_payment",
        "refunds": "order.refund",
        "order": "order_id",
        "amount": "order[total]",
        "amount_in": "minor",
        "currency": "currency",
        "name": "customer[name]",
        "email": "customer[email]",
        "test": "mode",
    },
}
OF_THEIR_OWN = {
    "declined": "",
    "pledge_deleted": "tells the last charge again, of the same order",
    "test_mode": "is a sale in test mode here, which never counts",
    "refund": "names what was given back elsewhere than what was paid",
}
"""Cases whose kind or amount a description can only tell in part."""


def cases() -> list[Any]:
    found = []
    for name in DESCRIBED:
        told = json.loads((SERVICES / f"{name}.json").read_text())
        found += [pytest.param(name, case, id=f"{name}: {case['name']}") for case in told["cases"]]
    return found


@pytest.mark.parametrize(("name", "case"), cases())
def test_what_a_described_service_sends_is_judged_as_it_should_be(name: str, case: dict[str, Any]) -> None:
    options = DESCRIBED[name]
    filed = requests_in(json.dumps(case).encode())[0]
    assert filed.now is not None

    verdict = CUSTOM.judge(filed.request, filed.secrets, filed.now, options)

    if case["expect"] == "challenge":
        assert isinstance(verdict, Rejected | Challenge)
        assert verdict.answer.status == case["expect_response"]["status"]
        return
    assert isinstance(verdict, Accepted) is (case["expect"] == "valid"), verdict
    if not isinstance(verdict, Accepted) or case["name"] in OF_THEIR_OWN:
        return
    event = verdict.event
    assert not event.unreadable
    wanted = case.get("expect_sale") or case.get("expect_refund")
    if case.get("kind") in ("sale", "refund") and wanted:
        assert event.kind == case["kind"]
        assert event.claim is not None
        assert event.claim.order_id == wanted["order_id"]
        if wanted["amount_minor"] is not None:
            assert event.claim.amount is not None
            assert event.claim.amount.minor == wanted["amount_minor"]
    if "event_id" in case:
        assert event.id == case["event_id"]


@pytest.mark.parametrize("name", DESCRIBED)
def test_each_is_practised_and_handed_on(name: str) -> None:
    named, options = read(write(f"My {name}", DESCRIBED[name]))
    assert (named, options) == (f"My {name}", DESCRIBED[name])
    secret = "3d8f2c7a90b14e56"

    for kind in CUSTOM.described(options).practises:
        request = CUSTOM.practise(kind, secret, 1_795_500_000_000, 7, url="https://shop.example/in", options=options)
        event = accepted(CUSTOM.judge(request, Secrets((secret,)), 1_795_500_000_000, options))
        assert event.kind is kind


def test_a_test_of_thrivecarts_never_counts() -> None:
    told = json.loads((VECTORS / "more" / "thrivecart.json").read_text())["cases"]
    case = next(each for each in told if each["name"] == "test_mode")
    filed = requests_in(json.dumps(case).encode())[0]

    event = accepted(CUSTOM.judge(filed.request, filed.secrets, 0, DESCRIBED["thrivecart"]))

    assert (event.kind, event.live) == (Kind.SALE, False)


@pytest.mark.parametrize(("name", "says"), [("authorize_net", "nobody has changed it"), ("ecwid", "Only parts")])
def test_a_signed_message_is_said_to_be_signed(name: str, says: str) -> None:
    described = CUSTOM.described(DESCRIBED[name])
    case = next(
        each for each in json.loads((SERVICES / f"{name}.json").read_text())["cases"] if each["expect"] == "valid"
    )
    filed = requests_in(json.dumps(case).encode())[0]

    line = describe(described, "x", described.judge(filed.request, filed.secrets, filed.now or 0))

    assert described.assurance is Assurance.SIGNED
    assert says in line["explanation"]


def test_the_head_check_says_nothing_but_that_the_address_is_there() -> None:
    told = json.loads((VECTORS / "more" / "thrivecart.json").read_text())["cases"]
    filed = requests_in(json.dumps(next(each for each in told if each["name"] == "head_check")).encode())[0]

    assert CUSTOM.judge(filed.request, filed.secrets, 0, DESCRIBED["thrivecart"]) == Rejected(Reason.PING)
