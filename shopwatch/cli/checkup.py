"""What `doctor` looks at, one part after the other."""

import asyncio
import json
import os
import socket
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from shopwatch.actions.ring.notifications import DesktopNotifications
from shopwatch.actions.ring.popups import check as check_popups
from shopwatch.cli.look import LOOK
from shopwatch.domain.check import Check
from shopwatch.domain.connection.reach import TunnelKind
from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import say
from shopwatch.host.checkup import check_clock, check_data_folder, check_python, check_vault
from shopwatch.host.command import is_frozen, own_command
from shopwatch.host.paths import Paths
from shopwatch.listener.answers import NOT_FOUND
from shopwatch.listener.probes import PREFIX
from shopwatch.runtime.clock_skew import ClockSkew
from shopwatch.secrets.unsealing import Unsealing, from_credentials
from shopwatch.secrets.vault import KeyringVault
from shopwatch.settings.settings import Settings, fresh, load
from shopwatch.shop.opening import open_shop
from shopwatch.shop.receiving import runtime_state
from shopwatch.tunnel.probe import probe
from shopwatch.tunnel.program import find_program
from shopwatch.tunnel.release import own_program

_PATIENCE = 20.0


async def checkup(paths: Paths, database: str | None, unsealing: Unsealing | None = None) -> list[Check]:
    """Everything ShopWatch needs on this machine, in the order an owner would mend it."""
    checks = [check_python(), check_data_folder(paths), *await _check_address(paths)]
    checks += await _check_desktop()
    checks.append(await check_popups(DesktopNotifications(None)))
    if not checks[1].ok:
        return checks
    settings, problem = _read_settings(paths)
    if problem is not None:
        checks.append(Check("settings", False, problem.title, problem.hint))
    chosen = settings or fresh()
    if unsealing is None and from_credentials() is None:
        checks.append(await check_vault(KeyringVault(scope=chosen.id)))
    if settings is not None:  # without them no shop can be opened
        checks += await _check_shop(paths, database, unsealing)
    checks.append(await _check_program(paths, chosen.tunnel_program))
    checks.append(_check_port(paths, chosen.port))
    return checks


def _read_settings(paths: Paths) -> tuple[Settings | None, UserError | None]:
    """The settings, as far as they can be read, and what stands in the way."""
    try:
        return load(paths.settings)
    except UserError as problem:
        return None, problem


async def _check_address(paths: Paths) -> list[Check]:
    """The clock, by what the public address says of the time; and whether that leads here, where one is open."""
    clock_skew, heard = ClockSkew(), runtime_state.read(paths)
    if heard is None or not heard.public_url:
        return [check_clock()]
    # Only the process that hears can prove that it is itself; what it answers to strangers is known here as well.
    problem = await probe(
        heard.public_url,
        PREFIX + "doctor",
        NOT_FOUND.body.decode(),
        status=NOT_FOUND.status,
        hear_date=clock_skew.heard,
    )
    clock = check_clock(problem=clock_skew.problem)
    if heard.kind is TunnelKind.NONE:
        return [clock]
    if problem is not None:
        return [clock, Check("reach", False, problem.title, problem.hint)]
    return [clock, Check("reach", True, say("The public address leads to this ShopWatch."))]


async def _check_desktop() -> list[Check]:
    process = await asyncio.create_subprocess_exec(
        *own_command(LOOK),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(_PATIENCE):
            out, _ = await process.communicate()
        seen = json.loads(out)
    except (TimeoutError, ValueError):
        if process.returncode is None:
            process.kill()
            await process.wait()
        seen = {}
    qt = seen.get("qt", "")
    return [
        Check("qt", True, say("Qt {version} is here.", version=qt))
        if qt
        else Check("qt", False, say("Qt cannot be used."), _mend_qt()),
        Check("screen", True, say("There is a screen for the window."))
        if seen.get("screen")
        else Check("screen", False, say("There is no screen for the window."), say("`shopwatch serve` needs none.")),
        Check("tray", True, say("The desktop has a tray for ShopWatch’s icon."))
        if seen.get("tray")
        else Check("tray", False, say("This desktop has no tray."), say("Closing the window then asks what to do.")),
    ]


def _mend_qt() -> str:
    if is_frozen():
        return say("Install ShopWatch again, and the updates of your system.")
    return say("Run `make setup`, which installs what it needs.")


async def _check_shop(paths: Paths, database: str | None, unsealing: Unsealing | None) -> list[Check]:
    try:
        shop = await open_shop(paths, database, unsealing=unsealing)
    except UserError as problem:
        return [Check("ledger", False, problem.title, problem.hint)]
    sealed = [] if isinstance(shop.vault, KeyringVault) else [await check_vault(shop.vault)]
    try:
        kept = await shop.ledger.durability()
        sound = await shop.ledger.integrity()
    except UserError as problem:
        return [*sealed, Check("ledger", False, problem.title, problem.hint)]
    finally:
        await shop.close()
    told = ", ".join(f"{name} {value}" for name, value in kept.items())
    return [
        *sealed,
        Check("ledger", True, say("The sales file is sound."))
        if sound
        else Check("ledger", False, say("The sales file is damaged."), say("Restore your last backup.")),
        Check("durability", True, say("What is stored survives a power cut ({settings}).", settings=told)),
    ]


async def _check_program(paths: Paths, program: str) -> Check:
    chosen = program or os.environ.get("PYNGROK_NGROK_PATH", "")
    if not chosen and not own_program(paths.tunnel).exists():
        return Check("tunnel-program", True, say("The ngrok program is fetched when the address is first opened."))
    try:
        with ThreadPoolExecutor(1) as worker:
            found = await find_program(Path(chosen) if chosen else None, paths.tunnel, lambda _done: None, worker)
    except UserError as problem:
        return Check("tunnel-program", False, problem.title, problem.hint)
    return Check("tunnel-program", True, say("The ngrok program is {path}.", path=found.path))


def _check_port(paths: Paths, port: int) -> Check:
    if runtime_state.read(paths) is not None:
        return Check("port", True, say("ShopWatch is running and listens."))
    with socket.socket() as line:
        if os.name == "posix":
            line.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            line.bind(("127.0.0.1", port))
        except OSError:
            return Check(
                "port",
                False,
                say("Another program uses the place where ShopWatch listens ({port}).", port=port),
                say("ShopWatch takes another one, unless the address is your own."),
            )
    return Check("port", True, say("ShopWatch can listen on this computer."))
