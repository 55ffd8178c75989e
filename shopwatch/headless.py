"""`serve`: the receiver without a window. No Qt is imported here or below."""

import asyncio
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from shopwatch import writer_process
from shopwatch.domain.connection.ownership import At
from shopwatch.domain.connection.reach import ReachState, TunnelKind, TunnelState
from shopwatch.domain.errors import UserError
from shopwatch.domain.facts import (
    ApiChanged,
    ClockChanged,
    EndpointsChanged,
    LedgerChanged,
    ReachChanged,
    SettingsChanged,
    TunnelChanged,
    UsageChanged,
    VaultChanged,
)
from shopwatch.domain.i18n import say
from shopwatch.host import logs
from shopwatch.host.handles import allow_handles
from shopwatch.host.lock import DataFolderLock, Role
from shopwatch.host.paths import Paths
from shopwatch.host.service_manager import tell_ready, tell_stopping
from shopwatch.listener.listen_address import ListenAddress
from shopwatch.runtime import gc_policy
from shopwatch.runtime.tasks import call_off
from shopwatch.secrets.unsealing import Unsealing
from shopwatch.shop.instance_ownership import away
from shopwatch.shop.opening import open_shop
from shopwatch.shop.receiving.sale_log import log_sales
from shopwatch.shop.shop import Shop

_SETTLED = {TunnelState.ONLINE, TunnelState.URL_CHANGED, TunnelState.NEEDS_USER, TunnelState.FAILED}
_ADDRESS_PATIENCE = 20.0
_DRAINS = 10.0
"""Seconds: a balancer looks every two, and believes its second look."""


async def serve(
    paths: Paths,
    database: str | None,
    *,
    port: int | None,
    tunnel: TunnelKind | None,
    here: bool = False,
    unsealing: Unsealing | None = None,
    admin: tuple[str, int] | None = None,
    listen: ListenAddress | None = None,
    verbose: bool = False,
    ready: Callable[[int, str | None], None],
    tell: Callable[[str], None],
) -> None:
    """Receive until SIGTERM or SIGINT, then answer what has come and return.

    It also returns when the shop has been moved to another copy; with `here` the shop is taken back from that one.
    `ready` is called once with the port and the public address, when both are known, or after 20 s without an address.
    At `admin`, a host and a port, balancers and monitoring are answered. `verbose` logs on stderr whatever happens,
    each sale too. `tell` hears problems in plain words.
    Raises UserError if another process has this folder, the port is taken, or the shop works in another copy.
    """
    allow_handles()
    paths.prepare()
    with DataFolderLock(paths).acquire(Role.SERVE):
        logs.configure(paths.logs, verbose=verbose)
        shop = await open_shop(
            paths,
            database,
            writer_config=writer_process.writer_config(),
            alone=True,
            unsealing=unsealing,
            listen=listen,
        )
        try:
            ended = _end_signal()
            settled = _speak(shop, tell)
            if verbose:
                log_sales(shop.bus)
            _end_when_away(shop, ended, tell)
            if here:
                shop.ownership.take_over()
            elif shop.settings.current.home.at is At.AWAY:
                raise _away()
            listening = await shop.start(port=port, tunnel=tunnel)
            gc_policy.settle()
            await _first(ended, settled)
            async with _watched_over(shop, admin):
                tell_ready()
                ready(listening, shop.receiver.tunnel.public_url or None)
                await ended.wait()
                tell_stopping()
        finally:
            await shop.close()


@asynccontextmanager
async def _watched_over(shop: Shop, place: tuple[str, int] | None) -> AsyncIterator[None]:
    """Whoever asks at `place` is told how the shop is; at the end, for a while, that it should be sent nothing more."""
    if place is None:
        yield
        return
    from shopwatch.listener.admin import Admin
    from shopwatch.shop.receiving.monitoring import Monitoring

    monitoring = Monitoring(shop.ledger, shop.health, shop.receiver, shop.duties)
    admin = Admin(monitoring.unready, monitoring.metrics)
    await admin.start(*place)
    try:
        yield
        monitoring.drain()
        await asyncio.sleep(_DRAINS)
    finally:
        await admin.stop()


def _end_signal() -> asyncio.Event:
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, ended.set)
        except NotImplementedError:  # Windows
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(ended.set))
    return ended


def _end_when_away(shop: Shop, ended: asyncio.Event, tell: Callable[[str], None]) -> None:
    def on_settings_changed(_: SettingsChanged) -> None:
        if shop.settings.current.home.at is At.AWAY:
            tell(str(_away()))
            ended.set()

    def on_ledger_changed(fact: LedgerChanged) -> None:
        if fact.problem is not None and fact.problem.code == "store-moved":
            ended.set()  # who watches over this process starts it again, and it finds the new place in its settings

    shop.bus.listen(SettingsChanged, on_settings_changed)
    shop.bus.listen(LedgerChanged, on_ledger_changed)


def _away() -> UserError:
    moved = away()
    way = say("“shopwatch serve --here” takes it back.")
    return UserError(moved.title, f"{moved.hint} {way}", code=moved.code)


async def _first(*events: asyncio.Event) -> None:
    waiting = [asyncio.ensure_future(each.wait()) for each in events]  # noqa: TID251 - awaited right here
    await asyncio.wait(waiting, timeout=_ADDRESS_PATIENCE, return_when=asyncio.FIRST_COMPLETED)
    await call_off(*waiting)


def _speak(shop: Shop, tell: Callable[[str], None]) -> asyncio.Event:
    settled = asyncio.Event()
    said: dict[str, str] = {}

    def speak(about: str, problem: UserError | None) -> None:
        sentence = str(problem) if problem else ""
        if sentence and said.get(about) != sentence:
            tell(sentence)
        said[about] = sentence

    def on_tunnel_changed(fact: TunnelChanged) -> None:
        if fact.status.state in _SETTLED:
            settled.set()
        speak("tunnel", fact.status.problem)

    def speak_of_endpoints(_: EndpointsChanged | TunnelChanged) -> None:
        for source in shop.sources.all:
            speak(f"endpoint of {source.id}", shop.endpoints.problem(source))

    def on_reach_changed(fact: ReachChanged) -> None:
        # A look in between, or a first failure, says neither.
        if fact.reach.state in (ReachState.SILENT, ReachState.ANSWERS):
            speak("reach", fact.reach.problem)

    shop.bus.listen(TunnelChanged, on_tunnel_changed)
    shop.bus.listen(TunnelChanged, speak_of_endpoints)
    shop.bus.listen(ReachChanged, on_reach_changed)
    shop.bus.listen(VaultChanged, lambda fact: speak("vault", fact.problem))
    shop.bus.listen(ApiChanged, lambda fact: speak(f"asking {fact.source_id}", fact.problem))
    shop.bus.listen(ClockChanged, lambda fact: speak("clock", fact.problem))
    shop.bus.listen(UsageChanged, lambda _: speak("allowance", shop.address.allowance_problem))
    shop.bus.listen(LedgerChanged, lambda fact: speak("ledger", fact.problem))
    shop.bus.listen(EndpointsChanged, speak_of_endpoints)
    return settled
