"""HubSpot: contacts from workflows, and changes from an app's subscriptions. Facts: developers.hubspot.com (validating
requests), legacydocs.hubspot.com (workflow webhooks), knowledge.hubspot.com ("Use webhooks with HubSpot workflows").
"""

import json
import re
from collections.abc import Iterable
from dataclasses import fields, replace
from typing import Any

from shopwatch.domain.i18n import phrase_n
from shopwatch.domain.instant import DAY, Instant
from shopwatch.domain.messages.delivery import Request
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.messages.happening import Contact, Notice
from shopwatch.domain.source import Options
from shopwatch.providers.kit.account import Account, first_of, member, of_items
from shopwatch.providers.kit.bodies import json_or_list, query
from shopwatch.providers.kit.check import Check, Choice, FirstOf
from shopwatch.providers.kit.notices import clipped, in_words
from shopwatch.providers.kit.options import Option
from shopwatch.providers.kit.reading import (
    MOST_ITEMS,
    Meaning,
    Message,
    answered,
    api_call,
    find,
    ident,
    joined,
    moment,
    said,
    text,
)
from shopwatch.providers.kit.recipe import HeaderNames, Recipe
from shopwatch.providers.kit.sample import Sample
from shopwatch.providers.kit.signature import BASE64, HEX, HmacSha256, SecretFirst, fingerprint
from shopwatch.providers.kit.token import in_query
from shopwatch.providers.provider import Assurance, PracticeDraft, Provider, SetupWords

_V3 = "X-HubSpot-Signature-v3"
_VERSION = "X-HubSpot-Signature-Version"
_CHANGES = "changes"
_CONTACTS = "0-1"
"""The object type of contacts, where a subscription is of any object."""

# The escapes that are undone before the address is signed, and no others; none of HubSpot's own libraries does it.
_UNDONE = dict(zip("%3A %2F %3F %40 %21 %24 %27 %28 %29 %2A %2C %3B".split(), ":/?@!$'()*,;", strict=True))
_ESCAPES = re.compile("|".join(_UNDONE))


def _signed_v1(request: Request, _timestamp: str) -> Iterable[bytes]:
    """The body alone, so that nothing that stands elsewhere may be read."""
    return (request.body,) if request.method == "POST" else ()


def _signed_v2(request: Request, _timestamp: str) -> Iterable[bytes]:
    return _signed_whole(request, request.url, "")


def _signed_v3(request: Request, timestamp: str) -> Iterable[bytes]:
    return _signed_whole(request, _ESCAPES.sub(lambda escape: _UNDONE[escape[0]], request.url), timestamp)


def _signed_whole(request: Request, url: str, timestamp: str) -> Iterable[bytes]:
    """Nothing parts the address from the body, so a message in the address may have no body into which it could run."""
    if request.method == "GET" and request.body:
        return ()
    return (f"{request.method}{url}".encode("utf-8", "surrogatepass") + request.body + timestamp.encode(),)


_OLDER = HeaderNames(signature="X-HubSpot-Signature", required=(_VERSION,))
_OLDER_RECIPES = {
    "v1": Recipe((_OLDER,), _signed_v1, {"": SecretFirst("sha256", HEX)}),
    "v2": Recipe((_OLDER,), _signed_v2, {"": SecretFirst("sha256", HEX)}),
}
_RECIPE = Recipe(
    headers=(HeaderNames(signature=_V3, timestamp="X-HubSpot-Request-Timestamp"),),
    signed=_signed_v3,
    schemes={"": HmacSha256(BASE64)},
    unit=1,
    timed=True,
)


def _by_version(request: Request) -> Check | None:
    """Version 3 wherever it is there, for it alone can grow old; an older one comes along."""
    if request.headers.only(_V3):
        return _RECIPE
    return _OLDER_RECIPES.get(request.headers.only(_VERSION) or "v1")


_IN_ADDRESS = in_query("secret")


def _parse_body(request: Request) -> dict[str, Any]:
    if request.method != "GET":
        return json_or_list(_CHANGES, request.body)
    return {name: value for name, value in query(request).items() if name != "secret"}


def _read_changes(message: Message) -> list[dict[str, Any]]:
    found = message.body.get(_CHANGES)
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _event_type(message: Message) -> str:
    return joined(*dict.fromkeys(text(each, "subscriptionType") for each in _read_changes(message)), between=",")


def _event_id(message: Message) -> str:
    """HubSpot does not promise that `eventId` is unique, so a change is known by all that tells it from others; a
    contact by the form that was sent last, and where there was none, by all of the message."""
    if changes := _read_changes(message):
        ids = [_change_id(each) for each in changes]
        return ids[0] if len(ids) == 1 else fingerprint("\n".join(ids).encode()) if all(ids) else ""
    record, form = message.body, _newest_form(message.body)
    conversion = ident(form, "conversion-id") or ident(form, "timestamp")
    return joined(ident(record, "vid"), conversion, between=":") if conversion else ""


def _change_id(change: dict[str, Any]) -> str:
    parts = [ident(change, name) for name in ("eventId", "subscriptionId", "objectId", "occurredAt")]
    return ":".join(parts) if all(parts) else ""


def _newest_form(record: dict[str, Any]) -> dict[str, Any]:
    forms = record.get("form-submissions")
    known = [each for each in forms if isinstance(each, dict)] if isinstance(forms, list) else []
    return max(known, key=lambda each: moment(each, "timestamp", otherwise=0), default={})


def _read_message(message: Message) -> Meaning | None:
    changes = _read_changes(message)
    if not changes:
        return _read_contact(message)
    at = max(moment(each, "occurredAt", otherwise=0) for each in changes) or message.at
    return _read_change(changes[0], at) if len(changes) == 1 else _read_several_changes(changes, at)


def _read_contact(message: Message) -> Meaning | None:
    """A workflow sends the whole record, each property an object with its `value`, or the properties that the owner
    chose, side by side. HubSpot's own reckonings (hs_…) are left out."""
    record, form = message.body, _newest_form(message.body)
    held = find(record, "properties")
    properties = {name: _read_value(value) for name, value in (held if isinstance(held, dict) else record).items()}
    contact = Contact(
        contact_id=ident(record, "vid") or ident(record, "objectId") or ident(properties, "hs_object_id"),
        name=joined(text(properties, "firstname"), text(properties, "lastname")),
        email=text(properties, "email"),
        phone=text(properties, "phone") or text(properties, "mobilephone"),
        company=text(properties, "company"),
        form=text(form, "title"),
        fields=answered((name, value) for name, value in properties.items() if not name.startswith("hs_")),
    )
    if not contact.fields:
        return None
    return Meaning(Kind.CONTACT, None, moment(form, "timestamp", otherwise=message.at), happening=contact)


def _read_value(held: Any) -> Any:
    return held.get("value") if isinstance(held, dict) else held


def _read_change(change: dict[str, Any], at: Instant) -> Meaning:
    """One change. Of a contact it tells who only by number; the rest must be asked for."""
    kind_of, object_id = text(change, "subscriptionType"), ident(change, "objectId")
    if not kind_of.startswith("contact.") and ident(change, "objectTypeId") != _CONTACTS:
        return Meaning(Kind.NOTICE, None, at, happening=Notice(in_words(kind_of), _in_short(change)))
    name, value = text(change, "propertyName"), change.get("propertyValue")
    contact = Contact(
        contact_id=object_id,
        email=text(value) if name == "email" else "",
        phone=text(value) if name == "phone" else "",
        did=kind_of,
        fields=answered([(name, value)]),
    )
    asked = "" if "delet" in kind_of.lower() else api_call("GET /crm/v3/objects/contacts/{}", object_id)
    return Meaning(Kind.CONTACT, None, at, happening=contact, needs_fetch=asked)


def _read_several_changes(changes: list[dict[str, Any]], at: Instant) -> Meaning:
    """One notice with a line for each of the first 200 changes (HubSpot sends 100 at most), in its own words: the type,
    the object's number, the new value."""
    title = phrase_n("{n} change in HubSpot", "{n} changes in HubSpot", len(changes))
    lines = (joined(text(each, "subscriptionType"), _in_short(each)) for each in changes[:MOST_ITEMS])
    return Meaning(Kind.NOTICE, None, at, happening=Notice(title, "\n".join(lines)))


def _in_short(change: dict[str, Any]) -> str:
    name, value = text(change, "propertyName"), clipped(said(change.get("propertyValue")))
    return joined(ident(change, "objectId"), f"{name}: {value}" if name else "")


def _draft_message(_kind: Kind, sample: Sample, at: Instant) -> PracticeDraft:
    vid = int(sample.digits("contact", 8))
    properties = {
        "email": sample.email,
        "firstname": sample.first,
        "lastname": sample.last,
        "phone": f"+1212555{sample.digits('phone', 4)}",
        "company": f"{sample.last} Events",
        "lifecyclestage": "lead",
        "message": f"Could you make {sample.lines[0].qty} × {sample.lines[0].name.lower()} for Saturday?",
    }
    record = {
        "vid": vid,
        "canonical-vid": vid,
        "portal-id": 62515,
        "is-contact": True,
        "properties": {name: {"value": value, "versions": []} for name, value in properties.items()},
        "form-submissions": [
            {
                "conversion-id": sample.uuid("conversion"),
                "timestamp": at,
                "form-id": "f0f0f0f0-0000-4000-8000-00000000000a",
                "portal-id": 62515,
                "title": "Contact us",
                "page-url": "https://flowers.example.com/contact",
            }
        ],
        "identity-profiles": [{"vid": vid, "identities": [{"type": "EMAIL", "value": sample.email, "timestamp": at}]}],
    }
    return PracticeDraft(json.dumps(record, separators=(",", ":")).encode(), str(vid))


_SECRET_IN = Option(
    "secret_in",
    "Where its secret stands",
    "Without an app HubSpot signs nothing. Then ShopWatch makes a secret that stands in the address; leave “Use "
    "request signature” off.",
    choices=("app", "address"),
    named=("In your HubSpot app", "In the address"),
)


class HubSpot(Provider):
    """Owners without an app have the secret in the address, because nothing is signed then."""

    __slots__ = ()

    def described(self, options: Options) -> Provider:
        return _WITHOUT_APP if options.get(_SECRET_IN.key) == "address" else self


_WITH_APP = Provider(
    id="hubspot",
    name="HubSpot",
    tile="Hu",
    setup=SetupWords(
        does="Contacts from forms, and their changes",
        settings_url="https://app.hubspot.com/workflows",
        menu="Send a webhook",
        secret_menu="Auth",
        address_label="Webhook URL",
        secret_label="Client secret",
        events=("Form submission",),
        api_key_prefixes=("pat-",),
        # S106 takes a sentence for a secret.
        secret_found=(
            "With an app of your own it is on its tab “Auth”; the workflow wants the ID of that app for “Use request "
            "signature”. Without one there is none to be found."
        ),
        away="HubSpot tries again for three days, at first after one minute, then ever more slowly.",
        needs="Workflows that send webhooks need a Professional or Enterprise plan.",
        sure=(
            "With an app HubSpot signs its messages, and nobody can change one or make one up without the secret. "
            "Without one they only show the secret in their address: whoever sees one could make up others."
        ),
    ),
    recipe=FirstOf((Choice(_by_version, usual=_RECIPE), _IN_ADDRESS)),
    reads=_parse_body,
    methods=("POST", "GET"),
    redact=_IN_ADDRESS.redact,
    event_id=_event_id,
    event_type=_event_type,
    readers={},
    otherwise=_read_message,
    account=Account(first_of(member("portal-id"), of_items(_CHANGES, "portalId")), "Hub ID"),
    draft=_draft_message,
    practises=(Kind.CONTACT,),
    retries_for=3 * DAY,
    options=(_SECRET_IN,),
)

_WITHOUT_APP = replace(
    _WITH_APP, setup=replace(_WITH_APP.setup, secret_found="", sure=""), assurance=Assurance.TOKEN, ending="?secret="
)

HUBSPOT = HubSpot(**{each.name: getattr(_WITH_APP, each.name) for each in fields(_WITH_APP)})
