"""Meta: Facebook pages, Instagram, WhatsApp. Facts: developers.facebook.com, "Getting started" with webhooks of the
Graph API, and the payload examples of the WhatsApp Business Platform.

Meta signs the text as it sends it, letters beyond ASCII as \\u escapes: the raw bytes.
"""

import json
from typing import Any

from shopwatch.domain.i18n import Phrase, phrase
from shopwatch.domain.instant import Instant
from shopwatch.domain.messages.delivery import Request
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.messages.happening import TextMessage
from shopwatch.domain.messages.verdict import Answer, Challenge, Reason, Rejected, Verdict
from shopwatch.domain.source import Options, Secrets
from shopwatch.providers.kit.bodies import asked
from shopwatch.providers.kit.notices import in_words, notice, particulars
from shopwatch.providers.kit.options import Option
from shopwatch.providers.kit.reading import (
    LONGEST_ANSWER,
    MOST_ITEMS,
    Meaning,
    Message,
    api_call,
    as_sent,
    find,
    ident,
    joined,
    moment,
    text,
)
from shopwatch.providers.kit.recipe import HeaderNames, Recipe
from shopwatch.providers.kit.sample import Sample
from shopwatch.providers.kit.signature import HEX, HmacSha256
from shopwatch.providers.kit.token import equals_any
from shopwatch.providers.provider import PracticeDraft, Provider, SetupWords

VERIFY_TOKEN = "verify_token"  # noqa: S105 - the option's name
_WHATSAPP = "whatsapp_business_account"


def _answer_handshake(request: Request, _secrets: Secrets, options: Options) -> Verdict | None:
    """Saving the address there has Meta ask for it, with the word that was agreed."""
    if request.method != "GET":
        return None
    hub = asked(request)
    agreed = equals_any((options.get(VERIFY_TOKEN, ""),), hub.get("hub.verify_token", ""))
    if not agreed or hub.get("hub.mode") != "subscribe" or "hub.challenge" not in hub:
        return Rejected(Reason.HANDSHAKE)
    return Challenge(Answer(200, hub["hub.challenge"].encode("utf-8", "replace")))


def _first_of(value: Any, name: str) -> Any:
    found = find(value, name)
    return found[0] if isinstance(found, list) and found else None


def _read_change(message: Message) -> Any:
    return _first_of(_first_of(message.body, "entry"), "changes")


def _read_chat(message: Message) -> Any:
    return _first_of(_first_of(message.body, "entry"), "messaging")


def _event_type(message: Message) -> str:
    """The changed field, or what a chat brings: "leadgen", "feed", "messages"."""
    chat = _read_chat(message)
    kinds = (each for each in ("message", "postback", "delivery", "read", "reaction") if find(chat, each) is not None)
    return text(_read_change(message), "field") or next(kinds, "")


def _read_message(message: Message) -> Meaning | None:
    match text(message.body, "object"), message.type:
        case _, "":
            return None
        case "whatsapp_business_account", "messages":
            return _read_whatsapp(message)
        case _, "leadgen":
            return _read_lead(message)
        case where, "message":
            return _read_direct_message(message, where)
        case where, "comments" | "feed":
            return _read_comment(message, where)
        case _, "delivery" | "read":
            return None
    title = phrase("{event} at Meta", event=in_words(message.type))
    return _make_notice(message, title, particulars(find(_read_change(message), "value")))


def _make_notice(
    message: Message, title: str | Phrase, more: str = "", *, name: str = "", needs_fetch: str = ""
) -> Meaning:
    at = moment(_first_of(message.body, "entry"), "time", otherwise=message.at)
    return notice(message, title, more, name=name, at=at, needs_fetch=needs_fetch)


def _read_lead(message: Message) -> Meaning:
    """Only the numbers of lead and form are told; the answers must be asked for."""
    lead = ident(find(_read_change(message), "value"), "leadgen_id")
    title = phrase("New lead from a form on Facebook")
    return _make_notice(message, title, needs_fetch=api_call("GET /{}", lead))


def _read_whatsapp(message: Message) -> Meaning | None:
    """What a customer wrote; the states of messages that were sent to them are no news."""
    value = find(_read_change(message), "value")
    written = _first_of(value, "messages")
    phone = text(written, "from")
    if not phone:
        return None
    happening = TextMessage(
        message_id=ident(written, "id"),
        phone=f"+{phone.removeprefix('+')}",
        to=text(value, "metadata", "display_phone_number"),
        text=_message_text(written)[:LONGEST_ANSWER] or in_words(text(written, "type")),
        name=text(_first_of(value, "contacts"), "profile", "name"),
    )
    at = moment({"at": _parse_seconds(find(written, "timestamp"))}, "at", otherwise=message.at)
    return Meaning(Kind.MESSAGE, None, at, happening=happening)


def _message_text(written: Any) -> str:
    """The words of it; of an order its lines, of a reaction its sign."""
    match text(written, "type"):
        case "order":
            lines = find(written, "order", "product_items")
            ordered = [each for each in lines[:MOST_ITEMS] if isinstance(each, dict)] if isinstance(lines, list) else []
            return joined(text(written, "order", "text"), *map(_item_line, ordered), between="\n")
        case "reaction":
            return text(written, "reaction", "emoji")
        case _:
            return text(written, "text", "body", most=LONGEST_ANSWER)


def _item_line(ordered: dict[str, Any]) -> str:
    """ "3 × HAMBURGER, 30 ILS": how many, the shop's own name for it, and the price of one as it was sent."""
    price = as_sent(ordered.get("item_price"), ordered.get("currency"), minor=False)
    count = ordered.get("quantity")
    how_many = f"{count} ×" if type(count) is int else ""
    return joined(joined(how_many, ident(ordered, "product_retailer_id")), price, between=", ")


def _parse_seconds(value: Any) -> Any:
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 16 else value


def _read_direct_message(message: Message, where: str) -> Meaning | None:
    written = find(_read_chat(message), "message")
    if find(written, "is_echo") is True:
        return None
    title = phrase("New message on Instagram") if where == "instagram" else phrase("New message on Messenger")
    return _make_notice(message, title, text(written, "text"))


def _read_comment(message: Message, where: str) -> Meaning | None:
    value = find(_read_change(message), "value")
    if text(value, "verb") in ("remove", "edited", "hide"):
        return None
    place = "Instagram" if where == "instagram" else "Facebook"
    title = phrase("New comment on {place}", place=place)
    if message.type == "feed" and text(value, "item") != "comment":
        title = phrase("Something new on your page on {place}", place=place)
    name = text(value, "from", "name") or text(value, "from", "username")
    return _make_notice(message, title, text(value, "message") or text(value, "text"), name=name)


def _draft_message(kind: Kind, sample: Sample, at: Instant) -> PracticeDraft:
    if kind is Kind.MESSAGE:
        return _draft_entry(_WHATSAPP, _draft_whatsapp(sample, at))
    page = sample.digits("page", 15)
    value = {
        "leadgen_id": sample.digits("lead", 16),
        "page_id": page,
        "form_id": sample.digits("form", 16),
        "created_time": at // 1000,
    }
    return _draft_entry("page", {"id": page, "time": at // 1000, "changes": [{"field": "leadgen", "value": value}]})


def _draft_whatsapp(sample: Sample, at: Instant) -> dict[str, Any]:
    phone = f"447700{sample.digits('phone', 6)}"
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "442079460000", "phone_number_id": "106540352242922"},
        "contacts": [{"profile": {"name": sample.name}, "wa_id": phone}],
        "messages": [
            {
                "from": phone,
                "id": f"wamid.{sample.letters('message', 40)}",
                "timestamp": str(at // 1000),
                "text": {"body": f"Hello, is {sample.lines[0].name.lower()} still there for Saturday?"},
                "type": "text",
            }
        ],
    }
    return {"id": sample.digits("account", 15), "changes": [{"value": value, "field": "messages"}]}


def _draft_entry(about: str, entry: dict[str, Any]) -> PracticeDraft:
    return PracticeDraft(json.dumps({"object": about, "entry": [entry]}, separators=(",", ":")).encode(), "")


META = Provider(
    id="meta",
    name="Meta",
    tile="Me",
    setup=SetupWords(
        does="Leads, comments and messages of Facebook, Instagram and WhatsApp",
        settings_url="https://developers.facebook.com/apps/",
        menu="Webhooks",
        secret_menu="App settings › Basic",
        address_label="Callback URL",
        secret_label="App secret",
        events=("leadgen", "feed", "messages"),
        save="Verify and save",
        secret_found="It is on your app’s page “App settings › Basic”.",
        away="Meta tries again for a while. Leads stay to be read in your Business Suite.",
        needs="You need an app of your own at Meta, and a word of your choice that Meta calls the verify token.",
    ),
    recipe=Recipe(
        headers=(HeaderNames("X-Hub-Signature-256"),),
        signed=b"%(body)b",
        schemes={"": HmacSha256(HEX, prefix=b"sha256=")},
    ),
    event_type=_event_type,
    handshake=_answer_handshake,
    readers={},
    otherwise=_read_message,
    draft=_draft_message,
    practises=(Kind.NOTICE, Kind.MESSAGE),
    options=(Option(VERIFY_TOKEN, "Verify token", "Any word; type the same here and at Meta.", required=True),),
    # 36 hours are told, but not by Meta.
    retries_for=None,
)
