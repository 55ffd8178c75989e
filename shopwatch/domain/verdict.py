"""A verdict: what a provider says of a delivery. A rejection is a value, never an exception."""

from dataclasses import dataclass, field
from enum import StrEnum

from shopwatch.domain.event import Event
from shopwatch.domain.words import say


@dataclass(frozen=True, slots=True)
class Answer:
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
    ID_UNUSABLE = "id-unusable"
    PRACTICE_UNKNOWN = "practice-unknown"

    @property
    def status(self) -> int:
        """The HTTP status of the answer (PROMISES, response rules): 401 for a forgery, 400 for a broken message."""
        return {Reason.ID_UNUSABLE: 400, Reason.METHOD: 405}.get(self, 401)


@dataclass(frozen=True, slots=True)
class Accepted:
    event: Event
    answer: Answer = field(default_factory=Answer)


@dataclass(frozen=True, slots=True)
class Challenge:
    """A handshake that must be answered and is never booked."""

    answer: Answer


@dataclass(frozen=True, slots=True)
class Rejected:
    """`detail` holds the number or header name that the sentence needs; never a secret or a right signature."""

    reason: Reason
    detail: str = ""

    @property
    def answer(self) -> Answer:
        """One fixed line by the status, so that nothing of the message comes back."""
        return _REFUSALS[self.reason.status]


_REFUSALS = {
    400: Answer(400, b"bad request\n"),
    401: Answer(401, b"not accepted\n"),
    405: Answer(405, b"method not allowed\n", headers=(("Allow", "POST"),)),
}

type Verdict = Accepted | Challenge | Rejected


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
        case Reason.TIMESTAMP_MALFORMED:
            return say("The time in the message cannot be read.")
        case Reason.TOO_OLD:
            return say("The message is {minutes} minutes old; someone may have sent it again.", minutes=detail)
        case Reason.FROM_THE_FUTURE:
            return say(
                "The message seems to come from {minutes} minutes ahead of this computer's clock.", minutes=detail
            )
        case Reason.HEADER_MISSING:
            return say("The message lacks “{name}”, which {provider} always sends.", name=detail, provider=provider)
        case Reason.HEADER_REPEATED:
            return say("The message says “{name}” twice, so it cannot be trusted.", name=detail)
        case Reason.BODY_EMPTY:
            return say("The message is empty.")
        case Reason.METHOD:
            return say("{provider} does not send messages in this way.", provider=provider)
        case Reason.ID_UNUSABLE:
            return say("The message has no number that ShopWatch can tell it by.")
        case Reason.PRACTICE_UNKNOWN:
            return say("It calls itself a practice sale, but ShopWatch did not make it.")
