"""What the lamps say: internet, public address, and whoever sends."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from shopwatch.domain.connection.reach import ReachState, TunnelKind, TunnelState
from shopwatch.domain.i18n import say, say_n
from shopwatch.domain.legible import legible
from shopwatch.domain.source import Source
from shopwatch.presenting.level import Level
from shopwatch.presenting.status.endpoint_text import is_off
from shopwatch.presenting.times import brief, stamp
from shopwatch.providers import provider
from shopwatch.providers.about import serves_any
from shopwatch.shop.shop import Shop

OFFLINE = "no-internet"
"""The code of the problem that stands for it."""


@dataclass(frozen=True, slots=True)
class LampText:
    """`more` is the whole sentence, for the tooltip and for screen readers; beside a lamp there is room for a day or a
    time, not for both."""

    level: Level
    name: str
    detail: str
    more: str = ""


def lamps(state: Shop, today: date) -> tuple[LampText, LampText, LampText]:
    """The three of the Sales screen. Red ones name the time it began."""
    address = _address(state, today)
    return _internet(state, today), address, _senders(state, address.level, today)


def overall(state: Shop, today: date) -> LampText:
    """The one lamp of the tray: the worst of the three, with what it says."""
    order = (Level.BAD, Level.WARN, Level.OFF, Level.OK)
    three = lamps(state, today)
    return min(reversed(three), key=lambda lamp: order.index(lamp.level))


def sender_names(state: Shop) -> str:
    """Of all that are connected; see `names_of`."""
    return names_of(state.sources.all)


def names_of(sources: Iterable[Source]) -> str:
    """ "PayNow"; "PayNow and Shopify"; "3 services"."""
    names = list(dict.fromkeys(map(sender_name, sources)))
    match names:
        case []:
            return say("your shop")
        case [one]:
            return one
        case [one, other]:
            return say("{one} and {other}", one=one, other=other)
        case _:
            return say_n("{n} service", "{n} services", len(names))


def sender_name(source: Source) -> str:
    """What a sender is called in sentences."""
    known = provider(source.provider)
    if known is None:
        return legible(source.provider, 40)
    return legible(source.name, 40) if serves_any(known) else known.name


def is_offline(state: Shop) -> bool:
    return any(
        problem is not None and problem.code == OFFLINE
        for problem in (state.receiver.tunnel.problem, state.receiver.reach.problem)
    )


def _internet(state: Shop, today: date) -> LampText:
    name = say("Internet")
    tunnel, reach = state.receiver.tunnel, state.receiver.reach
    if is_offline(state):
        since = tunnel.since if tunnel.problem and tunnel.problem.code == OFFLINE else reach.since
        time = stamp(since, state.locale, today)
        more = say("This computer has no internet since {time}.", time=time)
        return LampText(Level.BAD, name, say("None since {time}", time=brief(since, state.locale, today)), more)
    if reach.state is ReachState.ANSWERS or (tunnel.kind is TunnelKind.NGROK and tunnel.state is TunnelState.ONLINE):
        return LampText(Level.OK, name, say("Connected"))
    if tunnel.kind is TunnelKind.NONE:
        return LampText(Level.OFF, name, say("Not needed"), say("Practice mode needs no internet."))
    return LampText(Level.OFF, name, say("Not known yet"))


def _address(state: Shop, today: date) -> LampText:
    name = say("Public address")
    tunnel, reach = state.receiver.tunnel, state.receiver.reach
    if tunnel.kind is TunnelKind.NONE:
        return LampText(Level.OFF, name, say("Practice mode"), say("Practice mode. No real sale can arrive yet."))
    since = brief(tunnel.since, state.locale, today)
    match tunnel.state:
        case TunnelState.STOPPED:
            return LampText(Level.OFF, name, say("Closed"))
        case TunnelState.STARTING if tunnel.progress is not None:
            percent = round(tunnel.progress * 100)
            return LampText(
                Level.OFF, name, say("Fetching ngrok, {percent} %", percent=percent), say("Fetching the ngrok program…")
            )
        case TunnelState.STARTING:
            return LampText(Level.OFF, name, say("Opening…"), say("Opening your public address…"))
        case TunnelState.RECONNECTING:
            more = say("The connection to your public address was lost. ShopWatch is opening it again.")
            return LampText(Level.WARN, name, say("Reconnecting…"), more)
        case TunnelState.NEEDS_USER:
            return LampText(Level.BAD, name, say("Needs you since {time}", time=since), str(tunnel.problem or ""))
        case TunnelState.FAILED:
            return LampText(Level.BAD, name, say("Closed since {time}", time=since), str(tunnel.problem or ""))
        case TunnelState.URL_CHANGED:
            return LampText(Level.WARN, name, say("Has changed"), _who_is_told(state))
        case TunnelState.ONLINE:
            pass
    match reach.state:
        case ReachState.SILENT:
            time = stamp(reach.since, state.locale, today)
            more = say("Your public address does not answer since {time}.", time=time)
            return LampText(
                Level.BAD, name, say("Unreachable since {time}", time=brief(reach.since, state.locale, today)), more
            )
        case ReachState.CHECKING:
            return LampText(Level.WARN, name, say("Checking…"), say("No sign of life for a while. Checking…"))
        case ReachState.UNKNOWN:
            return LampText(Level.OFF, name, say("Checking…"), tunnel.public_url)
        case ReachState.ANSWERS:
            host = urlsplit(tunnel.public_url).hostname or tunnel.public_url
            return LampText(Level.OK, name, host, tunnel.public_url)


def _counted(sources: Iterable[Source]) -> str:
    """One by its name; several names have no room beside a lamp."""
    names = {sender_name(source) for source in sources}
    return names.pop() if len(names) == 1 else say_n("{n} service", "{n} services", len(names))


def _who_is_told(state: Shop) -> str:
    if state.address.stale:
        names = names_of(state.address.stale)
        return say("Your public address has changed. Copy the new one into {name}.", name=names)
    return say("Your public address has changed. ShopWatch tells {name} the new one.", name=sender_names(state))


def _senders(state: Shop, address: Level, today: date) -> LampText:
    if not state.sources.all:
        return LampText(Level.OFF, say("Your shop"), say("Not connected yet"))
    name = _counted(state.sources.all)
    if state.settings.current.home.left:
        return LampText(Level.OFF, name, say("Heard elsewhere"), say("Your shop works on another computer now."))
    if state.health.vault_problem is not None:
        return LampText(Level.WARN, name, say("Cannot be checked"), str(state.health.vault_problem))
    if state.health.ledger_problem is not None:
        return LampText(Level.BAD, name, say("Cannot be kept"), str(state.health.ledger_problem))
    if state.receiver.tunnel.kind is TunnelKind.NONE:
        return LampText(Level.OFF, name, say("Practice only"), say("Practice mode. No real sale can arrive yet."))
    if address is Level.BAD:
        since = (
            state.receiver.reach.since
            if state.receiver.reach.state is ReachState.SILENT
            else state.receiver.tunnel.since
        )
        return LampText(
            Level.BAD,
            name,
            say("Not hearing since {time}", time=brief(since, state.locale, today)),
            _last(state, today),
        )
    if (off := [source for source in state.sources.all if is_off(state, source)]) and address is not Level.OFF:
        more = say("{name} sends nothing to ShopWatch any more. Look at Connections.", name=names_of(off))
        return LampText(Level.BAD, _counted(off), say("Nothing comes"), more)
    if state.address.stale:
        return LampText(Level.BAD, _counted(state.address.stale), say("Old address"), _who_is_told(state))
    if state.receiver.tunnel.state is TunnelState.URL_CHANGED:
        return LampText(Level.WARN, name, say("Is told the new address"), _who_is_told(state))
    if address is Level.WARN:
        return LampText(Level.WARN, name, say("Checking…"), _last(state, today))
    if address is Level.OFF or state.receiver.since is None:
        return LampText(Level.OFF, name, say("Starting…"))
    time = stamp(state.receiver.since, state.locale, today)
    more = " ".join([say("Listening since {time}.", time=time), _last(state, today)])
    since_text = say("Listening since {time}", time=brief(state.receiver.since, state.locale, today))
    return LampText(Level.OK, name, since_text, more)


def _last(state: Shop, today: date) -> str:
    if not state.health.heard:
        return say("No message has arrived yet.")
    return say("The last message arrived at {time}.", time=stamp(max(state.health.heard.values()), state.locale, today))
