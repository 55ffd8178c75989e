"""Zoom. Facts: developers.zoom.us/docs/api/webhooks and the events' reference there.

Zoom's own library checks the JSON as written anew, and so refuses genuine messages; the raw bytes are what is signed.
"""

import json

from shopwatch.domain.i18n import Phrase, phrase
from shopwatch.domain.instant import HOUR, MINUTE, Instant
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.messages.verdict import Answer
from shopwatch.providers.kit.notices import in_words, notice
from shopwatch.providers.kit.reading import Meaning, Message, find, joined, moment, text
from shopwatch.providers.kit.recipe import HeaderNames, Recipe
from shopwatch.providers.kit.sample import Sample, iso
from shopwatch.providers.kit.signature import HEX, HmacSha256
from shopwatch.providers.provider import PracticeDraft, Provider, SetupWords

_VALIDATION = "endpoint.url_validation"


def _answer_challenge(message: Message, held: tuple[str, ...]) -> Answer | None:
    plain = find(message.body, "payload", "plainToken")
    if message.type != _VALIDATION or not isinstance(plain, str) or not held:
        return None
    encrypted = HmacSha256(HEX).sign(held[0], plain.encode("utf-8", "replace"))
    return Answer(200, json.dumps({"plainToken": plain, "encryptedToken": encrypted}).encode(), "application/json")


def _read_message(message: Message) -> Meaning | None:
    if not message.type or message.type == _VALIDATION:
        return None
    told = find(message.body, "payload", "object")
    person = find(told, "registrant") or find(told, "participant")
    name = joined(text(person, "first_name"), text(person, "last_name")) or text(person, "user_name")
    return notice(
        message,
        _event_title(message.type, text(told, "topic"), name),
        name=name,
        email=text(person, "email"),
        phone=text(person, "phone") or text(person, "phone_number"),
        at=moment(message.body, "event_ts", otherwise=message.at),
    )


def _event_title(event: str, topic: str, name: str) -> str | Phrase:
    match event.partition(".")[2]:
        case "started":
            return phrase("Meeting started: {topic}", topic=topic)
        case "ended":
            return phrase("Meeting ended: {topic}", topic=topic)
        case "created":
            return phrase("Meeting planned: {topic}", topic=topic)
        case "deleted":
            return phrase("Meeting called off: {topic}", topic=topic)
        case "participant_joined" if name:
            return phrase("{name} joined {topic}", name=name, topic=topic)
        case "participant_left" if name:
            return phrase("{name} left {topic}", name=name, topic=topic)
        case "registration_created":
            return phrase("New registration: {topic}", topic=topic)
        case "completed" if event.startswith("recording."):
            return phrase("Recording ready: {topic}", topic=topic)
    return f"{in_words(event)}: {topic}" if topic else in_words(event)


def _draft_message(_kind: Kind, sample: Sample, at: Instant) -> PracticeDraft:
    body = {
        "event": "meeting.ended",
        "event_ts": at,
        "payload": {
            "account_id": "Bl0omAcc0unt",
            "object": {
                "id": sample.digits("meeting", 11),
                "uuid": sample.letters("uuid", 22) + "==",
                "host_id": "Bl0omH0st",
                "topic": f"Wedding flowers with {sample.name}",
                "type": 2,
                "start_time": iso(at - 30 * MINUTE),
                "end_time": iso(at),
                "timezone": "Europe/London",
                "duration": 30,
            },
        },
    }
    return PracticeDraft(json.dumps(body, separators=(",", ":")).encode(), "")


ZOOM = Provider(
    id="zoom",
    name="Zoom",
    tile="Zo",
    setup=SetupWords(
        does="Meetings, registrations and recordings",
        settings_url="https://marketplace.zoom.us/",
        menu="Manage › your app › Feature",
        address_label="Event notification endpoint URL",
        secret_label="Secret Token",
        events=("meeting.started", "meeting.ended", "meeting.registration_created", "recording.completed"),
        secret_found="It is on your app’s page “Feature” (in older apps “Access”).",
        away="Zoom tries again after 5, 20 and 60 minutes.",
        needs="You need an app of your own on Zoom’s marketplace; it need not be published.",
    ),
    recipe=Recipe(
        headers=(HeaderNames("x-zm-signature", "x-zm-request-timestamp"),),
        signed=b"v0:%(timestamp)b:%(body)b",
        schemes={"": HmacSha256(HEX, prefix=b"v0=")},
        # Zoom names no limit, and does not say whether its last try, 85 minutes after the first, has a time of its own.
        past=2 * HOUR,
    ),
    event_type="event",
    ping_reply=_answer_challenge,
    readers={},
    otherwise=_read_message,
    draft=_draft_message,
    practises=(Kind.NOTICE,),
    retries_for=85 * MINUTE,
)
