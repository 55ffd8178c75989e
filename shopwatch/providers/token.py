"""Senders that show a secret in every message instead of signing it."""

import hmac
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Callable
from dataclasses import dataclass, replace

from shopwatch.domain.clock import Instant
from shopwatch.domain.delivery import Request
from shopwatch.domain.source import Options, Secrets
from shopwatch.domain.verdict import Reason, Rejected
from shopwatch.providers.check import Signed
from shopwatch.providers.signature import MOST_TRIED

type Finder = Callable[[Request, Options], str | None]
"""Where the secret stands in a message; None if nothing stands there. Raises nothing but `Repeated`."""

type Placer = Callable[[Request, str, Options], Request]
"""The message with the secret put where the sender puts it."""


@dataclass(frozen=True, slots=True)
class Token:
    """A secret that is compared, in constant time, with what `find` finds. It proves who sent, not what was sent."""

    find: Finder
    place: Placer
    invites: str = ""

    def applies(self, request: Request) -> bool:
        return bool(self.find(request, {}))

    def check(self, request: Request, secrets: Secrets, now: Instant, options: Options) -> Signed | Rejected:
        sent = self.find(request, options)
        if not sent:
            return Rejected(Reason.TOKEN_MISSING, invites=self.invites)
        if not equals_any(secrets.at(now), sent):
            return Rejected(Reason.TOKEN_MISMATCH, invites=self.invites)
        return Signed(now)

    def sign(self, request: Request, secret: str, _at: Instant, _message_id: str, options: Options) -> Request | None:
        return self.place(request, secret, options) if secret else None


def equals_any(held: tuple[str, ...], sent: str) -> bool:
    """Whether `sent` is one of the secrets `held`, in a time that tells nothing. Empty ones equal nothing."""
    given = sent.encode("utf-8", "surrogatepass")
    found = False
    for secret in held[:MOST_TRIED]:
        found |= bool(secret) and hmac.compare_digest(secret.encode("utf-8", "surrogatepass"), given)
    return found


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
