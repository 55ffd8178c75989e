"""What HubSpot tells of contacts and deals, and the ways in which it signs that."""

import hashlib
import hmac
from base64 import b64encode
from typing import Any

import pytest

from shopwatch.domain.instant import DAY, SECOND
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.messages.happening import Answered, Contact, Notice
from shopwatch.domain.messages.verdict import Accepted, Reason, Rejected
from shopwatch.providers.about import assured
from tests.providers.cases import BY_ID, NOW, SECRET, URL, accepted, judge, rejected
from tests.providers.senders.said import KEY, contact, notice, sent, told

HUBSPOT = BY_ID["hubspot"]


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
    then = str(NOW - DAY)
    old = {"X_HubSpot_Signature_v3": sha256(text + then.encode()), "X_HubSpot_Request_Timestamp": then}

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
    assert len(str(notice(event).text).splitlines()) == 100
    assert str(notice(event).text).startswith("contact.propertyChange 500 phone: +1 555 0100\n")
    assert event.type == "contact.propertyChange"
    assert event.id == told(HUBSPOT, tried_again).id != told(HUBSPOT, changes[:99]).id
    mixed = [CHANGE, CHANGE | {"subscriptionType": "deal.creation"}]
    assert told(HUBSPOT, mixed).type == "contact.propertyChange,deal.creation"


@pytest.mark.parametrize("body", [[], {}, [1, "x"], {"properties": {}}, {"properties": "x", "vid": None}])
def test_hubspot_may_say_nothing(body: Any) -> None:
    event = told(HUBSPOT, body)

    assert not event.unreadable
    assert event.kind in (Kind.OTHER, Kind.CONTACT)


def test_the_words_are_true_with_an_app_and_without_one() -> None:
    """An unsigned workflow action only shows the secret of its address (knowledge.hubspot.com, "Use webhooks with
    HubSpot workflows": the request signature is a choice that wants an app)."""
    without = HUBSPOT.described({"secret_in": "address"})

    assert "With an app HubSpot signs" in assured(HUBSPOT)
    assert "Without one they only show" in assured(HUBSPOT)
    assert "does not sign" in assured(without)
    assert not without.setup.secret_found
