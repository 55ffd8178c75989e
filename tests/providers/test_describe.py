"""What `shopwatch verify` says of a request."""

import json

from shopwatch.domain.messages.event import Kind
from shopwatch.domain.messages.verdict import Answer, Challenge, Reason, Rejected
from shopwatch.domain.source import Secrets
from shopwatch.providers.verdict_text import describe
from tests.providers.cases import BY_ID, KEYS, NOW, SECRET, judge, practice, signed

PAYNOW = BY_ID["paynow"]
MEMBERS = [
    *("name", "verdict", "reason", "explanation", "event", "sale", "refund", "dispute", "contact", "message"),
    "response",
]


def test_an_accepted_sale() -> None:
    request = PAYNOW.practise(Kind.SALE, SECRET, NOW, 4)

    told = describe(PAYNOW, "one", PAYNOW.judge(request, KEYS, NOW))

    assert list(told) == MEMBERS
    assert (told["name"], told["verdict"], told["reason"]) == ("one", "accepted", None)
    assert told["explanation"] == "It comes from PayNow, and nobody has changed it."
    assert set(told["event"]) == {"id", "type", "kind"}
    assert told["event"]["kind"] == "sale"
    assert list(told["sale"]) == ["order_id", "amount_minor", "currency", "email", "name", "items"]
    assert list(told["sale"]["items"][0]) == ["name", "qty", "unit_minor"]
    assert told["refund"] is told["dispute"] is told["contact"] is told["message"] is None
    assert told["response"] == {"status": 200, "body": "ok\n", "content_type": "text/plain", "headers": {}}
    json.dumps(told)


def test_what_only_shows_a_secret_is_not_said_to_be_unchanged() -> None:
    mailchimp = BY_ID["mailchimp"]

    told = describe(mailchimp, "", judge(mailchimp, practice(mailchimp)))

    assert told["verdict"] == "accepted"
    assert told["explanation"] == "It shows the secret that Mailchimp shows in every message."


def test_a_rejection() -> None:
    request = PAYNOW.practise(Kind.SALE, SECRET, NOW, 4)

    told = describe(PAYNOW, "", PAYNOW.judge(request, Secrets(("another secret",)), NOW))

    assert list(told) == MEMBERS
    assert (told["verdict"], told["reason"]) == ("rejected", "signature-mismatch")
    assert told["explanation"] == "The signature does not fit the secret."
    assert told["event"] is None
    assert told["response"]["status"] == 401
    assert told["response"]["body"] == "not accepted\n"


def test_a_rejection_by_method_names_the_method_that_is_allowed() -> None:
    told = describe(PAYNOW, "", Rejected(Reason.METHOD))

    assert told["response"]["status"] == 405
    assert told["response"]["headers"] == {"Allow": "POST"}


def test_a_challenge() -> None:
    told = describe(PAYNOW, "", Challenge(Answer(200, b"echo")))

    assert list(told) == MEMBERS
    assert (told["verdict"], told["response"]["body"]) == ("challenge", "echo")


def test_an_unreadable_message_says_so() -> None:
    told = describe(PAYNOW, "", PAYNOW.judge(signed(PAYNOW, b"[1"), KEYS, NOW))

    assert told["verdict"] == "accepted"
    assert told["explanation"].startswith("The message is genuine, but")
    assert told["event"]["kind"] == "other"


def test_an_amount_that_is_not_counted_is_shown_as_it_came() -> None:
    body = {
        "event_type": "ON_ORDER_COMPLETED",
        "event_id": "1",
        "body": {"id": "9", "total_amount": 5, "currency": "?"},
    }
    told = describe(PAYNOW, "", PAYNOW.judge(signed(PAYNOW, json.dumps(body).encode()), KEYS, NOW))

    assert told["sale"]["amount_minor"] is None
    assert told["sale"]["amount_text"] == "5 ?"
