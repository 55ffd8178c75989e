"""What the signature doctor says of a message that was not believed."""

from dataclasses import dataclass
from enum import StrEnum


class Cause(StrEnum):
    """Why a message is not believed, as far as that can be told apart."""

    NO_SECRET = "no-secret"  # noqa: S105 - a word
    HEADER_MISSING = "header-missing"
    OTHER_PROVIDER = "other-provider"
    SPACES_IN_SECRET = "spaces-in-secret"  # noqa: S105 - a word
    API_KEY = "api-key"
    OTHER_MODE = "other-mode"
    OTHER_SOURCE = "other-source"
    PREVIOUS_SECRET = "previous-secret"  # noqa: S105 - a word
    SECRET_ENCODING = "secret-encoding"  # noqa: S105 - a word
    ADDRESS_DIFFERS = "address-differs"
    BODY_CHANGED = "body-changed"
    CLOCK_SLOW = "clock-slow"
    CLOCK_FAST = "clock-fast"
    TOO_OLD = "too-old"
    TIME_UNIT = "time-unit"
    """Its time counts another unit, or is no time at all."""
    OTHER_ACCOUNT = "other-account"
    FITS_NOW = "fits-now"
    STORE_LOCKED = "store-locked"
    NOT_UNDERSTOOD = "not-understood"
    NOT_A_MESSAGE = "not-a-message"
    """It was refused for what it is, such as another method, and not for its signature."""
    UNKNOWN = "unknown"


class SignatureRemedy(StrEnum):
    """What mends it."""

    NONE = "none"
    CHECK_AGAIN = "check-again"
    REPLACE_SECRET = "replace-secret"  # noqa: S105 - a word
    CLEAN_SECRET = "clean-secret"  # noqa: S105 - a word
    """Store the secret as it should be written."""
    USE_SECRET_OF = "use-secret-of"  # noqa: S105 - a word
    """Store the secret of the source that `Diagnosis.subject` names."""
    COUNT_ACCOUNT = "count-account"
    """Let the messages of the account that `Diagnosis.subject` names count, too."""
    COPY_ADDRESS = "copy-address"
    SET_CLOCK = "set-clock"
    UNLOCK = "unlock"
    """Open the password store."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that was looked at. `fact` holds figures and names; of a secret at most its last 4 characters."""

    passed: bool
    sentence: str
    fact: str = ""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """`sentence` names the cause and `consequence` what it means, each one plain sentence.

    `certain`: trying it showed that the remedy mends it. `subject` is the source, the address or the account that the
    remedy is about. It never holds a secret or a right signature.
    """

    cause: Cause
    sentence: str
    consequence: str
    evidence: tuple[Evidence, ...] = ()
    remedy: SignatureRemedy = SignatureRemedy.CHECK_AGAIN
    certain: bool = False
    subject: str = ""
