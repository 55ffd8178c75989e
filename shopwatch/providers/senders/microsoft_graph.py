"""Microsoft Graph. Facts: microsoft-graph-docs-contrib, change-notifications-delivery-webhooks, and the pages on
lifecycle notifications and subscriptions.

Nothing is signed: each notification shows the `clientState` that was chosen when the subscription was made.
"""

import json
from dataclasses import dataclass
from typing import Any

from msgspec.structs import replace

from shopwatch.domain.i18n import Phrase, phrase, phrase_n
from shopwatch.domain.instant import HOUR, Instant
from shopwatch.domain.messages.delivery import Request
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.messages.verdict import Answer, Challenge, Reason, Rejected
from shopwatch.domain.source import NO_OPTIONS, Options, Secrets
from shopwatch.providers.kit.bodies import asked
from shopwatch.providers.kit.check import Signed
from shopwatch.providers.kit.notices import in_words, notice
from shopwatch.providers.kit.reading import Meaning, Message, Unreadable, find, parse, text
from shopwatch.providers.kit.sample import Sample, iso
from shopwatch.providers.kit.token import REDACTED, Mask, equals_any
from shopwatch.providers.provider import Assurance, PracticeDraft, Provider, SetupWords

_MOST_SHOWN = 1_000
"""Notifications in one message; Microsoft sends far fewer at a time."""


@dataclass(frozen=True, slots=True)
class ClientState:
    """Every notification in the message shows one of the secrets, for a message may serve several subscriptions."""

    def applies(self, request: Request) -> bool:
        return bool(_shown_secrets(request))

    def check(self, request: Request, secrets: Secrets, now: Instant, _options: Options) -> Signed | Rejected:
        shown = _shown_secrets(request)
        if not shown or not all(shown):
            return Rejected(Reason.TOKEN_MISSING)
        held = secrets.at(now)
        # Each of them is compared, so that the time tells nothing of where the first wrong one stands.
        fitting = [equals_any(held, each) for each in dict.fromkeys(shown)]
        return Signed(now) if all(fitting) else Rejected(Reason.TOKEN_MISMATCH)

    def sign(self, request: Request, secret: str, _at: Instant, _message_id: str, _options: Options) -> Request | None:
        return _with_state(request, lambda _: secret) if secret else None

    def redact(self, request: Request, _options: Options = NO_OPTIONS, mask: Mask = lambda _: REDACTED) -> Request:
        """`request` as it may be kept: with the secret covered."""
        return _with_state(request, mask) if any(_shown_secrets(request)) else request


def _read_notifications(body: Any) -> list[Any]:
    found = find(body, "value")
    return found if isinstance(found, list) and len(found) <= _MOST_SHOWN else []


def _shown_secrets(request: Request) -> list[str]:
    """What each notification shows, empty where it shows nothing."""
    try:
        found = (find(each, "clientState") for each in _read_notifications(parse(request.body)))
        return [each if isinstance(each, str) else "" for each in found]
    except Unreadable:
        return []


def _with_state(request: Request, mask: Mask) -> Request:
    try:
        body = json.loads(request.body)
        for each in _read_notifications(body):
            if isinstance(each, dict):
                each["clientState"] = mask(str(each.get("clientState", "")))
        return replace(request, body=json.dumps(body, separators=(",", ":")).encode())
    except (ValueError, RecursionError):
        return request


def _answer_handshake(request: Request, _secrets: Secrets, _options: Options) -> Challenge | None:
    """Whoever makes a subscription has Microsoft ask for its token back, once and as text."""
    if request.method != "POST" or "validationToken=" not in request.url:
        return None
    token = asked(request).get("validationToken")
    return Challenge(Answer(200, token.encode("utf-8", "replace"))) if token else None


def _event_type(message: Message) -> str:
    first = next(iter(_read_notifications(message.body)), None)
    return text(first, "changeType") or text(first, "lifecycleEvent")


def _read_message(message: Message) -> Meaning | None:
    told = _read_notifications(message.body)
    if not told:
        return None
    needed = _describe_care(text(told[0], "lifecycleEvent"))
    if needed:
        return notice(message, needed)
    about = text(told[0], "resourceData", "@odata.type").rpartition(".")[2]
    others = len(told) - 1
    more = phrase_n("and {n} more change", "and {n} more changes", others) if others else ""
    return notice(message, _event_title(about, message.type), more or text(told[0], "resource"))


def _describe_care(event: str) -> str | Phrase:
    match event:
        case "":
            return ""
        case "reauthorizationRequired":
            return phrase("Microsoft asks you to renew its messages")
        case "subscriptionRemoved":
            return phrase("Microsoft has stopped sending messages")
        case "missed":
            return phrase("Microsoft could not deliver some messages")
    return in_words(event)


def _event_title(about: str, change: str) -> Phrase:
    match about.lower(), change:
        case "message", "created":
            return phrase("New e-mail in Microsoft 365")
        case "event", "created":
            return phrase("New appointment in Microsoft 365")
        case "contact", "created":
            return phrase("New contact in Microsoft 365")
        case "chatmessage", "created":
            return phrase("New message in Microsoft Teams")
        case "driveitem", _:
            return phrase("Files changed in Microsoft 365")
    return phrase("{event} in Microsoft 365", event=in_words(f"{about} {change}"))


def _draft_message(_kind: Kind, sample: Sample, at: Instant) -> PracticeDraft:
    user, mail = sample.uuid("user"), sample.letters("mail", 40)
    resource = f"Users/{user}/Messages/{mail}"
    told = {
        "subscriptionId": sample.uuid("subscription"),
        "subscriptionExpirationDateTime": iso(at + 48 * HOUR),
        "changeType": "created",
        "resource": resource,
        "tenantId": "84bd8158-6d4d-4958-8b9f-9d6445542f95",
        "resourceData": {
            "@odata.type": "#Microsoft.Graph.Message",
            "@odata.id": resource,
            "@odata.etag": f'W/"{sample.letters("etag", 30)}"',
            "id": mail,
        },
    }
    return PracticeDraft(json.dumps({"value": [told]}, separators=(",", ":")).encode(), "")


_STATE = ClientState()

MICROSOFT_GRAPH = Provider(
    id="microsoft-graph",
    name="Microsoft 365",
    tile="M",
    setup=SetupWords(
        does="New e-mails, appointments, contacts and files",
        settings_url="https://developer.microsoft.com/graph/graph-explorer",
        menu="POST /subscriptions",
        address_label="notificationUrl",
        secret_label="clientState",
        events=("me/messages", "me/events", "me/contacts"),
        save="Run query",
        secret_found="You choose it yourself, up to 128 characters. Take a long one that nobody can guess.",
        away="Microsoft tries again for up to 4 hours; after that a message is gone.",
        needs="You need to be signed in with your work account, and to renew the subscription before it ends.",
        secret_length=32,
    ),
    recipe=_STATE,
    redact=_STATE.redact,
    assurance=Assurance.TOKEN,
    event_type=_event_type,
    handshake=_answer_handshake,
    readers={},
    otherwise=_read_message,
    draft=_draft_message,
    practises=(Kind.NOTICE,),
    answer=Answer(202, b""),
    retries_for=4 * HOUR,
)
