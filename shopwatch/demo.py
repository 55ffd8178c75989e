"""`demo`: a made-up shop behind the real window, and a pretend PayNow that signs and posts its sales."""

import asyncio
import json
import os
import secrets
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from msgspec import structs
from PySide6.QtCore import QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QImageWriter

from shopwatch.app import application, run
from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import say
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.rules.popup import DesktopNotification, NotificationService, Service
from shopwatch.host.paths import Paths
from shopwatch.ledger.sales.query import SalesQuery
from shopwatch.providers.senders.paynow import PAYNOW
from shopwatch.runtime.clock import now
from shopwatch.secrets.vault import MemoryVault
from shopwatch.settings.settings import fresh, save
from shopwatch.shop.shop import Shop
from shopwatch.shop.sources.rehearsal import post, transport
from shopwatch.ui.desktop import Desktop
from shopwatch.ui.system.display import has_screen

_PATIENCE = 20.0
_LOOK_EVERY = 0.05


def demo(*, sales: int, rate: float, screenshot: Path | None, leave: bool) -> int:
    """Show `sales` made-up sales, `rate` a second, in a throw-away data folder; 1 if any was lost on its way, or if it
    was to `leave` by itself and was ended before.

    Each sale is a JSON line on stdout, and a last one says how many were sent, stored, shown and popped up. With
    `leave` it ends then, else when the owner quits. Without a screen the window is painted, but nowhere to be seen.
    Raises UserError if the picture cannot be written, and OSError if nobody reads what it says.
    """
    if screenshot is not None:
        _refuse_ending(screenshot)
    if not has_screen():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        qInstallMessageHandler(_say)
    told = Tally()
    complete = not leave
    failure: UserError | OSError | None = None

    async def work(shop: Shop, view: Desktop) -> None:
        nonlocal complete, failure
        try:
            complete = await _show(shop, view, told, sales, rate)
            if screenshot is not None and not view.window.grab().save(str(screenshot)):
                raise UserError(
                    say("{file} cannot be written.", file=screenshot),
                    say("Choose another place, or free some space there."),
                    code="file-unwritable",
                )
        except (UserError, OSError) as problem:
            failure = problem
        else:
            if not leave:
                await asyncio.Event().wait()

    with tempfile.TemporaryDirectory(prefix="shopwatch-demo-") as folder:
        paths = Paths(Path(folder) / "data")
        paths.prepare()
        save(paths.settings, replace(fresh(), shop_name=say("Bloom & Stem"), setup_done=True))
        run(application(), paths, vault=MemoryVault(), wrap=told.between, work=work)
    if failure is not None:
        raise failure
    return 0 if complete else 1


def _refuse_ending(picture: Path) -> None:
    if picture.suffix[1:].lower() not in (bytes(each.data()).decode() for each in QImageWriter.supportedImageFormats()):
        raise UserError(
            say("{file} does not end like the name of a picture.", file=picture),
            say("Choose a name that ends in .png."),
            code="picture-ending",
        )


class Tally:
    """Counts the sales for which a pop-up was handed to the desktop, whether alone or folded into one."""

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}

    @property
    def count(self) -> int:
        return sum(self._counts.values())

    def between(self, screen: NotificationService) -> NotificationService:
        """The same screen, counted."""
        return _Counted(screen, self._note)

    def _note(self, notice: DesktopNotification) -> None:
        for ended in notice.ends:
            self._counts.pop(ended, None)
        self._counts[notice.key] = notice.count


class _Counted:
    def __init__(self, screen: NotificationService, note: Callable[[DesktopNotification], None]) -> None:
        self._screen = screen
        self._note = note

    async def show(self, notice: DesktopNotification) -> None:
        await self._screen.show(notice)
        self._note(notice)

    async def check(self) -> Service:
        return await self._screen.check()


async def _show(shop: Shop, view: Desktop, told: Tally, sales: int, rate: float) -> bool:
    source = await shop.connections.add("paynow")
    secret = secrets.token_urlsafe(24)
    await shop.connections.set_secrets(source.id, (secret,))
    await _until(lambda: bool(shop.receiver.since))
    address, seed = shop.address.of(source), secrets.randbits(48)
    sent = 0
    async with transport() as session:
        begun = time.monotonic()
        for number in range(sales):
            await asyncio.sleep(max(0.0, begun + number / rate - time.monotonic()))
            request = PAYNOW.practise(Kind.SALE, secret, now(), seed + number)
            status = await post(session, structs.replace(request, url=address))
            sent += 1
            _print({"sale": number + 1, "status": status})
    query = SalesQuery()
    await _until(lambda: view.sales.model.rowCount() >= sales and told.count >= sales)
    summary = {
        "sent": sent,
        "stored": await shop.ledger.sales.count(query),
        "shown": view.sales.model.rowCount(),
        "popped_up": told.count,
    }
    _print(summary)
    return len(set(summary.values())) == 1


def _say(_kind: QtMsgType, _about: object, message: str | None) -> None:
    # Where nothing can be seen, nothing can be raised either, and Qt says so for each pop-up.
    if message and "raise()" not in message:
        sys.stderr.write(message + "\n")


async def _until(done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not done() and time.monotonic() < deadline:  # noqa: ASYNC110 - asks the window and the desktop in turn
        await asyncio.sleep(_LOOK_EVERY)


def _print(line: Mapping[str, object]) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()
