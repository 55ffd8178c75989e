"""Mandrill (Mailchimp Transactional): what became of the shop's e-mails. Facts: mandrill.zendesk.com (introduction to
webhooks, authenticating webhook requests, webhook format); django-anymail 15.2 (its tests of the unsigned HEAD).
"""

import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from shopwatch.domain.i18n import Phrase, phrase, phrase_n
from shopwatch.domain.instant import SECOND, Instant
from shopwatch.domain.messages.delivery import Request
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.messages.happening import Notice
from shopwatch.domain.messages.verdict import Reason, Rejected, Verdict
from shopwatch.domain.source import Options, Secrets
from shopwatch.providers.kit.bodies import form, form_fields, is_form, sorted_fields
from shopwatch.providers.kit.notices import clipped, in_words
from shopwatch.providers.kit.reading import (
    LONGEST_ANSWER,
    MOST_ITEMS,
    Meaning,
    Message,
    Unreadable,
    find,
    ident,
    joined,
    moment,
    parse_any,
    text,
)
from shopwatch.providers.kit.recipe import HeaderNames, Recipe
from shopwatch.providers.kit.sample import Sample
from shopwatch.providers.kit.signature import BASE64, Hmac, fingerprint
from shopwatch.providers.provider import PracticeDraft, Provider, SetupWords

_EVENTS = "mandrill_events"
_TRIAL = urlencode({_EVENTS: "[]"}).encode()


def _signed_bytes(request: Request, _timestamp: str) -> Iterable[bytes]:
    """The address exactly as it was entered there, and the form, which has one field.

    Names and values are signed with nothing between them, and each value once, so that of several fields one could pass
    for the end of another, or come twice.
    """
    if not request.body or not is_form(request):
        return ()
    try:
        if [name for name, _ in form_fields(request.body)] != [_EVENTS]:
            return ()
        return (request.url.encode("utf-8", "surrogatepass") + sorted_fields(request.body),)
    except Unreadable:
        return ()


def _answer_handshake(request: Request, _secrets: Secrets, _options: Options) -> Verdict | None:
    """Saving the address tries it by HEAD, or by posting an empty list, signed with a key that everybody knows; its own
    key is made only afterwards."""
    return Rejected(Reason.PING) if request.method == "POST" and request.body == _TRIAL else None


def _parse_body(request: Request) -> dict[str, Any]:
    listed = parse_any(str(form(request).get(_EVENTS, "")).encode("utf-8", "surrogatepass"))
    return {_EVENTS: [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []}


def _event_type(message: Message) -> str:
    return joined(*dict.fromkeys(_event_name(each) for each in message.body[_EVENTS]), between=",")


def _event_name(told: dict[str, Any]) -> str:
    return text(told, "event") or joined(text(told, "type"), text(told, "action"), between=".")


def _event_id(message: Message) -> str:
    """`_id` is the e-mail's, which is sent, opened and clicked; so the event and its time belong to it."""
    told = [
        joined(_event_name(each), ident(each, "_id"), ident(each, "ts"), between=":") for each in message.body[_EVENTS]
    ]
    return told[0] if len(told) == 1 else fingerprint("\n".join(told).encode()) if told else ""


def _read_message(message: Message) -> Meaning | None:
    """One notice; of several events it has a line for each of the first 200, in Mandrill's words: event, e-mail
    address, subject."""
    events: list[dict[str, Any]] = message.body[_EVENTS]
    if not events:
        return None
    at = max(moment(each, "ts", otherwise=0) for each in events) or message.at
    if len(events) == 1:
        happening = _read_notice(events[0])
    else:
        title = phrase_n("{n} event of your e-mails", "{n} events of your e-mails", len(events))
        happening = Notice(title, "\n".join(map(_in_short, events[:MOST_ITEMS])))
    return Meaning(Kind.NOTICE, None, at, happening=happening)


def _in_short(told: dict[str, Any]) -> str:
    return joined(_event_name(told), _read_email(told), clipped(text(told, "msg", "subject")))


def _read_notice(told: dict[str, Any]) -> Notice:
    subject, words = text(told, "msg", "subject"), text(told, "msg", "text", most=LONGEST_ANSWER)
    return Notice(
        _event_title(_event_name(told)),
        joined(subject, words, between="\n"),
        name=text(told, "msg", "from_name") if _event_name(told) == "inbound" else "",
        email=_read_email(told),
    )


def _read_email(told: dict[str, Any]) -> str:
    """Whose address it is about: of a mail to the shop that of its sender, of a rejection list that on it."""
    if _event_name(told) == "inbound":
        return text(told, "msg", "from_email")
    return text(told, "msg", "email") or text(find(told, "reject"), "email")


def _event_title(event: str) -> str | Phrase:
    match event:
        case "send":
            return phrase("E-mail sent")
        case "delivered":
            return phrase("E-mail delivered")
        case "deferral":
            return phrase("E-mail delayed")
        case "hard_bounce" | "soft_bounce":
            return phrase("E-mail came back")
        case "reject":
            return phrase("E-mail not sent")
        case "open":
            return phrase("E-mail opened")
        case "click":
            return phrase("Link in an e-mail opened")
        case "spam":
            return phrase("E-mail marked as spam")
        case "unsub":
            return phrase("Unsubscribed from your e-mails")
        case "inbound":
            return phrase("E-mail received")
        case _:
            return in_words(event) or phrase("Something about your e-mails")


def _draft_message(_kind: Kind, sample: Sample, at: Instant) -> PracticeDraft:
    message_id = sample.uuid("message").replace("-", "")
    told = {
        "event": "hard_bounce",
        "_id": message_id,
        "ts": at // SECOND,
        "msg": {
            "_id": message_id,
            "ts": at // SECOND,
            "email": sample.email,
            "sender": "orders@flowers.example.com",
            "subject": f"Your order: {sample.lines[0].name}",
            "state": "bounced",
            "bounce_description": "bad_mailbox",
        },
    }
    body = urlencode({_EVENTS: json.dumps([told], separators=(",", ":"))}).encode()
    return PracticeDraft(body, message_id, content_type="application/x-www-form-urlencoded")


MANDRILL = Provider(
    id="mandrill",
    name="Mandrill",
    tile="Ma",
    setup=SetupWords(
        does="What became of the e-mails you sent",
        settings_url="https://mandrillapp.com/settings/webhooks",
        menu="Webhooks",
        address_label="Post To URL",
        secret_label="Key",
        events=("Message Is Bounced", "Message Is Rejected", "Message Is Marked As Spam"),
        secret_found="It stands beside the webhook in the list there, once that is saved.",
        away="Mandrill tries again by itself, and its page shows what waits.",
    ),
    recipe=Recipe((HeaderNames(signature="X-Mandrill-Signature"),), _signed_bytes, {"": Hmac("sha1", BASE64)}),
    tried_by=("HEAD",),
    handshake=_answer_handshake,
    reads=_parse_body,
    event_id=_event_id,
    event_type=_event_type,
    readers={},
    otherwise=_read_message,
    draft=_draft_message,
    practises=(Kind.NOTICE,),
    retries_for=None,
)
