"""A verdict: what a provider says of a delivery. A rejection is a value, never an exception."""

from dataclasses import dataclass
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from shopwatch.domain.i18n import say
from shopwatch.domain.messages.event import Event


class Answer(Struct, frozen=True):
    """What the sender gets back. `content_type` is a media type without parameters."""

    status: int = 200
    body: bytes = b"ok\n"
    content_type: str = "text/plain"
    headers: tuple[tuple[str, str], ...] = ()


class Reason(StrEnum):
    """Why a delivery was rejected."""

    SIGNATURE_MISSING = "signature-missing"
    SIGNATURE_MALFORMED = "signature-malformed"
    SIGNATURE_MISMATCH = "signature-mismatch"
    TIMESTAMP_MISSING = "timestamp-missing"
    TIMESTAMP_MALFORMED = "timestamp-malformed"
    TOO_OLD = "too-old"
    FROM_THE_FUTURE = "from-the-future"
    HEADER_MISSING = "header-missing"
    HEADER_REPEATED = "header-repeated"
    BODY_EMPTY = "body-empty"
    METHOD = "method"
    TOKEN_MISSING = "token-missing"  # noqa: S105 - a word
    TOKEN_MISMATCH = "token-mismatch"  # noqa: S105 - a word
    ADDRESS = "address"
    HANDSHAKE = "handshake"
    NOT_ASKED_FOR = "not-asked-for"
    CERTIFICATE = "certificate"
    HINT = "hint"
    """Unsigned by its nature, and answered 2xx: nothing of it is believed, but the provider can be asked."""
    PING = "ping"
    """An unsigned greeting that must get a 2xx."""
    NO_SECRET = "no-secret"  # noqa: S105 - a word
    OTHER_ACCOUNT = "other-account"
    """Genuine, but about an account whose messages do not count; answered 200, and kept beyond the caps."""
    ID_UNUSABLE = "id-unusable"
    PRACTICE_UNKNOWN = "practice-unknown"
    UNDESCRIBED = "undescribed"
    """The owner's description of the sender cannot be followed."""

    @property
    def lasts(self) -> bool:
        """Whether the sender, who gets a 2xx, will not say again what may be of use: it must be on disk first."""
        return self in (Reason.HINT, Reason.OTHER_ACCOUNT)

    @property
    def status(self) -> int:
        """The HTTP status of the answer: 401 for a forgery, 400 for a broken message, 403 for the wrong place, and 200
        where the sender has no way to sign and must not give up, or did sign."""
        return _STATUSES.get(self, 401)


_STATUSES = {
    Reason.HINT: 200,
    Reason.PING: 200,
    Reason.OTHER_ACCOUNT: 200,
    Reason.ID_UNUSABLE: 400,
    Reason.METHOD: 405,
    Reason.ADDRESS: 403,
    Reason.HANDSHAKE: 403,
    Reason.NOT_ASKED_FOR: 404,
}


class Further(Struct, frozen=True):
    """An event beside the first one of the same message, and the bytes that tell it."""

    event: Event
    body: bytes


class Accepted(Struct, frozen=True, tag=True):
    """`more` are the events that the message tells beside `event`. All of them count, or none of them is on disk.

    `part` are the bytes that tell `event`, where the message is a batch and they are only some of it.
    """

    event: Event
    answer: Answer = Answer()
    more: tuple[Further, ...] = ()
    part: bytes = b""

    @property
    def events(self) -> tuple[Event, ...]:
        """All that the message tells."""
        return (self.event, *(each.event for each in self.more))


class Challenge(Struct, frozen=True, tag=True):
    """A handshake that must be answered and is never booked."""

    answer: Answer


class Rejected(Struct, frozen=True, tag=True):
    """`detail` holds the number or header name that the sentence needs; never a secret or a right signature.

    `invites` is the value of WWW-Authenticate, for senders that show who they are only when they are asked.
    """

    reason: Reason
    detail: str = ""
    invites: str = ""

    @property
    def answer(self) -> Answer:
        """One fixed line by the status, so that nothing of the message comes back."""
        answer = _REFUSALS[self.reason.status]
        return replace(answer, headers=(("WWW-Authenticate", self.invites),)) if self.invites else answer


_REFUSALS = {
    200: Answer(),
    400: Answer(400, b"bad request\n"),
    401: Answer(401, b"not accepted\n"),
    403: Answer(403, b"not allowed\n"),
    404: Answer(404, b"not found\n"),
    405: Answer(405, b"method not allowed\n", headers=(("Allow", "POST"),)),
}


@dataclass(frozen=True, slots=True)
class Wanting:
    """Nobody can say before the certificate or key at `url`, a host of the provider's own, has been fetched."""

    url: str


type Verdict = Accepted | Challenge | Rejected | Wanting


def explain(reason: Reason, provider: str, detail: str = "") -> str:
    """One plain sentence on why the message was not believed."""
    match reason:
        case Reason.SIGNATURE_MISSING:
            return say("There is no signature at all. It did not come from {provider}.", provider=provider)
        case Reason.SIGNATURE_MALFORMED:
            return say("The signature is not written the way {provider} writes it.", provider=provider)
        case Reason.SIGNATURE_MISMATCH:
            return say("The signature does not fit the secret.")
        case Reason.TIMESTAMP_MISSING:
            return say("The message does not say when it was made.")
        case Reason.TIMESTAMP_MALFORMED if detail:
            return say("The time in the message is {days} days off, so it cannot be right.", days=detail)
        case Reason.TIMESTAMP_MALFORMED:
            return say("The time in the message cannot be read.")
        case Reason.TOO_OLD:
            return say("The message is {minutes} minutes old; someone may have sent it again.", minutes=detail)
        case Reason.FROM_THE_FUTURE:
            return say(
                "The message seems to come from {minutes} minutes ahead of this computer’s clock.", minutes=detail
            )
        case Reason.HEADER_MISSING:
            return say("The message lacks “{name}”, which {provider} always sends.", name=detail, provider=provider)
        case Reason.HEADER_REPEATED:
            return say("The message says “{name}” twice, so it cannot be trusted.", name=detail)
        case Reason.BODY_EMPTY:
            return say("The message is empty.")
        case Reason.METHOD:
            return say("{provider} does not send messages in this way.", provider=provider)
        case Reason.TOKEN_MISSING:
            return say("The message does not show the secret that {provider} always sends.", provider=provider)
        case Reason.TOKEN_MISMATCH:
            return say("The secret in the message is not the one that is stored.")
        case Reason.ADDRESS:
            return say("The message came from a place that is not on your list.")
        case Reason.HANDSHAKE:
            return say("Somebody asked for this address, but not in the way {provider} asks.", provider=provider)
        case Reason.NOT_ASKED_FOR:
            return say("{provider} asked about something that this shop never asked for.", provider=provider)
        case Reason.CERTIFICATE:
            return say("The certificate in the message is not {provider}’s own.", provider=provider)
        case Reason.HINT:
            return say("It is only a hint, which proves nothing. ShopWatch asks {provider} itself.", provider=provider)
        case Reason.PING:
            return say("{provider} only tried the address. There is nothing to count.", provider=provider)
        case Reason.NO_SECRET:
            return say("No secret is stored for this address.")
        case Reason.OTHER_ACCOUNT if not detail:
            return say("It is about another account at {provider}.", provider=provider)
        case Reason.OTHER_ACCOUNT:
            return say("It is about another account at {provider}: {account}.", provider=provider, account=detail)
        case Reason.ID_UNUSABLE:
            return say("The message has no number that ShopWatch can tell it by.")
        case Reason.UNDESCRIBED:
            return say("What ShopWatch was told of this service cannot be followed, so nothing could be checked.")
        case Reason.PRACTICE_UNKNOWN:
            return say("It calls itself a practice sale, but ShopWatch did not make it.")
