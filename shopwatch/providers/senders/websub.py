"""Feeds by WebSub (once PubSubHubbub). Facts: the W3C recommendation, www.w3.org/TR/websub, sections 5.3 and 7.1."""

import re
from typing import Any

from shopwatch.domain.i18n import phrase
from shopwatch.domain.instant import Instant
from shopwatch.domain.messages.delivery import Request
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.messages.verdict import Answer, Challenge, Reason, Rejected, Verdict
from shopwatch.domain.source import Options, Secrets
from shopwatch.providers.kit.bodies import asked
from shopwatch.providers.kit.notices import notice
from shopwatch.providers.kit.options import Option
from shopwatch.providers.kit.reading import Meaning, Message, Unreadable, find, parse, text
from shopwatch.providers.kit.recipe import HeaderNames, Recipe
from shopwatch.providers.kit.sample import Sample, iso
from shopwatch.providers.kit.signature import HEX, Hmac
from shopwatch.providers.provider import PracticeDraft, Provider, SetupWords

TOPIC = "topic"
PENDING = "pending"
_MODES = ("subscribe", "unsubscribe")
_FEEDS = (
    "application/atom+xml",
    "application/rss+xml",
    "application/rdf+xml",
    "application/xml",
    "text/xml",
    "text/html",
)
_DIGESTS = ("sha256", "sha512", "sha384", "sha1")
# Only the newest entry's title is looked for, not the feed understood: an XML parser would read all that a stranger
# puts into it.
_ENTRY = re.compile(rb"<(?:entry|item)[\s>]")
_TITLE = re.compile(rb"<title(?:\s[^<>]{0,200})?>([^<]{0,2000}|<!\[CDATA\[.{0,2000}?\]\]>)</title>", re.DOTALL)
_FAR = 20_000
"""Bytes of an entry in which its title is looked for."""


def _answer_handshake(request: Request, _secrets: Secrets, options: Options) -> Verdict | None:
    """A hub asks whether its subscription was wanted; yes only for the feed and the step that it was."""
    if request.method != "GET":
        return None
    hub = asked(request)
    if not hub.get("hub.topic") or hub["hub.topic"] != options.get(TOPIC):
        return Rejected(Reason.NOT_ASKED_FOR)
    if hub.get("hub.mode") == "denied":
        return Rejected(Reason.PING)
    if hub.get("hub.mode") != (options.get(PENDING) or _MODES[0]) or "hub.challenge" not in hub:
        return Rejected(Reason.NOT_ASKED_FOR)
    return Challenge(Answer(200, hub["hub.challenge"].encode("utf-8", "replace")))


def _parse_body(request: Request) -> dict[str, Any]:
    """The newest entry of a feed, in XML or JSON; nothing where the body is anything else, as feeds may be."""
    body = request.body
    if body[:1] == b"{":
        try:
            entries = find(parse(body), "items")
        except Unreadable:
            return {}
        return {"title": text(entries[0], "title")} if isinstance(entries, list) and entries else {}
    entry = _ENTRY.search(body)
    title = _TITLE.search(body, entry.end(), entry.end() + _FAR) if entry else None
    return {"title": _plain_text(title[1])} if title else {}


def _plain_text(written: bytes) -> str:
    words = written.decode("utf-8", "replace").removeprefix("<![CDATA[").removesuffix("]]>")
    from html import unescape  # noqa: PLC0415 - brings a table of all names of letters, and few follow feeds

    return unescape(words)


def _read_message(message: Message) -> Meaning:
    title = text(message.body, "title")
    return notice(message, title or phrase("Something new in your feed"), message.options.get(TOPIC, ""))


def _draft_message(_kind: Kind, sample: Sample, at: Instant) -> PracticeDraft:
    title = f"New in the shop: {sample.lines[0].name}"
    body = (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom"><title>Bloom</title>'
        f"<id>urn:uuid:{sample.uuid('feed')}</id><updated>{iso(at)}</updated><entry><title>{title}</title>"
        f"<id>urn:uuid:{sample.uuid('entry')}</id><updated>{iso(at)}</updated></entry></feed>"
    )
    return PracticeDraft(body.encode(), "", content_type="application/atom+xml")


WEBSUB = Provider(
    id="websub",
    name="WebSub",
    tile="WS",
    setup=SetupWords(
        does="News of any feed that has a hub",
        settings_url="",
        menu="hub.mode=subscribe",
        address_label="hub.callback",
        secret_label="hub.secret",
        events=(),
        save="Subscribe",
        secret_found="You choose it yourself when you subscribe. Take a long one that nobody can guess.",
        away="How long a hub tries again is its own choice. The feed itself keeps its newest entries.",
        needs="The feed must name a hub, and the subscription must be renewed before it ends.",
        secret_length=32,
    ),
    recipe=Recipe(
        headers=(HeaderNames("X-Hub-Signature"),),
        signed=b"%(body)b",
        schemes={digest: Hmac(digest, HEX) for digest in _DIGESTS},
        between=",",
        most=1,
    ),
    reads=_parse_body,
    types=_FEEDS,
    readers={},
    otherwise=_read_message,
    handshake=_answer_handshake,
    draft=_draft_message,
    practises=(Kind.NOTICE,),
    options=(
        Option(TOPIC, "Feed", "The feed’s address, exactly as its hub knows it.", required=True),
        Option(
            PENDING,
            "Waiting for",
            "Which question of the hub is answered with yes.",
            choices=_MODES,
            named=("The feed is wanted", "The feed is no longer wanted"),
        ),
    ),
    retries_for=None,
)
