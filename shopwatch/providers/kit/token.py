"""Senders that show a secret in every message instead of signing it."""

import hmac
import re
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote, unquote_plus

from msgspec.structs import replace

from shopwatch.domain.instant import Instant
from shopwatch.domain.messages.delivery import Headers, Repeated, Request
from shopwatch.domain.messages.secrecy import Put
from shopwatch.domain.messages.secrecy import Redactor as Hidden
from shopwatch.domain.messages.verdict import Reason, Rejected
from shopwatch.domain.source import NO_OPTIONS, Options, Secrets
from shopwatch.providers.kit.bodies import MOST_FIELDS
from shopwatch.providers.kit.check import Signed
from shopwatch.providers.kit.signature import MOST_TRIED

REDACTED = "***"
"""What stands in a kept message where its secret stood."""

_SEAL = re.compile(rb"\*\*\*[0-9a-f]{64}")

type Mask = Callable[[str], str]
"""What to put where this secret stands in a message."""

type Finder = Callable[[Request, Options], str | None]
"""Where the secret stands in a message; None if nothing stands there. Raises nothing but `Repeated`."""

type Placer = Callable[[Request, str, Options], Request]
"""The message with the secret put where the sender puts it."""


@dataclass(frozen=True, slots=True)
class Token:
    """A secret that is compared, as the sender `shows` it and in constant time, with what `find` finds. It proves who
    sent, not what was sent."""

    find: Finder
    place: Placer
    invites: str = ""
    shows: Callable[[str], str] = str

    def applies(self, request: Request) -> bool:
        return bool(self.find(request, {}))

    def check(self, request: Request, secrets: Secrets, now: Instant, options: Options) -> Signed | Rejected:
        sent = self.find(request, options)
        if not sent:
            return Rejected(Reason.TOKEN_MISSING, invites=self.invites)
        if not equals_any(tuple(map(self.shows, secrets.at(now)[:MOST_TRIED])), sent):
            return Rejected(Reason.TOKEN_MISMATCH, invites=self.invites)
        return Signed(now)

    def redact(self, request: Request, options: Options = NO_OPTIONS, mask: Mask = lambda _: REDACTED) -> Request:
        """`request` as it may be kept: with the secret covered, so that it shows it to nobody, this check included."""
        try:
            shown = self.find(request, options)
        except Repeated:
            return self.place(request, REDACTED, options)
        redacted = mask(shown) if shown else shown
        return request if not redacted or redacted == shown else self.place(request, redacted, options)

    def sign(self, request: Request, secret: str, _at: Instant, _message_id: str, options: Options) -> Request | None:
        return self.place(request, self.shows(secret), options) if secret else None


def sealing(request: Request) -> Mask:
    """Covers a secret that did not fit, so that it can be known again by whoever holds it, and read by nobody."""
    address = request.url.partition("?")[0].encode("utf-8", "surrogatepass")
    return lambda secret: REDACTED + hmac.digest(address, secret.encode("utf-8", "surrogatepass"), "sha256").hex()


def unsealing(request: Request, secrets: Secrets, shows: Callable[[str], str] = str) -> Mask:
    """Puts back the secret that was sealed in `request`, if it is one of these, as the sender `shows` it; what is no
    seal stays."""
    seal = sealing(request)
    known = {seal(shown): shown for shown in map(shows, (*secrets.current, *secrets.previous))}
    return lambda shown: known.get(shown, shown)


def redacted(request: Request, hidden: Hidden, put: Put) -> Request:
    """`request` with whatever is `hidden` covered, wherever it stands in address, headers and body; itself, if it shows
    nothing."""
    if not may_show(request, hidden):
        return request
    lines = tuple(
        (hidden.redact_bytes(name, put), hidden.redact_bytes(value, put)) for name, value in request.headers.lines
    )
    url, body = hidden.redact_text(request.url, put), hidden.redact_bytes(request.body, put)
    return replace(request, url=url, headers=Headers(lines), body=body)


def may_show(request: Request, hidden: Hidden) -> bool:
    """Whether something `hidden` may stand in the message; surely nothing does otherwise."""
    head = (part for line in request.headers.lines for part in line)
    joined = b"\n".join((request.url.encode("utf-8", "surrogatepass"), *head, request.body))
    return hidden.finds(joined)


def restored(request: Request, hidden: Hidden) -> Request:
    """`request` with what was sealed in it put back, if it is one of these; the rest stays."""
    if not shows_seal(request):
        return request
    seal = sealing(request)
    known = {seal(_as_text(form)).encode(): form for form in hidden.forms}

    def open_up(data: bytes) -> bytes:
        return _SEAL.sub(lambda found: known.get(found[0], found[0]), data)

    lines = tuple((open_up(name), open_up(value)) for name, value in request.headers.lines)
    url = open_up(request.url.encode("utf-8", "surrogatepass")).decode("utf-8", "surrogatepass")
    return replace(request, url=url, headers=Headers(lines), body=open_up(request.body))


def shows_seal(request: Request) -> bool:
    """Whether a secret was sealed in this message, and was not put back."""
    return any(map(_SEAL.search, (request.body, request.url.encode("utf-8", "surrogatepass")))) or any(
        _SEAL.search(name) or _SEAL.search(value) for name, value in request.headers.lines
    )


def put_seal(request: Request) -> Put:
    """Puts a seal, see `sealing`, in the place of a form of a secret."""
    seal = sealing(request)
    return lambda form: seal(_as_text(form)).encode()


def put_redacted(_form: bytes) -> bytes:
    """Leaves nothing of a secret."""
    return REDACTED.encode()


def _as_text(form: bytes) -> str:
    return form.decode("utf-8", "surrogateescape")


def equals_any(held: tuple[str, ...], sent: str) -> bool:
    """Whether `sent` is one of the secrets `held`, in a time that tells nothing. Empty ones equal nothing."""
    given = sent.encode("utf-8", "surrogatepass")
    found = False
    for secret in held[:MOST_TRIED]:
        found |= bool(secret) and hmac.compare_digest(secret.encode("utf-8", "surrogatepass"), given)
    return found


def in_header(name: str, scheme: str = "") -> Token:
    """A secret in a header of its own, or in one where it stands behind `scheme`, in letters of any case."""

    def find(request: Request, _options: Options) -> str | None:
        value = request.headers.only(name)
        if value is None or not scheme:
            return value
        said, _, rest = value.partition(" ")
        return rest.strip() if said.lower() == scheme.lower() else None

    def place(request: Request, secret: str, _options: Options) -> Request:
        return with_header(request, name, f"{scheme} {secret}" if scheme else secret)

    return Token(find, place, invites="Bearer" if scheme.lower() == "bearer" else "")


def in_query(name: str) -> Token:
    """A secret in the address, as the value of `name`. Where that comes twice, the first one counts."""

    def place(request: Request, secret: str, _options: Options) -> Request:
        base, _, query = request.url.partition("?")
        return replace(request, url=f"{base}?{_with_field(query, name, secret)}")

    return Token(lambda request, _: _field(request.url.partition("?")[2], name), place)


def in_form(name: str) -> Token:
    """A secret in one field of a form. Where that comes twice, the first one counts."""

    def place(request: Request, secret: str, _options: Options) -> Request:
        return replace(request, body=_with_field(request.body.decode("latin-1"), name, secret).encode("latin-1"))

    return Token(lambda request, _: _field(request.body.decode("latin-1"), name), place)


def _field(fields: str, name: str) -> str | None:
    """The value of `name` among the first fields of a query or form, whatever else stands there."""
    if name not in fields and "%" not in fields:
        return None
    found = (field.partition("=") for field in fields.split("&", MOST_FIELDS)[:MOST_FIELDS])
    return next((unquote_plus(value) for named, _, value in found if unquote_plus(named) == name), None)


def _with_field(fields: str, name: str, value: str) -> str:
    several = fields.split("&", MOST_FIELDS)
    others = [each for each in several[:MOST_FIELDS] if each and unquote_plus(each.partition("=")[0]) != name]
    return "&".join([*others, *several[MOST_FIELDS:], f"{name}={quote(value, safe='*', errors='surrogatepass')}"])


def _basic(request: Request, _options: Options) -> str | None:
    scheme, _, value = (request.headers.only("Authorization") or "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        return b64decode(value.strip(), validate=True).decode()
    except (NotBase64, ValueError):
        return None


def with_header(request: Request, name: str, value: str) -> Request:
    """`request` with this header, once."""
    lines = tuple(line for line in request.headers.lines if line[0].lower() != name.lower().encode())
    headers = replace(request.headers, lines=(*lines, (name.encode(), value.encode("utf-8", "surrogateescape"))))
    return replace(request, headers=headers)


BASIC = Token(
    _basic,
    lambda request, secret, _: with_header(request, "Authorization", f"Basic {b64encode(secret.encode()).decode()}"),
    invites='Basic realm="ShopWatch", charset="UTF-8"',
)
"""HTTP Basic (RFC 7617). The secret is "user:password"."""
