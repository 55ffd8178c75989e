"""Foursquare: check-ins. Facts: docs.foursquare.com (real-time view, server webhooks).

Its older push shows a secret in a form; webhooks of the Movement SDK show it in a header.
"""

import json
from typing import Any
from urllib.parse import urlencode

from shopwatch.domain.i18n import phrase
from shopwatch.domain.instant import SECOND, Instant
from shopwatch.domain.messages.delivery import Request
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.messages.happening import CheckIn
from shopwatch.domain.source import Options
from shopwatch.providers.kit.bodies import form, is_form, json_object
from shopwatch.providers.kit.check import FirstOf
from shopwatch.providers.kit.notices import notice
from shopwatch.providers.kit.reading import Meaning, Message, find, ident, joined, moment, parse, text
from shopwatch.providers.kit.sample import Sample
from shopwatch.providers.kit.token import Mask, in_form, in_header
from shopwatch.providers.provider import Assurance, PracticeDraft, Provider, SetupWords

_PUSHED = ("checkin", "like", "tip", "photo")
_IN_FORM, _IN_HEADER = in_form("secret"), in_header("Pilgrim-Secret")


def _redact_message(request: Request, options: Options, mask: Mask) -> Request:
    return _IN_HEADER.redact(_IN_FORM.redact(request, options, mask), options, mask)


def _parse_body(request: Request) -> dict[str, Any]:
    """A push is a form of JSON objects; its secret is not part of what it says."""
    if not is_form(request):
        return json_object(request)
    fields = form(request)
    return {name: parse(fields[name].encode("utf-8", "surrogatepass")) for name in (*_PUSHED, "user") if name in fields}


def _event_type(message: Message) -> str:
    pushed = next((name for name in _PUSHED if name in message.body), "")
    return pushed or text(message.body, "eventType")


def _event_id(message: Message) -> str:
    return ident(message.body, message.type, "id") if message.type in _PUSHED else ""


def _check_in(message: Message) -> Meaning | None:
    check_in = find(message.body, "checkin")
    check_in_id = ident(check_in, "id")
    if not check_in_id:
        return None
    user = find(message.body, "user") or find(check_in, "user")
    happening = CheckIn(
        check_in_id=check_in_id,
        place=text(check_in, "venue", "name"),
        name=_read_name(user),
        email=text(user, "contact", "email"),
        phone=text(user, "contact", "phone"),
        remark=text(check_in, "shout"),
    )
    return Meaning(Kind.CHECK_IN, None, moment(check_in, "createdAt", otherwise=message.at), happening=happening)


def _read_name(user: Any) -> str:
    return joined(text(user, "firstName"), text(user, "lastName"))


def _read_arrival(message: Message) -> Meaning | None:
    """A guest of the owner's own app came to a place; Foursquare knows them by the app's name for them."""
    place, guest = text(message.body, "venue", "name"), text(message.body, "userId")
    if not place:
        return None
    at = moment(message.body, "timestamp", otherwise=message.at)
    return Meaning(Kind.CHECK_IN, None, at, happening=CheckIn(f"{guest}:{at}", place, guest))


def _about(message: Message) -> Meaning | None:
    """What people left at a place of the owner's, in their own words where there are some."""
    left = find(message.body, message.type)
    title = {
        "like": phrase("Somebody likes your place on Foursquare"),
        "tip": phrase("Somebody wrote about your place on Foursquare"),
        "photo": phrase("Somebody shows a picture of your place on Foursquare"),
    }[message.type]
    person = _read_name(find(left, "user")) or _read_name(find(message.body, "user"))
    return notice(message, title, text(left, "text"), name=person, at=moment(left, "createdAt", otherwise=message.at))


def _draft_message(_kind: Kind, sample: Sample, at: Instant) -> PracticeDraft:
    user = {"id": sample.digits("user", 7), "firstName": sample.first, "lastName": sample.last}
    check_in = {
        "id": sample.digits("check-in", 24),
        "createdAt": at // SECOND,
        "type": "checkin",
        "timeZoneOffset": -240,
        "shout": f"Smells of {sample.lines[0].name.lower()}",
        "user": user,
        "venue": {
            "id": "4ab7e57cf964a5205f7b20e3",
            "name": "Bloom Flowers",
            "location": {"address": "1 Main St", "lat": 40.72, "lng": -73.99, "city": "New York", "cc": "US"},
        },
    }
    fields = {"checkin": json.dumps(check_in), "user": json.dumps(user | {"contact": {"email": sample.email}})}
    return PracticeDraft(
        urlencode(fields).encode(),
        str(check_in["id"]),
        headers={"User-Agent": "FoursquarePush/1.0"},
        content_type="application/x-www-form-urlencoded",
    )


FOURSQUARE = Provider(
    id="foursquare",
    name="Foursquare",
    tile="4q",
    setup=SetupWords(
        does="Check-ins at your place (legacy push)",
        settings_url="https://foursquare.com/developers/apps",
        menu="Push API notifications",
        address_label="Push URL",
        secret_label="Push secret",
        events=("Push checkins by users",),
        secret_found="It is on your app’s page, below “Push API notifications”.",
        away="Foursquare does not send a check-in again.",
        needs="You need a Foursquare app with push switched on, or an account for the Movement SDK.",
    ),
    recipe=FirstOf((_IN_FORM, _IN_HEADER)),
    assurance=Assurance.TOKEN,
    redact=_redact_message,
    reads=_parse_body,
    event_id=_event_id,
    event_type=_event_type,
    readers={"checkin": _check_in, "arrival": _read_arrival, "like": _about, "tip": _about, "photo": _about},
    draft=_draft_message,
    practises=(Kind.CHECK_IN,),
)
