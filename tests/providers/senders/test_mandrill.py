"""What Mandrill tells of e-mails, alone or several at once."""

import hmac
import json
from base64 import b64encode
from typing import Any
from urllib.parse import urlencode

from shopwatch.domain.instant import SECOND
from shopwatch.domain.messages.happening import Notice
from shopwatch.domain.messages.verdict import Reason
from tests.providers.cases import BY_ID, NOW, SECRET, URL, accepted, judge, rejected
from tests.providers.senders.said import FORM, notice, sent, told

MANDRILL = BY_ID["mandrill"]


def mails(*events: dict[str, Any]) -> str:
    return urlencode({"mandrill_events": json.dumps(events)})


BOUNCED = {
    "event": "hard_bounce",
    "_id": "m1",
    "ts": NOW // SECOND,
    "msg": {"email": "ada@example.com", "subject": "Your order"},
}


def test_mandrill_tells_of_one_mail_in_words() -> None:
    event = told(MANDRILL, mails(BOUNCED))

    assert (event.id, event.type, event.occurred_at) == (f"hard_bounce:m1:{NOW // SECOND}", "hard_bounce", NOW)
    assert notice(event) == Notice("E-mail came back", "Your order", email="ada@example.com")
    inbound = {"event": "inbound", "msg": {"from_email": "jo@example.com", "from_name": "Jo", "text": "Hi"}}
    assert notice(told(MANDRILL, mails(inbound))) == Notice("E-mail received", "Hi", "Jo", "jo@example.com")
    listed = {"type": "blacklist", "action": "add", "reject": {"email": "ada@example.com"}}
    assert notice(told(MANDRILL, mails(listed))) == Notice("Blacklist add", email="ada@example.com")


def test_several_mandrill_events_are_one_event_that_tells_them_all() -> None:
    opened = BOUNCED | {"event": "open", "ts": NOW // SECOND - 60}

    event = told(MANDRILL, mails(opened, BOUNCED))

    assert event.type == "open,hard_bounce"
    assert event.occurred_at == NOW
    assert notice(event).title == "2 events of your e-mails"
    assert str(notice(event).text).splitlines() == [
        "open ada@example.com Your order",
        "hard_bounce ada@example.com Your order",
    ]
    assert event.id == told(MANDRILL, mails(opened, BOUNCED)).id != told(MANDRILL, mails(BOUNCED, opened)).id


def test_mandrill_tries_an_address_before_there_is_a_key() -> None:
    signature = b64encode(hmac.digest(b"test-webhook", b"x", "sha1")).decode()
    trial = sent("POST", URL, b"mandrill_events=%5B%5D", **FORM, X_Mandrill_Signature=signature)

    verdict = rejected(judge(MANDRILL, trial))

    assert (verdict.reason, verdict.answer.status) == (Reason.PING, 200)


def test_a_mandrill_form_that_says_more_than_was_signed_is_refused() -> None:
    """Names and values are signed with nothing between, and each value once (mandrill.zendesk.com, authenticating
    webhook requests), so that a genuine message could be sent again with its field twice, or cut into two."""
    body = mails(BOUNCED).encode()
    signature = b64encode(hmac.digest(SECRET.encode(), f"{URL}mandrill_events{json.dumps([BOUNCED])}".encode(), "sha1"))
    lines = FORM | {"X_Mandrill_Signature": signature.decode()}
    cut = urlencode({"mandrill_events": json.dumps([BOUNCED])[:60], json.dumps([BOUNCED])[60:]: ""}).encode()

    accepted(judge(MANDRILL, sent("POST", URL, body, **lines)))
    for bent in (body + b"&" + body, cut):
        assert rejected(judge(MANDRILL, sent("POST", URL, bent, **lines))).reason is Reason.SIGNATURE_MISMATCH
