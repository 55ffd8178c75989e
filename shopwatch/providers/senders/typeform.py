"""Typeform: answers to forms. Facts: typeform.com/developers/webhooks (securing, example payload)."""

import json
from typing import Any

from shopwatch.domain.instant import HOUR, Instant
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.messages.happening import Contact
from shopwatch.providers.kit.reading import (
    MOST_ITEMS,
    Meaning,
    Message,
    answered,
    find,
    ident,
    joined,
    moment,
    said,
    text,
)
from shopwatch.providers.kit.recipe import HeaderNames, Recipe
from shopwatch.providers.kit.sample import Sample, iso
from shopwatch.providers.kit.signature import BASE64, HmacSha256
from shopwatch.providers.provider import PracticeDraft, Provider, SetupWords

_ANSWERED = "form_response"
# What an owner calls the fields that say who answers, as question or as reference.
_FIRST, _LAST, _WHOLE = ("first name", "firstname"), ("last name", "lastname"), ("name", "full name", "your name")
_COMPANY = ("company", "organization")


def _event_id(message: Message) -> str:
    """The answer's own token; the states before it is sent bear the same one, and count by their event."""
    token = ident(message.body, _ANSWERED, "token")
    return token if message.type == _ANSWERED and token else ident(message.body, "event_id")


def _read_contact(message: Message) -> Meaning | None:
    """The first 200 answers under the questions that were asked, then the form's hidden fields under their names."""
    form = find(message.body, _ANSWERED)
    asked = {ident(each, "id"): text(each, "title") for each in _read_objects(find(form, "definition", "fields"))}
    answers = [
        (asked.get(ident(each, "field", "id"), ""), text(each, "field", "ref"), each)
        for each in _read_objects(find(form, "answers"))[:MOST_ITEMS]
    ]
    hidden = find(form, "hidden")
    beside = [(name, value) for name, value in hidden.items()] if isinstance(hidden, dict) else []
    named = {_plain_label(name): said(value) for name, value in beside}
    for question, reference, answer in reversed(answers):
        named |= {_plain_label(question): said(_read_value(answer)), _plain_label(reference): said(_read_value(answer))}
    contact = Contact(
        contact_id=ident(form, "token"),
        name=_find_any(named, _WHOLE) or joined(_find_any(named, _FIRST), _find_any(named, _LAST)),
        email=_first_answer(answers, "email") or named.get("email", ""),
        phone=_first_answer(answers, "phone_number") or named.get("phone", ""),
        company=_find_any(named, _COMPANY),
        form=text(form, "definition", "title"),
        did=message.type,
        fields=answered([*((question or ref, _read_value(answer)) for question, ref, answer in answers), *beside]),
    )
    if not contact.fields:
        return None
    return Meaning(Kind.CONTACT, None, moment(form, "submitted_at", otherwise=message.at), happening=contact)


def _read_objects(value: Any) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _read_value(answer: dict[str, Any]) -> Any:
    """An answer stands under the name of its type; of a choice its label counts, of a payment its amount."""
    given = answer.get(text(answer, "type"))
    if not isinstance(given, dict):
        return given
    labels = given.get("labels")
    several = [*labels, given.get("other")] if isinstance(labels, list) else []
    return several or given.get("label") or given.get("other") or given.get("amount")


def _first_answer(answers: list[tuple[str, str, dict[str, Any]]], kind: str) -> str:
    return next((text(answer, kind) for _, _, answer in answers if answer.get("type") == kind), "")


def _plain_label(label: str) -> str:
    return " ".join(label.lower().replace("_", " ").replace("-", " ").strip(" :*?.").split())


def _find_any(named: dict[str, str], labels: tuple[str, ...]) -> str:
    return next((named[label] for label in labels if named.get(label)), "")


def _draft_message(_kind: Kind, sample: Sample, at: Instant) -> PracticeDraft:
    token = sample.letters("response", 32).lower()
    asked = (
        ("f1", "name", "short_text", "Your name", "text", sample.name),
        ("f2", "email", "email", "E-mail", "email", sample.email),
        ("f3", "wish", "long_text", "What may we make for you?", "text", f"{sample.lines[0].name}, for Saturday"),
    )
    body = {
        "event_id": sample.letters("event", 26).upper(),
        "event_type": _ANSWERED,
        _ANSWERED: {
            "form_id": "lT4Z3j",
            "token": token,
            "landed_at": iso(at),
            "submitted_at": iso(at),
            "definition": {
                "id": "lT4Z3j",
                "title": "Quote request",
                "fields": [
                    {"id": field, "title": title, "type": kind, "ref": ref} for field, ref, kind, title, _, _ in asked
                ],
            },
            "answers": [
                {"type": type_, type_: value, "field": {"id": field, "type": kind, "ref": ref}}
                for field, ref, kind, _, type_, value in asked
            ],
        },
    }
    return PracticeDraft(json.dumps(body, separators=(",", ":")).encode(), token)


TYPEFORM = Provider(
    id="typeform",
    name="Typeform",
    tile="Tf",
    setup=SetupWords(
        does="Answers to your forms",
        settings_url="https://admin.typeform.com/",
        menu="Connect › Webhooks",
        address_label="Endpoint",
        secret_label="Secret",
        events=(),
        save="Save webhook",
        api_key_prefixes=("tfp_",),
        secret_found="Make up a long one and give it there too, with “Edit” beside the webhook.",
        away="Typeform tries again every few minutes for up to ten hours.",
        needs="Switch the webhook on after you saved it: it starts switched off.",
        secret_length=32,
    ),
    recipe=Recipe(
        headers=(HeaderNames(signature="Typeform-Signature"),),
        signed=b"%(body)b",
        schemes={"": HmacSha256(BASE64, prefix=b"sha256=")},
    ),
    event_id=_event_id,
    event_type="event_type",
    readers={_ANSWERED: _read_contact, "form_response_partial": _read_contact},
    draft=_draft_message,
    practises=(Kind.CONTACT,),
    retries_for=10 * HOUR,
)
