"""What Twilio tells of texts and calls, and how it signs an address and the fields of a form."""

import hashlib
import hmac
import json
from base64 import b64encode
from urllib.parse import urlencode

import pytest

from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.messages.happening import Media, TextMessage
from shopwatch.domain.messages.verdict import Accepted, Reason, Rejected, Verdict
from tests.providers.cases import BY_ID, URL, accepted, judge, rejected
from tests.providers.senders.said import FORM, JSON, KEY, notice, sent, told

TWILIO = BY_ID["twilio"]


def sha1(text: bytes) -> str:
    return b64encode(hmac.digest(KEY, text, "sha1")).decode()


TEXT = {"From": "+15550100002", "To": "+15550100001", "Body": " Hello ", "MessageSid": "SM1", "NumMedia": "0"}


def text_of(event: Event) -> TextMessage:
    assert event.kind is Kind.MESSAGE
    assert isinstance(event.happening, TextMessage)
    return event.happening


def test_twilio_texts_come_with_their_pictures() -> None:
    pictures = {
        "NumMedia": "2",
        "MediaUrl0": "https://api.twilio.com/1",
        "MediaContentType0": "image/png",
        "MediaUrl1": "https://api.twilio.com/2",
    }
    place = {"FromCity": "BERLIN", "FromState": "", "FromCountry": "DE"}

    event = told(TWILIO, urlencode(TEXT | pictures | place | {"SmsStatus": "received"}))

    assert (event.id, event.type) == ("SM1", "received")
    assert text_of(event) == TextMessage(
        "SM1",
        "+15550100002",
        to="+15550100001",
        text="Hello",
        place="BERLIN, DE",
        media=(Media("https://api.twilio.com/1", "image/png"), Media("https://api.twilio.com/2")),
    )


def test_twilio_brings_whatsapp_too() -> None:
    said = TEXT | {"From": "whatsapp:+49301234", "To": "whatsapp:+4930", "ProfileName": "Ada"}

    message = text_of(told(TWILIO, urlencode(said)))

    assert (message.phone, message.to, message.name) == ("+49301234", "+4930", "Ada")


def test_twilio_texts_are_kept_as_long_as_they_may_be() -> None:
    assert len(text_of(told(TWILIO, urlencode(TEXT | {"Body": "x" * 1_600}))).text) == 1_600


@pytest.mark.parametrize(
    ("status", "kind"),
    [("sent", Kind.OTHER), ("delivered", Kind.OTHER), ("failed", Kind.NOTICE), ("undelivered", Kind.NOTICE)],
)
def test_twilio_tells_of_the_shops_own_texts_only_what_failed(status: str, kind: Kind) -> None:
    own = {"MessageSid": "SM1", "SmsStatus": status, "MessageStatus": status, "To": "+15550100002", "From": "+15550"}

    event = told(TWILIO, urlencode(own))

    assert (event.id, event.kind) == (f"SM1:{status}", kind)
    assert kind is Kind.OTHER or notice(event).phone == "+15550100002"


def test_twilio_calls_are_kept_and_not_told() -> None:
    ringing = told(TWILIO, urlencode({"CallSid": "CA1", "From": "+1", "To": "+2", "CallStatus": "ringing"}))
    ended = told(TWILIO, urlencode({"CallSid": "CA1", "From": "+1", "To": "+2", "CallStatus": "completed"}))

    assert ringing.kind is ended.kind is Kind.OTHER
    assert ringing.id != ended.id


def form_text(fields: list[tuple[str, str]]) -> bytes:
    return "".join(name + value for name, value in sorted(set(fields))).encode()


@pytest.mark.parametrize(
    ("called", "signed"),
    [
        ("https://shop.example/in/x?a=%20b", "https://shop.example/in/x?a=%20b"),
        ("https://shop.example/in/x", "https://shop.example:443/in/x"),
        ("http://shop.example/in/x", "http://shop.example:80/in/x"),
        ("https://shop.example:8443/in/x?a=b", "https://shop.example/in/x?a=b"),
        ("https://shop.example:8443/in/x", "https://shop.example:8443/in/x"),
        ("https://user:pass@shop.example:8443/in/x", "https://shop.example:8443/in/x"),
        ("https://user:pass@shop.example/in/x", "https://shop.example/in/x"),
        ("https://[::1]:8443/in/x", "https://[::1]/in/x"),
        ("https://[::1]/in/x", "https://[::1]:443/in/x"),
    ],
)
def test_twilio_signs_the_address_with_its_port_or_without(called: str, signed: str) -> None:
    fields = list(TEXT.items())
    body, signature = urlencode(fields).encode(), sha1(signed.encode() + form_text(fields))

    verdict = judge(TWILIO, sent("POST", called, body, **FORM, X_Twilio_Signature=signature))

    assert text_of(accepted(verdict)).text == "Hello"


def test_twilio_signs_blank_fields() -> None:
    fields = [*TEXT.items(), ("Blank", ""), ("body", " ü ")]
    signature = sha1(URL.encode() + form_text(fields))

    event = accepted(judge(TWILIO, sent("POST", URL, urlencode(fields).encode(), **FORM, X_Twilio_Signature=signature)))

    assert text_of(event).text == "Hello"


@pytest.mark.parametrize(
    "bent",
    [
        # Row D17 of the attacks: the letters of one genuine text under its own signature. Twilio's own validator
        # (twilio-python 9.13) takes each of them.
        [("Body", "Hi"), ("Body", "Hi"), ("From", "+15550100002"), ("MessageSid", "SM1"), ("To", "+15550100001")],
        [("Body", "HiFrom+15550100002"), ("MessageSid", "SM1"), ("To", "+15550100001")],
        [("Body", "Hi"), ("From", "+15550100002MessageSidSM1"), ("To", "+15550100001")],
        [("Body", "Hi"), ("From", "+15550100002"), ("MessageSid", "SM1To+15550100001")],
        [("Body", "Hi"), ("From", "+15550100002"), ("MessageSid", "SM1To+1555010"), ("To", "0001")],
        [("BodyHiFrom", "+15550100002"), ("MessageSid", "SM1"), ("To", "+15550100001")],
    ],
)
def test_twilio_fields_that_melted_into_one_are_refused(bent: list[tuple[str, str]]) -> None:
    genuine = [("Body", "Hi"), ("From", "+15550100002"), ("MessageSid", "SM1"), ("To", "+15550100001")]
    signature = sha1(URL.encode() + form_text(genuine))

    def said(fields: list[tuple[str, str]]) -> Verdict:
        return judge(TWILIO, sent("POST", URL, urlencode(fields).encode(), **FORM, X_Twilio_Signature=signature))

    assert text_of(accepted(said(genuine))).text == "Hi"
    assert rejected(said(bent)).reason is Reason.SIGNATURE_MISMATCH


@pytest.mark.parametrize("party", ["whatsapp:+49301234", "BLOOM", "54321", "client:ada", "sip:ada@example.com", "+1"])
def test_twilio_knows_people_by_more_than_numbers(party: str) -> None:
    assert told(TWILIO, urlencode(TEXT | {"From": party})).kind is Kind.MESSAGE


def test_twilio_may_call_by_get() -> None:
    url = f"{URL}?line=2&{urlencode(TEXT)}"
    signature = sha1(url.encode())

    assert text_of(accepted(judge(TWILIO, sent("GET", url, X_Twilio_Signature=signature)))).phone == "+15550100002"
    assert rejected(judge(TWILIO, sent("GET", url, b"Body=x", X_Twilio_Signature=signature)))
    assert rejected(judge(TWILIO, sent("POST", url, **FORM, X_Twilio_Signature=signature)))


def test_twilio_json_counts_only_with_its_hash_in_the_address() -> None:
    body = json.dumps(TEXT).encode()
    bare = sent("POST", URL, body, **JSON, X_Twilio_Signature=sha1(URL.encode()))
    url = f"{URL}?bodySHA256={hashlib.sha256(body).hexdigest()}"
    hashed = sent("POST", url, body, **JSON, X_Twilio_Signature=sha1(url.encode()))
    emptied = sent("POST", url, **FORM, X_Twilio_Signature=sha1(url.encode()))
    as_form = sent("POST", url, body, **FORM, X_Twilio_Signature=sha1(url.encode()))

    assert rejected(judge(TWILIO, bare)).reason is Reason.SIGNATURE_MISMATCH
    assert text_of(accepted(judge(TWILIO, hashed))).text == "Hello"
    assert rejected(judge(TWILIO, emptied))
    assert accepted(judge(TWILIO, as_form)).unreadable


@pytest.mark.parametrize(
    ("settings", "algorithm"),
    [
        ("key=k1,algorithm=HMAC_SHA256", "sha256"),
        ("key=k1, algorithm=HMAC_SHA1", "sha1"),
        ("key=k1,algorithm=HMAC_SHA512", None),
        ("key=k1,algorithm=none", None),
        ("key=k1", None),
        ("", None),
    ],
)
def test_twilio_shared_keys_name_their_algorithm(settings: str, algorithm: str | None) -> None:
    fields = list(TEXT.items())
    text = URL.encode() + form_text(fields)
    for digest in ("sha1", "sha256"):
        headers = FORM | {
            "X_Twilio_Signature": b64encode(hmac.digest(KEY, text, digest)).decode(),
            "X_Twilio_Webhooks_Signature_Settings": settings,
        }
        verdict = judge(TWILIO, sent("POST", URL, urlencode(fields).encode(), **headers))
        assert isinstance(verdict, Accepted if digest == algorithm else Rejected)
