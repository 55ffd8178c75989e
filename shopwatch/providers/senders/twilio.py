"""Twilio's texts and pictures. Facts: twilio.com/docs (usage/security, webhook shared keys, messaging webhook-request),
and twilio-python 9.13 for the signature.
"""

import hashlib
import hmac
import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import takewhile
from typing import Any
from urllib.parse import parse_qs, urlencode

from shopwatch.domain.i18n import phrase
from shopwatch.domain.instant import Instant
from shopwatch.domain.messages.delivery import Request
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.messages.happening import Media, TextMessage
from shopwatch.domain.messages.verdict import Answer
from shopwatch.providers.kit.account import Account, member
from shopwatch.providers.kit.bodies import form_fields, is_form, json_or_form, query, sorted_fields
from shopwatch.providers.kit.check import Check, Choice
from shopwatch.providers.kit.notices import notice
from shopwatch.providers.kit.reading import LONGEST_ANSWER, Meaning, Message, Unreadable, ident, joined, text
from shopwatch.providers.kit.recipe import HeaderNames, Recipe
from shopwatch.providers.kit.sample import Sample
from shopwatch.providers.kit.signature import BASE64, Hmac, Scheme
from shopwatch.providers.provider import PracticeDraft, Provider, SetupWords

_SETTINGS = "X-Twilio-Webhooks-Signature-Settings"
_URL = re.compile(r"(https?)://(?:[^/?#@]*@)?([^/?#]*?)(:[0-9]*)?((?:[/?].*)?)", re.DOTALL)
_NUMBERS = ("MessageSid", "SmsSid", "CallSid")
_SID = re.compile(r"[A-Z]{2}[A-Za-z0-9]{1,64}", re.ASCII)
# A phone number, a short code or a name that stands for one, or an address of another way to write or call.
_PARTY = re.compile(r"(?:whatsapp:|rcs:)?\+?[0-9]{1,15}|[A-Za-z0-9 &+_-]{1,11}|[a-z]+:[^\s]{1,200}", re.ASCII)
_PORTS = {"http": ":80", "https": ":443"}
_MOST_MEDIA = 10
_BODY_HASH = "bodySHA256"
# The states of a text that somebody sent to the shop; all others tell how one of the shop's own fares.
_INBOUND = frozenset({"", "received", "receiving"})


def _signed_bytes(request: Request, _timestamp: str) -> Iterable[bytes]:
    """The address and what the body adds to it, with the port and without, because Twilio does it in both ways.

    A body that is no form counts only if the address names its hash, and an address that names one only with that body.
    """
    said = parse_qs(request.url.partition("?")[2], errors="replace").get(_BODY_HASH)
    if said:
        right = hashlib.sha256(request.body).hexdigest().encode()
        if not hmac.compare_digest(said[-1].encode("utf-8", "surrogatepass"), right):
            return ()
        added = b""
    elif request.method == "GET":
        if request.body:
            return ()
        added = b""
    elif request.body and is_form(request):
        try:
            if not _is_whole(form_fields(request.body)):
                return ()
            added = sorted_fields(request.body)
        except Unreadable:
            return ()
    else:
        return ()
    return [url.encode("utf-8", "surrogatepass") + added for url in _possible_addresses(request.url)]


def _is_whole(fields: tuple[tuple[str, str], ...]) -> bool:
    """Whether a form says who wrote whom, in which message or call, and everything once.

    Names and values are signed with nothing between them, and each value of a name once, so that one field could else
    pass for the end of another.
    """
    said = dict(fields)
    if len(said) != len(fields) or not all(_PARTY.fullmatch(said.get(name, "")) for name in ("From", "To")):
        return False
    numbers = [said[name] for name in _NUMBERS if name in said]
    return bool(numbers) and all(map(_SID.fullmatch, numbers))


def _possible_addresses(url: str) -> tuple[str, ...]:
    found = _URL.fullmatch(url)
    if found is None:
        return ()
    scheme, host, port, rest = found.groups()
    other = "" if port else _PORTS[scheme]
    return f"{scheme}://{host}{port or ''}{rest}", f"{scheme}://{host}{other}{rest}"


def _make_recipe(scheme: Scheme) -> Recipe:
    return Recipe((HeaderNames(signature="X-Twilio-Signature"),), _signed_bytes, {"": scheme})


_SHA1, _SHA256 = _make_recipe(Hmac("sha1", BASE64)), _make_recipe(Hmac("sha256", BASE64))
_ALGORITHMS = {"HMAC_SHA1": _SHA1, "HMAC_SHA256": _SHA256}


def _by_settings(request: Request) -> Check | None:
    """A shared key is named together with its algorithm ("key=…,algorithm=HMAC_SHA256"); the auth token has SHA-1."""
    settings = request.headers.only(_SETTINGS)
    if settings is None:
        return _SHA1
    said = dict(part.strip().partition("=")[::2] for part in settings.split(","))
    return _ALGORITHMS.get(said.get("algorithm", ""))


def _parse_body(request: Request) -> dict[str, Any]:
    return query(request) if request.method == "GET" else json_or_form(request)


def _read_status(message: Message) -> str:
    return text(message.body, "MessageStatus") or text(message.body, "SmsStatus")


def _event_id(message: Message) -> str:
    """A text keeps its id while its status changes. Calls have none here: each of their steps is another message."""
    found = ident(message.body, "MessageSid") or ident(message.body, "SmsSid")
    return joined(found, "" if message.type in _INBOUND else message.type, between=":") if found else ""


def _read_message(message: Message) -> Meaning | None:
    """A text from a customer; one of the shop's own only if it did not arrive."""
    said = message.body
    message_id = ident(said, "MessageSid") or ident(said, "SmsSid")
    if not message_id:
        return None
    if message.type in ("failed", "undelivered"):
        return notice(message, phrase("A text message did not arrive"), phone=_plain_number(text(said, "To")))
    if message.type not in _INBOUND or not (sender := _plain_number(text(said, "From"))):
        return None
    happening = TextMessage(
        message_id=message_id,
        phone=sender,
        to=_plain_number(text(said, "To")),
        text=text(said, "Body", most=LONGEST_ANSWER),
        name=text(said, "ProfileName"),
        place=joined(text(said, "FromCity"), text(said, "FromState"), text(said, "FromCountry"), between=", "),
        media=_read_media(said),
    )
    return Meaning(Kind.MESSAGE, None, message.at, happening=happening)


def _plain_number(written: str) -> str:
    """The number alone, where the message came over WhatsApp."""
    return written.removeprefix("whatsapp:")


def _read_media(said: dict[str, Any]) -> tuple[Media, ...]:
    urls = takewhile(bool, (text(said, f"MediaUrl{number}") for number in range(_MOST_MEDIA)))
    return tuple(Media(url, text(said, f"MediaContentType{number}")) for number, url in enumerate(urls))


def _draft_message(_kind: Kind, sample: Sample, _at: Instant) -> PracticeDraft:
    message_id = f"MM{sample.uuid('message').replace('-', '')}"
    asked = f"Hello, is the {sample.lines[0].name.lower()} in this picture still to be had? {sample.first}"
    fields = {
        "ToCountry": "US",
        "ToState": "NY",
        "SmsMessageSid": message_id,
        "NumMedia": "1",
        "ToCity": "NEW YORK",
        "FromZip": "10013",
        "SmsSid": message_id,
        "FromState": "NY",
        "SmsStatus": "received",
        "FromCity": "NEW YORK",
        "Body": asked,
        "FromCountry": "US",
        "To": "+12125550100",
        "NumSegments": "1",
        "MessageSid": message_id,
        "AccountSid": "AC4f8d1c0b7a2e4d6f9b3c5a7e1d2f4b6c",
        "From": f"+1212555{sample.digits('phone', 4)}",
        "MediaContentType0": "image/jpeg",
        "MediaUrl0": f"https://api.twilio.com/2010-04-01/Accounts/AC4f8d/Messages/{message_id}/Media/ME1",
        "ApiVersion": "2010-04-01",
    }
    return PracticeDraft(urlencode(fields).encode(), message_id, content_type="application/x-www-form-urlencoded")


TWILIO = Provider(
    id="twilio",
    name="Twilio",
    tile="Tw",
    setup=SetupWords(
        does="Text messages and pictures",
        settings_url="https://console.twilio.com/us1/develop/phone-numbers/manage/incoming",
        menu="Phone Numbers",
        secret_menu="API keys & tokens",
        address_label="A message comes in",
        secret_label="Auth token",
        events=(),
        save="Save configuration",
        api_key_prefixes=("AC", "SK"),
        secret_found="It is the primary auth token of your account, on the page “API keys & tokens”.",
        away="Texts that arrive while ShopWatch is closed stay in your Twilio log.",
        needs="You need a Twilio phone number that can receive messages.",
    ),
    recipe=Choice(_by_settings, usual=_SHA1),
    reads=_parse_body,
    methods=("POST", "GET"),
    event_id=_event_id,
    event_type=_read_status,
    readers={},
    otherwise=_read_message,
    account=Account(member("AccountSid"), "Account SID"),
    draft=_draft_message,
    practises=(Kind.MESSAGE,),
    # An empty answer in TwiML: nothing is sent back to the customer. Plain text would be.
    answer=Answer(200, b"<Response></Response>", "text/xml"),
)

TWILIO_SHARED_KEY = replace(TWILIO, id="twilio-sharedkey", name="Twilio with a shared key")
"""The same, by the name of its other way of signing, which a source of Twilio's knows too."""
