"""Calendly: who books, and who cancels. Facts: developer.calendly.com (webhook signatures, webhook payloads)."""

import json

from shopwatch.domain.instant import DAY, MINUTE, Instant
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.messages.happening import Contact
from shopwatch.providers.kit.reading import Meaning, Message, answered, as_sent, find, ident, joined, moment, text
from shopwatch.providers.kit.recipe import HeaderNames, Recipe
from shopwatch.providers.kit.sample import Sample, iso
from shopwatch.providers.kit.signature import HEX, HmacSha256
from shopwatch.providers.provider import PracticeDraft, Provider, SetupWords


def _event_id(message: Message) -> str:
    """A reschedule is a cancellation and a new booking, each with a `uri` of its own."""
    uri = ident(message.body, "payload", "uri")
    return joined(message.type, uri, between=":") if uri else ""


def _read_contact(message: Message) -> Meaning | None:
    """Somebody booked, cancelled, did not come or filled in a form; the rest is nothing about a person."""
    told = find(message.body, "payload")
    asked = find(told, "questions_and_answers")
    questions = [each for each in asked if isinstance(each, dict)] if isinstance(asked, list) else []
    appointment = [("start_time", find(told, "scheduled_event", "start_time")), ("timezone", find(told, "timezone"))]
    # Not counted: whoever took it for the owner, Stripe or PayPal, tells of it, too.
    paid = find(told, "payment")
    payment = [
        ("payment", as_sent(find(paid, "amount"), find(paid, "currency"), minor=False)),
        ("payment.successful", find(paid, "successful")),
    ]
    contact = Contact(
        contact_id=ident(told, "uri"),
        name=text(told, "name"),
        email=text(told, "email"),
        phone=text(told, "text_reminder_number"),
        form=text(told, "scheduled_event", "name"),
        did=message.type,
        fields=answered(
            [
                *((text(each, "question"), each.get("answer")) for each in questions),
                *appointment,
                *(payment if paid is not None else ()),
            ]
        ),
    )
    if not (contact.name or contact.email or questions):
        return None
    return Meaning(Kind.CONTACT, None, moment(message.body, "created_at", otherwise=message.at), happening=contact)


def _draft_message(_kind: Kind, sample: Sample, at: Instant) -> PracticeDraft:
    event, invitee = sample.uuid("appointment"), sample.uuid("invitee")
    uri = f"https://api.calendly.com/scheduled_events/{event}/invitees/{invitee}"
    body = {
        "event": "invitee.created",
        "created_at": iso(at),
        "created_by": "https://api.calendly.com/users/AAAA",
        "payload": {
            "name": sample.name,
            "email": sample.email,
            "status": "active",
            "text_reminder_number": f"+1 212-555-{sample.digits('phone', 4)}",
            "timezone": "America/New_York",
            "uri": uri,
            "questions_and_answers": [
                {"question": "What would you like to talk about?", "answer": f"{sample.lines[0].name} for a wedding"}
            ],
            "scheduled_event": {"name": "Visit to the workshop", "start_time": iso(at + 3 * DAY)},
        },
    }
    return PracticeDraft(json.dumps(body, separators=(",", ":")).encode(), uri)


CALENDLY = Provider(
    id="calendly",
    name="Calendly",
    tile="Ca",
    setup=SetupWords(
        does="Appointments that are booked or cancelled, and what was paid for them",
        settings_url="https://calendly.com/integrations/api_webhooks",
        menu="API & Webhooks",
        address_label="url",
        secret_label="Signing key",
        events=("invitee.created", "invitee.canceled"),
        secret_found="It is the signing key given when the webhook subscription was made.",
        away="Calendly tries again for a day; after that it stops sending, and the subscription must be made anew.",
        needs="Webhooks need a paid plan.",
    ),
    recipe=Recipe(
        headers=(HeaderNames(signature="Calendly-Webhook-Signature"),),
        signed=b"%(timestamp)b.%(body)b",
        schemes={"v1": HmacSha256(HEX)},
        between=",",
        timestamp_entry="t",
        # The documentation's own sample allows no more.
        past=3 * MINUTE,
    ),
    event_id=_event_id,
    event_type="event",
    readers={},
    otherwise=_read_contact,
    draft=_draft_message,
    practises=(Kind.CONTACT,),
    retries_for=DAY,
)
