"""What HubSpot, Twilio, Dropbox, Foursquare, Mailchimp, Mandrill, Calendly and Typeform tell, and how they sign it."""

import hashlib
import hmac
import json
from base64 import b64encode
from typing import Any
from urllib.parse import urlencode

import pytest

from shopwatch.domain.clock import MINUTE, SECOND
from shopwatch.domain.delivery import Headers, Request
from shopwatch.domain.event import Event, Kind
from shopwatch.domain.happening import Answered, CheckIn, Contact, FileChange, Media, Notice, TextMessage
from shopwatch.domain.verdict import Accepted, Challenge, Reason, Rejected
from shopwatch.providers.provider import Provider
from tests.providers.cases import BY_ID, KEYS, NOW, SECRET, URL, accepted, judge, practice, rejected

HUBSPOT, TWILIO, DROPBOX, FOURSQUARE = (BY_ID[name] for name in ("hubspot", "twilio", "dropbox", "foursquare"))
MAILCHIMP, MANDRILL, CALENDLY, TYPEFORM = (BY_ID[name] for name in ("mailchimp", "mandrill", "calendly", "typeform"))
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/json"}
KEY = SECRET.encode()


def told(provider: Provider, body: Any, at: int = NOW) -> Event:
    """What a message of the provider means: an object as JSON, or text as a form."""
    form = isinstance(body, str)
    request = Request("POST", URL, Headers.of(FORM if form else JSON), (body if form else json.dumps(body)).encode())
    signed = provider.recipe.sign(request, SECRET, at, "", {})
    assert signed
    return accepted(provider.judge(signed, KEYS, at))


def contact(event: Event) -> Contact:
    assert event.kind is Kind.CONTACT
    assert isinstance(event.happening, Contact)
    return event.happening


def notice(event: Event) -> Notice:
    assert event.kind is Kind.NOTICE
    assert isinstance(event.happening, Notice)
    return event.happening


def sent(method: str, url: str, body: bytes = b"", /, **headers: str) -> Request:
    return Request(method, url, Headers.of({name.replace("_", "-"): value for name, value in headers.items()}), body)


def sha1(text: bytes) -> str:
    return b64encode(hmac.digest(KEY, text, "sha1")).decode()


def sha256(text: bytes) -> str:
    return b64encode(hmac.digest(KEY, text, "sha256")).decode()


def older(version: str, text: bytes) -> dict[str, str]:
    signature = hashlib.sha256(KEY + text).hexdigest()
    return {"X_HubSpot_Signature_Version": version, "X_HubSpot_Signature": signature}


CHANGE = {
    "eventId": 1,
    "subscriptionId": 12345,
    "portalId": 62515,
    "occurredAt": NOW - 5 * SECOND,
    "subscriptionType": "contact.propertyChange",
    "attemptNumber": 0,
    "objectId": 123,
    "propertyName": "phone",
    "propertyValue": "+1 555 0100",
}


def test_hubspot_workflows_send_the_whole_record() -> None:
    form = {"conversion-id": "c-1", "timestamp": NOW - 9 * SECOND, "title": "Old form"}
    newest = {"conversion-id": "c-2", "timestamp": NOW - 2 * SECOND, "title": "Contact us"}
    properties = {"email": "ada@example.com", "firstname": "Ada", "lastname": "Field", "Wish": "Peonies", "hs_x": "9"}
    event = told(
        HUBSPOT,
        {
            "vid": 7051,
            "properties": {name: {"value": value, "versions": []} for name, value in properties.items()},
            "form-submissions": [form, newest, "odd"],
        },
    )

    assert event.id == "7051:c-2"
    assert event.occurred_at == NOW - 2 * SECOND
    assert contact(event) == Contact(
        contact_id="7051",
        name="Ada Field",
        email="ada@example.com",
        form="Contact us",
        fields=(
            Answered("email", "ada@example.com"),
            Answered("firstname", "Ada"),
            Answered("lastname", "Field"),
            Answered("Wish", "Peonies"),
        ),
    )


def test_hubspot_workflows_may_send_chosen_properties_alone() -> None:
    body = {"hs_object_id": "9", "email": "ada@example.com", "company": "Field", "mobilephone": "1", "opted_in": True}

    first, again, other = told(HUBSPOT, body), told(HUBSPOT, body), told(HUBSPOT, body | {"company": "Meadow"})

    assert contact(first).fields[-1] == Answered("opted_in", "true")
    assert (contact(first).contact_id, contact(first).company, contact(first).phone) == ("9", "Field", "1")
    assert first.id == again.id != other.id


def test_hubspot_workflows_may_put_a_contact_into_the_address() -> None:
    url = "https://shop.example/in/x?email=ada%40example.com&firstname=Ada&wish=50%25"
    right = sent("GET", url, **older("v2", f"GET{url}".encode()))
    moved = sent("GET", url[:-5], url[-5:].encode(), **older("v2", f"GET{url}".encode()))
    other = url.replace("Ada", "Eve")

    event = accepted(judge(HUBSPOT, right))

    assert contact(event).email == "ada@example.com"
    assert Answered("wish", "50%") in contact(event).fields
    assert event.id != accepted(judge(HUBSPOT, sent("GET", other, **older("v2", f"GET{other}".encode())))).id
    assert rejected(judge(HUBSPOT, moved)).reason is Reason.SIGNATURE_MISMATCH


def test_hubspot_v1_signs_no_address_so_none_is_read() -> None:
    signature = older("v1", b"")

    assert rejected(judge(HUBSPOT, sent("GET", f"{URL}?email=eve%40example.com", **signature)))


def test_hubspot_undoes_some_escapes_before_it_signs() -> None:
    url = "https://shop.example/in/x?a=%3A%2F%3F%40%21%24%27%28%29%2A%2C%3B&b=%20%26%25%3D%2B%3a"
    signed_url = "https://shop.example/in/x?a=:/?@!$'()*,;&b=%20%26%25%3D%2B%3a"
    text = f"POST{signed_url}{{}}{NOW}".encode()
    headers = {"X_HubSpot_Signature_v3": sha256(text), "X_HubSpot_Request_Timestamp": str(NOW)}

    assert isinstance(judge(HUBSPOT, sent("POST", url, b"{}", **headers)), Accepted)


def test_hubspot_v3_decides_over_an_older_signature_beside_it() -> None:
    text = f"POST{URL}{{}}".encode()
    beside = {"X_HubSpot_Signature_v3": sha256(b"other"), "X_HubSpot_Request_Timestamp": str(NOW)}
    old = {"X_HubSpot_Signature_v3": sha256(text + b"1"), "X_HubSpot_Request_Timestamp": "1"}

    assert isinstance(judge(HUBSPOT, sent("POST", URL, b"{}", **older("v2", text))), Accepted)
    assert rejected(judge(HUBSPOT, sent("POST", URL, b"{}", **older("v2", text), **beside)))
    assert rejected(judge(HUBSPOT, sent("POST", URL, b"{}", **older("v2", text), **old))).reason is Reason.TOO_OLD


@pytest.mark.parametrize("version", ["v3", "v4", "V2", "v1, v2"])
def test_hubspot_signs_in_no_other_ways(version: str) -> None:
    request = sent("POST", URL, b"{}", **older(version, f"POST{URL}{{}}".encode()))

    assert rejected(judge(HUBSPOT, request)).reason is Reason.SIGNATURE_MALFORMED


def test_hubspot_names_its_version() -> None:
    request = sent("POST", URL, b"{}", X_HubSpot_Signature=older("v1", b"{}")["X_HubSpot_Signature"])

    assert rejected(judge(HUBSPOT, request)) == Rejected(Reason.HEADER_MISSING, "X-HubSpot-Signature-Version")


def test_hubspot_without_an_app_may_show_a_secret_in_the_address() -> None:
    body = b'{"email":"ada@example.com"}'
    shown = sent("POST", f"{URL}?secret={SECRET.replace('=', '%3D')}", body)

    event = accepted(judge(HUBSPOT, shown))

    assert contact(event).email == "ada@example.com"
    assert rejected(judge(HUBSPOT, sent("POST", f"{URL}?secret=guess", body))).reason is Reason.TOKEN_MISMATCH
    assert rejected(judge(HUBSPOT, sent("POST", URL, body))).reason is Reason.SIGNATURE_MISSING
    signed_too = sent("POST", shown.url, body, **older("v2", b"forged"))
    assert rejected(judge(HUBSPOT, signed_too)).reason is Reason.SIGNATURE_MISMATCH
    in_query = sent("GET", f"{shown.url}&email=ada%40example.com")
    assert [each.label for each in contact(accepted(judge(HUBSPOT, in_query))).fields] == ["email"]


def test_a_hubspot_change_of_a_contact_is_told_and_asked_for() -> None:
    event = told(HUBSPOT, [CHANGE])

    assert (event.id, event.type) == (f"1:12345:123:{NOW - 5 * SECOND}", "contact.propertyChange")
    assert event.occurred_at == NOW - 5 * SECOND
    assert event.needs_fetch == "GET /crm/v3/objects/contacts/123"
    assert (contact(event).contact_id, contact(event).did) == ("123", "contact.propertyChange")
    assert (contact(event).phone, contact(event).fields) == ("+1 555 0100", (Answered("phone", "+1 555 0100"),))
    assert not told(HUBSPOT, [CHANGE | {"subscriptionType": "contact.deletion"}]).needs_fetch
    generic = {"subscriptionType": "object.creation", "objectTypeId": "0-1"}
    assert contact(told(HUBSPOT, [CHANGE | generic])).did == "object.creation"


def test_a_hubspot_change_of_anything_else_is_a_notice() -> None:
    deal = CHANGE | {"subscriptionType": "deal.propertyChange", "propertyName": "amount", "propertyValue": "90"}

    assert notice(told(HUBSPOT, [deal])) == Notice("Deal property change", "123 amount: 90")


def test_several_hubspot_changes_are_one_event_that_tells_them_all() -> None:
    changes = [CHANGE | {"eventId": number, "objectId": 500 + number} for number in range(100)]
    tried_again = [change | {"attemptNumber": 1} for change in changes]

    event = told(HUBSPOT, changes)

    assert notice(event).title == "100 changes in HubSpot"
    assert len(notice(event).text.splitlines()) == 100
    assert notice(event).text.startswith("contact.propertyChange 500 phone: +1 555 0100\n")
    assert event.type == "contact.propertyChange"
    assert event.id == told(HUBSPOT, tried_again).id != told(HUBSPOT, changes[:99]).id
    mixed = [CHANGE, CHANGE | {"subscriptionType": "deal.creation"}]
    assert told(HUBSPOT, mixed).type == "contact.propertyChange,deal.creation"


@pytest.mark.parametrize("body", [[], {}, [1, "x"], {"properties": {}}, {"properties": "x", "vid": None}])
def test_hubspot_may_say_nothing(body: Any) -> None:
    event = told(HUBSPOT, body)

    assert not event.unreadable
    assert event.kind in (Kind.OTHER, Kind.CONTACT)


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


def test_twilio_signs_blank_and_repeated_fields() -> None:
    fields = [*TEXT.items(), ("Blank", ""), ("Sid", "b"), ("Sid", "a"), ("Sid", "b"), ("body", " ü ")]
    signature = sha1(URL.encode() + form_text(fields))

    event = accepted(judge(TWILIO, sent("POST", URL, urlencode(fields).encode(), **FORM, X_Twilio_Signature=signature)))

    assert event.unreadable.startswith("The message is genuine, but it says one thing in two ways")


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


def test_dropbox_tells_whose_files_changed_every_time() -> None:
    body = {"list_folder": {"accounts": ["dbid:A", "dbid:B", "dbid:A", None]}, "delta": {"users": [1, 2]}}

    first, repeated, later = told(DROPBOX, body), told(DROPBOX, body), told(DROPBOX, body, NOW + MINUTE)

    assert first.kind is Kind.FILES
    assert first.happening == FileChange(("dbid:A", "dbid:B"))
    assert first.needs_fetch
    assert first.id == repeated.id != later.id
    assert told(DROPBOX, {"delta": {"users": [1, 2]}}).happening == FileChange(("1", "2"))
    assert told(DROPBOX, {"list_folder": {}}).kind is Kind.OTHER


def test_dropbox_challenges_need_no_secret() -> None:
    verdict = DROPBOX.judge(sent("GET", f"{URL}?challenge=abc%3C"), KEYS, NOW)

    assert isinstance(verdict, Challenge)
    assert (verdict.answer.body, verdict.answer.content_type) == (b"abc<", "text/plain")


def push(**parts: Any) -> str:
    return urlencode({name: json.dumps(value) for name, value in parts.items()})


CHECKED_IN = {"id": "4e6f", "createdAt": NOW // SECOND - 5, "venue": {"name": "Bloom"}, "shout": "Lovely"}


def test_foursquare_check_ins_are_told() -> None:
    user = {"firstName": "Jo", "lastName": "Walker", "contact": {"email": "jo@example.com", "phone": "+1555"}}

    event = told(FOURSQUARE, push(checkin=CHECKED_IN, user=user))

    assert (event.id, event.type, event.kind) == ("4e6f", "checkin", Kind.CHECK_IN)
    assert event.occurred_at == NOW - 5 * SECOND
    assert event.happening == CheckIn("4e6f", "Bloom", "Jo Walker", "jo@example.com", "+1555", "Lovely")
    silent = {name: value for name, value in CHECKED_IN.items() if name != "shout"} | {"user": {"firstName": "Jo"}}
    assert told(FOURSQUARE, push(checkin=silent)).happening == CheckIn("4e6f", "Bloom", "Jo")


@pytest.mark.parametrize("left", ["like", "tip", "photo"])
def test_foursquare_tells_what_people_leave(left: str) -> None:
    event = told(FOURSQUARE, push(**{left: {"id": "9", "text": "Try the peonies", "user": {"firstName": "Jo"}}}))

    assert (event.id, event.type) == ("9", left)
    assert "Foursquare" in notice(event).title
    assert (notice(event).text, notice(event).name) == ("Try the peonies", "Jo")


def test_foursquare_secrets_count_only_in_their_own_place() -> None:
    body = json.dumps({"secret": SECRET, "eventType": "arrival", "venue": {"name": "Bloom"}}).encode()
    in_header = sent("POST", URL, body, **JSON, Pilgrim_Secret=SECRET)
    wrong = sent("POST", URL, body, **JSON, Pilgrim_Secret="guess")

    assert rejected(judge(FOURSQUARE, sent("POST", URL, body, **JSON)))
    assert rejected(judge(FOURSQUARE, sent("POST", f"{URL}?secret={SECRET}", b"a=b", **FORM)))
    assert rejected(judge(FOURSQUARE, wrong)).reason is Reason.TOKEN_MISMATCH
    assert accepted(judge(FOURSQUARE, in_header)).kind is Kind.CHECK_IN


def test_foursquare_departures_are_kept_and_not_told() -> None:
    body = json.dumps({"eventType": "departure", "venue": {"name": "Bloom"}}).encode()

    assert accepted(judge(FOURSQUARE, sent("POST", URL, body, **JSON, Pilgrim_Secret=SECRET))).kind is Kind.OTHER


def audience(did: str, **data: str) -> str:
    fields = {"type": did, "fired_at": "2026-11-24 05:59:00", "data[list_id]": "a6b5"}
    return urlencode(fields | {f"data{name}": value for name, value in data.items()})


def test_mailchimp_fields_keep_their_names() -> None:
    body = audience(
        "subscribe",
        **{"[id]": "8a25", "[email]": "ada@example.com", "[merges][FNAME]": "Ada", "[merges][LNAME]": "Field"},
        **{"[merges][PHONE]": "555", "[merges][ADDRESS][city]": "Berlin", "[merges][EMPTY]": "", "[ip_opt]": "::1"},
    )

    event = told(MAILCHIMP, body)

    assert event.type == "subscribe"
    assert contact(event) == Contact(
        "8a25",
        name="Ada Field",
        email="ada@example.com",
        phone="555",
        did="subscribe",
        fields=(
            Answered("FNAME", "Ada"),
            Answered("LNAME", "Field"),
            Answered("PHONE", "555"),
            Answered("ADDRESS city", "Berlin"),
        ),
    )


@pytest.mark.parametrize(
    ("did", "data", "email"),
    [
        ("unsubscribe", {"[id]": "1", "[email]": "ada@example.com", "[reason]": "manual"}, "ada@example.com"),
        ("profile", {"[id]": "1", "[email]": "ada@example.com"}, "ada@example.com"),
        ("cleaned", {"[email]": "ada@example.com", "[reason]": "hard"}, "ada@example.com"),
        (
            "upemail",
            {"[new_id]": "2", "[new_email]": "new@example.com", "[old_email]": "o@example.com"},
            "new@example.com",
        ),
    ],
)
def test_mailchimp_tells_who_changes_and_who_leaves(did: str, data: dict[str, str], email: str) -> None:
    event = told(MAILCHIMP, audience(did, **data))

    assert (contact(event).did, contact(event).email) == (did, email)


def test_mailchimp_campaigns_are_notices() -> None:
    body = audience("campaign", **{"[subject]": "Spring is here", "[status]": "sent"})

    assert notice(told(MAILCHIMP, body)).text == "Spring is here: sent"


def test_mailchimp_events_are_told_apart() -> None:
    one = {"[id]": "1", "[email]": "ada@example.com"}
    bodies = [
        audience("subscribe", **one),
        audience("unsubscribe", **one),
        audience("subscribe", **one | {"[id]": "2"}),
        audience("subscribe", **one).replace("05%3A59", "06%3A00"),
    ]

    assert len({told(MAILCHIMP, body).id for body in bodies}) == 4
    assert told(MAILCHIMP, bodies[0]).id == told(MAILCHIMP, bodies[0] + "&data%5Bip_opt%5D=203.0.113.9").id


@pytest.mark.parametrize("query", ["", "?secret=", "?secret=guess", "?Secret=" + SECRET, "?a=secret"])
def test_mailchimp_shows_its_secret_in_the_address_alone(query: str) -> None:
    request = practice(MAILCHIMP)
    moved = Request("POST", URL + query, request.headers, request.body + f"&secret={SECRET}".encode())

    assert rejected(judge(MAILCHIMP, moved)).reason in (Reason.TOKEN_MISSING, Reason.TOKEN_MISMATCH)


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
    assert notice(event).text.splitlines() == [
        "open ada@example.com Your order",
        "hard_bounce ada@example.com Your order",
    ]
    assert event.id == told(MANDRILL, mails(opened, BOUNCED)).id != told(MANDRILL, mails(BOUNCED, opened)).id


def test_mandrill_tries_an_address_before_there_is_a_key() -> None:
    signature = b64encode(hmac.digest(b"test-webhook", b"x", "sha1")).decode()
    trial = sent("POST", URL, b"mandrill_events=%5B%5D", **FORM, X_Mandrill_Signature=signature)

    verdict = rejected(judge(MANDRILL, trial))

    assert (verdict.reason, verdict.answer.status) == (Reason.PING, 200)


def booking(event: str, **payload: Any) -> dict[str, Any]:
    uri = "https://api.calendly.com/scheduled_events/E1/invitees/I1"
    return {"event": event, "created_at": "2026-11-24T05:59:00.000000Z", "payload": {"uri": uri} | payload}


def test_calendly_tells_who_books_with_their_answers() -> None:
    answers = [{"question": "Colour?", "answer": "Blue"}, {"question": "", "answer": "x"}, None]
    appointment = {"name": "Visit", "start_time": "2026-12-01T15:00:00.000000Z"}

    event = told(
        CALENDLY,
        booking(
            "invitee.created",
            name="Ada",
            email="ada@example.com",
            text_reminder_number="+1 555",
            questions_and_answers=answers,
            scheduled_event=appointment,
        ),
    )

    assert event.id == "invitee.created:https://api.calendly.com/scheduled_events/E1/invitees/I1"
    assert contact(event) == Contact(
        "https://api.calendly.com/scheduled_events/E1/invitees/I1",
        name="Ada",
        email="ada@example.com",
        phone="+1 555",
        form="Visit",
        did="invitee.created",
        fields=(Answered("Colour?", "Blue"), Answered("start_time", "2026-12-01T15:00:00.000000Z")),
    )


def test_calendly_cancellations_are_events_of_their_own() -> None:
    person = {"name": "Ada", "email": "ada@example.com"}

    created, cancelled = (told(CALENDLY, booking(f"invitee.{did}", **person)) for did in ("created", "canceled"))

    assert created.id != cancelled.id
    assert contact(cancelled).did == "invitee.canceled"
    assert told(CALENDLY, booking("event_type.updated", color="#fff")).kind is Kind.OTHER


@pytest.mark.parametrize(
    ("later", "reason"),
    [(3 * MINUTE, None), (3 * MINUTE + SECOND, Reason.TOO_OLD), (-6 * MINUTE, Reason.FROM_THE_FUTURE)],
)
def test_calendly_messages_are_believed_for_three_minutes(later: int, reason: Reason | None) -> None:
    verdict = judge(CALENDLY, practice(CALENDLY), now=NOW + later)

    assert (verdict.reason if isinstance(verdict, Rejected) else None) is reason


def response(*answers: tuple[str, str, str, Any], event_type: str = "form_response", **beside: Any) -> dict[str, Any]:
    """A response to a form; each answer is the question, its reference, the answer's type and the answer."""
    fields = [{"id": f"f{n}", "title": title, "ref": ref} for n, (title, ref, _, _) in enumerate(answers)]
    return {
        "event_id": "01A",
        "event_type": event_type,
        "form_response": {
            "token": "t1",
            "submitted_at": "2026-11-24T05:59:00Z",
            "definition": {"title": "Quote", "fields": fields},
            "answers": [
                {"type": kind, kind: value, "field": {"id": f"f{n}", "ref": ref}}
                for n, (_, ref, kind, value) in enumerate(answers)
            ],
        }
        | beside,
    }


def test_typeform_answers_stand_under_their_questions() -> None:
    event = told(
        TYPEFORM,
        response(
            ("Your name", "a1", "text", "Ada Field"),
            ("E-mail", "a2", "email", "ada@example.com"),
            ("Call me at", "a3", "phone_number", "+1555"),
            ("How many?", "a4", "number", 12),
            ("Wrapped?", "a5", "boolean", False),
            ("Colour", "a6", "choice", {"label": "Blue"}),
            ("Kinds", "a7", "choices", {"labels": ["Peony", "Rose"], "other": "Fern"}),
            ("Own kind", "a8", "choice", {"other": "Moss"}),
            ("Deposit", "a9", "payment", {"amount": "12.50", "last4": "1234"}),
            ("Company", "b1", "text", "Field Ltd"),
            hidden={"utm_source": "spring"},
        ),
    )

    assert event.id == "t1"
    found = contact(event)
    assert (found.name, found.email, found.phone, found.company) == (
        "Ada Field",
        "ada@example.com",
        "+1555",
        "Field Ltd",
    )
    assert (found.form, found.did) == ("Quote", "form_response")
    assert [(each.label, each.value) for each in found.fields] == [
        ("Your name", "Ada Field"),
        ("E-mail", "ada@example.com"),
        ("Call me at", "+1555"),
        ("How many?", "12"),
        ("Wrapped?", "false"),
        ("Colour", "Blue"),
        ("Kinds", "Peony, Rose, Fern"),
        ("Own kind", "Moss"),
        ("Deposit", "12.50"),
        ("Company", "Field Ltd"),
        ("utm_source", "spring"),
    ]


@pytest.mark.parametrize(
    "answers",
    [
        [("First name", "x", "text", "Ada"), ("Last name:", "y", "text", "Field")],
        [("What are you called?", "first_name", "text", "Ada"), ("And then?", "last-name", "text", "Field")],
        [("?", "name", "text", "Ada Field"), ("Your name", "z", "text", "")],
    ],
)
def test_typeform_names_are_found_by_question_or_reference(answers: list[tuple[str, str, str, Any]]) -> None:
    assert contact(told(TYPEFORM, response(*answers))).name == "Ada Field"


def test_typeform_names_that_are_no_names_are_not_guessed() -> None:
    assert contact(told(TYPEFORM, response(("Name of your dog", "x", "text", "Rex")))).name == ""


def test_typeform_answers_on_their_way_are_no_repeats() -> None:
    answer = ("E-mail", "x", "email", "ada@example.com")

    begun, done = told(TYPEFORM, response(answer, event_type="form_response_partial")), told(TYPEFORM, response(answer))

    assert (begun.id, done.id) == ("01A", "t1")
    assert contact(begun).did == "form_response_partial"


def test_a_form_of_thousands_of_answers_is_read_as_far_as_anybody_reads() -> None:
    answers = [(f"Question {number}", "x", "text", "y") for number in range(2_000)]

    found = contact(told(TYPEFORM, response(*answers))).fields

    assert [each.label for each in found] == [f"Question {number}" for number in range(200)]
