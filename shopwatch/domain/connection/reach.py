"""How the outside reaches this computer, as facts."""

from dataclasses import dataclass
from enum import StrEnum

from shopwatch.domain.errors import UserError
from shopwatch.domain.instant import Instant


class TunnelKind(StrEnum):
    NONE = "none"
    NGROK = "ngrok"
    OWN = "own"


class TunnelState(StrEnum):
    STOPPED = "stopped"
    STARTING = "starting"
    ONLINE = "online"
    RECONNECTING = "reconnecting"
    URL_CHANGED = "url-changed"
    NEEDS_USER = "needs-user"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class TunnelStatus:
    """`since` is when this state began. `progress` is 0..1 while the ngrok program is being downloaded.

    `previous_url` is set with `url-changed`: the address the owner's providers still know.
    """

    kind: TunnelKind = TunnelKind.NONE
    state: TunnelState = TunnelState.STOPPED
    public_url: str = ""
    since: Instant = 0
    problem: UserError | None = None
    progress: float | None = None
    previous_url: str = ""


class ReachState(StrEnum):
    UNKNOWN = "unknown"
    CHECKING = "checking"
    ANSWERS = "answers"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class Reach:
    """What the last probes of the public address, from outside and back, have shown."""

    state: ReachState = ReachState.UNKNOWN
    since: Instant = 0
    checked_at: Instant = 0
    problem: UserError | None = None
