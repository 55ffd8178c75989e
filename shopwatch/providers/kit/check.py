"""What every way of checking a sender offers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from msgspec import Struct

from shopwatch.domain.instant import DAY, Instant
from shopwatch.domain.messages.delivery import Request
from shopwatch.domain.messages.verdict import Reason, Rejected, Wanting
from shopwatch.domain.source import Options, Secrets


class Signed(Struct, frozen=True):
    """What the check itself tells of a genuine message."""

    at: Instant
    """When the sender says it sent the message; where it says nothing, when it was judged."""
    id: str = ""
    type: str = ""


FURTHEST: Instant = 400 * DAY
"""No clock is off by more; a time so far away counts another unit, or is made up."""


def far_off(at: Instant, now: Instant) -> Rejected | None:
    """Why a message that says it was made at `at` cannot have been; the detail is by how many days."""
    return Rejected(Reason.TIMESTAMP_MALFORMED, str(abs(at - now) // DAY)) if abs(at - now) > FURTHEST else None


class Check(Protocol):
    """How one sender shows that a message is its own."""

    def applies(self, request: Request) -> bool:
        """Whether the message at least carries what this check looks at."""

    def check(
        self, request: Request, secrets: Secrets, now: Instant, options: Options, /
    ) -> Signed | Rejected | Wanting:
        """Whether `request` comes from a holder of one of `secrets`. Total over any request.

        Raises only `Repeated`, where a header that decides came twice.
        """

    def sign(self, request: Request, secret: str, at: Instant, message_id: str, options: Options, /) -> Request | None:
        """`request` as the sender would send it at `at`; None if this secret can only check.

        Headers, address or body may be changed by it, whichever the sender puts its mark in.
        """


@dataclass(frozen=True, slots=True)
class Choice:
    """The check that `choose` finds by what the message says of its own signature; None: a way that does not count.
    `usual` is how practice is signed."""

    choose: Callable[[Request], Check | None]
    usual: Check

    def applies(self, request: Request) -> bool:
        chosen = self.choose(request)
        return chosen is None or chosen.applies(request)

    def check(self, request: Request, secrets: Secrets, now: Instant, options: Options) -> Signed | Rejected | Wanting:
        chosen = self.choose(request)
        if chosen is None:
            return Rejected(Reason.SIGNATURE_MALFORMED)
        return chosen.check(request, secrets, now, options)

    def sign(self, request: Request, secret: str, at: Instant, message_id: str, options: Options) -> Request | None:
        return self.usual.sign(request, secret, at, message_id, options)


@dataclass(frozen=True, slots=True)
class FirstOf:
    """Several checks, the strongest first: the first one that applies decides alone, so that leaving the stronger mark
    out is the only way down, and falling back to a weaker one beside it is none. Where none applies, the strongest one
    says what is missing."""

    checks: Sequence[Check]

    def applies(self, request: Request) -> bool:
        return any(each.applies(request) for each in self.checks)

    def check(self, request: Request, secrets: Secrets, now: Instant, options: Options) -> Signed | Rejected | Wanting:
        for each in self.checks:
            if each.applies(request):
                return each.check(request, secrets, now, options)
        return self.checks[0].check(request, secrets, now, options)

    def sign(self, request: Request, secret: str, at: Instant, message_id: str, options: Options) -> Request | None:
        return self.checks[0].sign(request, secret, at, message_id, options)
