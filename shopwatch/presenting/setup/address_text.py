"""What the address step says about the tunnel and the probe."""

from dataclasses import dataclass

from shopwatch.domain.connection.reach import Reach, ReachState, TunnelState, TunnelStatus
from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import say
from shopwatch.domain.instant import Instant
from shopwatch.presenting.level import Level


@dataclass(frozen=True, slots=True)
class AddressWords:
    """A lamp and a sentence in two parts. `ready`: the address is open; `problem` stands under the field."""

    level: Level = Level.OFF
    strong: str = ""
    rest: str = ""
    ready: bool = False
    problem: UserError | None = None
    progress: float | None = None


def address_words(status: TunnelStatus, reach: Reach, time: str) -> AddressWords:
    """`time` is when the last probe was, as the owner writes it."""
    match status.state:
        case TunnelState.STARTING if status.progress is not None:
            percent = round(status.progress * 100)
            return AddressWords(
                strong=say("Fetching the ngrok program."),
                rest=say("{percent} percent", percent=percent),
                progress=status.progress,
            )
        case TunnelState.STARTING:
            return AddressWords(strong=say("Opening your public address…"))
        case TunnelState.RECONNECTING:
            return AddressWords(Level.WARN, say("Opening your public address again…"), problem=status.problem)
        case TunnelState.NEEDS_USER | TunnelState.FAILED:
            return AddressWords(problem=status.problem)
        case TunnelState.STOPPED:
            return AddressWords()
    return _probed(reach, time)


def _probed(reach: Reach, time: str) -> AddressWords:
    match reach.state:
        case ReachState.ANSWERS:
            return AddressWords(
                Level.OK, say("The address answers."), say("Checked from outside at {time}.", time=time), ready=True
            )
        case ReachState.SILENT:
            problem = reach.problem
            return AddressWords(
                Level.BAD,
                problem.title if problem else say("Your public address does not answer from outside."),
                problem.hint if problem else "",
                ready=True,
            )
    return AddressWords(Level.WARN, say("The address is open."), say("Checking it from outside…"), ready=True)


def host_of(url: str) -> str:
    """The address as people say it, without the scheme."""
    return url.partition("://")[2].rstrip("/") or url


def checked_since(reach: Reach, since: Instant) -> bool:
    """Whether a probe has ended after `since`."""
    return reach.state in (ReachState.ANSWERS, ReachState.SILENT) and reach.checked_at >= since
