"""Any sender without a declaration: the owner describes it, and the description becomes a provider like all others."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from shopwatch.domain.errors import UserError
from shopwatch.domain.instant import Instant
from shopwatch.domain.messages.delivery import Request
from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.messages.verdict import Answer, Challenge, Reason, Rejected, Verdict, Wanting
from shopwatch.domain.source import NO_OPTIONS, Options, Secrets
from shopwatch.providers.described.description import Description, describe
from shopwatch.providers.described.description_options import ALL, KINDS, OPTIONS
from shopwatch.providers.described.practice import draft
from shopwatch.providers.described.reading import at_place, event_id, event_type, opened, reader, with_place
from shopwatch.providers.described.signed_text import parts_of, texts
from shopwatch.providers.kit.check import Check, Signed
from shopwatch.providers.kit.jwt import Algorithm, Jwt
from shopwatch.providers.kit.reading import Unreadable, said
from shopwatch.providers.kit.recipe import HeaderNames, Recipe
from shopwatch.providers.kit.signature import BASE64, HEX, Hmac, Scheme, as_text
from shopwatch.providers.kit.token import BASIC, Mask, Token, in_header, in_query
from shopwatch.providers.provider import Assurance, PracticeDraft, Provider, SetupWords

_EVER: Instant = 10**15
_MOST_PLACES = 300
_ENCODINGS = {"hex": HEX, "base64": BASE64}
_WORD = re.compile(r"^(?:[a-z]{2,}_)+")
_LONGEST_ECHO = 200
# RFC 4648, section 5: the two digits in which the base64 for addresses differs.
_PLAIN = str.maketrans("-_", "+/")


class Anyone:
    """Whoever knows the address: senders that sign nothing and show nothing."""

    def applies(self, _request: Request) -> bool:
        return True

    def check(self, _request: Request, _secrets: Secrets, now: Instant, _options: Options) -> Signed:
        return Signed(now)

    def sign(self, request: Request, _secret: str, _at: Instant, _id: str, _options: Options) -> Request:
        return request


class Nobody:
    """What can be believed of a sender whose description cannot be followed: nothing."""

    def applies(self, _request: Request) -> bool:
        return False

    def check(self, _request: Request, _secrets: Secrets, _now: Instant, _options: Options) -> Rejected:
        return Rejected(Reason.UNDESCRIBED)

    def sign(self, _request: Request, _secret: str, _at: Instant, _id: str, _options: Options) -> None:
        return None


@dataclass(frozen=True, slots=True)
class AnyCase:
    """Hexadecimal digits in letters of any case: some senders write capitals."""

    small: Hmac

    def fits(self, secrets: Sequence[str], signed: bytes, sent: Sequence[bytes]) -> bool:
        return self.small.fits(secrets, signed, [self._folded(each) for each in sent])

    def well_formed(self, sent: bytes) -> bool:
        return self.small.well_formed(self._folded(sent))

    def sign(self, secret: str, signed: bytes) -> str | None:
        return self.small.sign(secret, signed)

    def _folded(self, sent: bytes) -> bytes:
        start = len(self.small.prefix)
        return sent[:start] + sent[start:].lower()


class AsDescribed:
    """The check that the options of each source describe."""

    def applies(self, _request: Request) -> bool:
        return True

    def check(self, request: Request, secrets: Secrets, now: Instant, options: Options) -> Signed | Rejected | Wanting:
        return CUSTOM.described(options).recipe.check(request, secrets, now, options)

    def sign(self, request: Request, secret: str, at: Instant, message_id: str, options: Options) -> Request | None:
        return CUSTOM.described(options).recipe.sign(request, secret, at, message_id, options)


class Custom(Provider):
    """The provider whose sources are each described by their own options."""

    __slots__ = ()

    def described(self, options: Options) -> Provider:
        return _built(tuple(options.items()))

    def check_options(self, options: Options) -> None:
        describe(options)

    def judge(self, request: Request, secrets: Secrets, now: Instant, options: Options = NO_OPTIONS) -> Verdict:
        return self.described(options).judge(request, secrets, now, options)

    def greeted(self, request: Request, secrets: Secrets, options: Options = NO_OPTIONS) -> Verdict | None:
        return self.described(options).greeted(request, secrets, options)

    def claims_all(self, request: Request, now: Instant, options: Options = NO_OPTIONS) -> tuple[Event, ...]:
        return self.described(options).claims_all(request, now, options)

    def practise(
        self, kind: Kind, secret: str, now: Instant, seed: int, *, url: str = "", options: Options = NO_OPTIONS
    ) -> Request:
        return self.described(options).practise(kind, secret, now, seed, url=url, options=options)


def preview(options: Options, request: Request, at: Instant) -> tuple[Event, ...]:
    """What a source with these options would make of `request`, were it genuine; nothing if it would be refused all the
    same. Raises UserError if the options are wrong; its code is "option-" and the key.
    """
    describe(options)
    return CUSTOM.claims_all(request, at, options)


def places(request: Request) -> tuple[tuple[str, str], ...]:
    """What stands where in a message, as options name it, for the owner to choose from; the first 300.

    Of a list its first member. Nothing if the body is neither JSON nor a form.
    """
    try:
        body = opened(request)
    except Unreadable:
        return ()
    found = []
    for place, value in _walk(body, ()):
        found.append((".".join(place), said(value)))
        if len(found) == _MOST_PLACES:
            break
    return tuple(found)


def _walk(value: Any, place: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    inner: Any = ()
    if isinstance(value, dict):
        inner = value.items()
    elif isinstance(value, list):
        yield place, ""
        inner = [("0", each) for each in value[:1]]
    elif place:
        yield place, value
    for name, held in inner:
        yield from _walk(held, (*place, name))


def _redact(request: Request, options: Options, mask: Mask) -> Request:
    return CUSTOM.described(options).redact(request, options, mask)


@lru_cache(maxsize=64)
def _built(options: tuple[tuple[str, str], ...]) -> Provider:
    try:
        told = describe(dict(options))
    except UserError:
        return _BASE
    check = _check(told)
    kinds = dict(told.kinds)
    others = kinds.pop(ALL, None)
    shared = not told.id_header and told.places.order in ((), told.places.id)
    return replace(
        _BASE,
        setup=_TOLD if told.method != "hmac" or b"%(body)b" in told.signed else _IN_PARTS,
        recipe=check,
        redact=check.redact if isinstance(check, Token) else _BASE.redact,
        assurance=_ASSURANCES[told.method],
        secretless=told.method == "none",
        event_id=event_id(told, shared=shared),
        event_type=event_type(told),
        batch=".".join(told.batch),
        tried_by=told.tried_by,
        handshake=_handshake(told.answer) if told.answer and "GET" in told.tried_by else None,
        readers={each: reader(told, kind) for each, kind in kinds.items()},
        otherwise=reader(told, others) if others else None,
        draft=draft(told, shared=shared),
        practises=tuple(dict.fromkeys(told.kinds.values())),
        ending=f"?{quote(told.shown_as)}=" if told.method == "token" and told.shown_in == "query" else "",
    )


_ASSURANCES = {
    "none": Assurance.ADDRESS,
    "basic": Assurance.TOKEN,
    "token": Assurance.TOKEN,
    "hmac": Assurance.SIGNED,
    "jwt": Assurance.SIGNED,
}


def _check(told: Description) -> Check:
    match told.method:
        case "none":
            return Anyone()
        case "basic":
            return BASIC
        case "token":
            return _token(told)
        case "jwt":
            return Jwt(Algorithm(told.jwt))
    names = HeaderNames(
        told.signature_header, told.timestamp_header, told.id_header if b"%(id)b" in told.signed else ""
    )
    exact = Hmac(told.algorithm, _ENCODINGS[told.encoding], _key(told.key), told.signature_prefix.encode())
    scheme: Scheme = AnyCase(exact) if told.encoding == "hex" else exact
    limit = told.tolerance or _EVER
    return Recipe(
        headers=(names,),
        signed=texts(told.parts, opened, at_place) if told.parts else told.signed,
        schemes={"": scheme},
        unit=told.timestamp_unit,
        past=limit,
        future=limit,
        timed=b"%(timestamp)b" in told.signed,
    )


def _handshake(answer: str) -> Callable[[Request, Secrets, Options], Challenge | None]:
    """Answers a GET request as the sender expects, perhaps with a word that it says in the address."""
    parts = parts_of(answer)

    def greet(request: Request, _secrets: Secrets, _options: Options) -> Challenge | None:
        if request.method != "GET":
            return None
        said = (in_query(name).find(request, {}) or "" if kind else name for kind, name in parts)
        words = "".join(each[:_LONGEST_ECHO] for each in said)
        return Challenge(Answer(200, words.encode("ascii", "ignore"))) if words.isprintable() else None

    return greet


def _key(written: str) -> Callable[[str], bytes | None]:
    """The key in a secret; in front of base64 and hex there may be a word with an underscore, as in "whsec_…".

    Base64 may be the kind for addresses, in which underscores are digits: only a word in small letters goes.
    """
    if written == "text":
        return as_text
    encoding = _ENCODINGS[written]
    return lambda secret: encoding.read(_WORD.sub("", secret).translate(_PLAIN))


def _token(told: Description) -> Token:
    match told.shown_in:
        case "header":
            return in_header(told.shown_as, told.shown_behind)
        case "query":
            return in_query(told.shown_as)
    place = tuple(told.shown_as.split("."))

    def find(request: Request, _options: Options) -> str | None:
        try:
            found = at_place(opened(request), place)
        except Unreadable:
            return None
        return found if isinstance(found, str) else None

    def put(request: Request, secret: str, _options: Options) -> Request:
        return with_place(request, place, secret)

    return Token(find, put)


_BASE = Provider(
    id="custom",
    name="Other service",
    tile="?",
    setup=SetupWords(
        does="Any service that you can describe",
        settings_url="",
        menu="Webhooks",
        address_label="URL",
        secret_label="Secret",
        events=(),
        secret_found="Most services show it beside the place where you give them the address.",
        away="Whether the service tries again is for its own pages to say.",
        sure="How far its messages can be believed depends on how it shows who it is.",
    ),
    recipe=Nobody(),
    assurance=Assurance.ADDRESS,
    reads=opened,
    readers={},
    draft=lambda _kind, _sample, _at: PracticeDraft(b"{}", ""),
    practises=(),
    options=OPTIONS,
)

_TOLD = replace(_BASE.setup, sure="")
_IN_PARTS = replace(
    _BASE.setup,
    sure="Only parts of its messages are signed. Whoever sees one could send it again with the rest changed.",
)

CUSTOM = Custom(
    **{each.name: getattr(_BASE, each.name) for each in fields(_BASE)}
    | {"recipe": AsDescribed(), "redact": _redact, "practises": tuple(KINDS.values())}
)
