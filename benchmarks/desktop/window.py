"""The desktop program itself, watched from inside; started by `measure` as a process of its own.

A second argument is the address of a program that never answers, to which the rules may pass events on.

Prints one JSON line when its first rows are painted and one when it hears; then each line on stdin asks for something:
"report" for what was seen since the last report, "ledger" for the times of pages and searches, "missed" and an address
to bring in what a stand-in for Stripe lists there, "end" to end.
"""

import asyncio
import json
import sys
import time
from pathlib import Path

import psutil
from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Slot

from benchmarks.http.load import SECRET
from shopwatch.app import application, run
from shopwatch.domain.facts import TunnelChanged
from shopwatch.domain.rules.popup import DesktopNotification, NotificationService, Service
from shopwatch.domain.rules.target import Target
from shopwatch.host.paths import Paths
from shopwatch.ledger.sales.query import Cursor, SalesQuery, Sort
from shopwatch.recovery.api_client import ApiClient
from shopwatch.recovery.api_transport import ApiTransport
from shopwatch.recovery.catchup import CatchUp
from shopwatch.secrets.api_keys import ApiKeys
from shopwatch.secrets.vault import MemoryVault
from shopwatch.shop.shop import Shop
from shopwatch.ui.desktop import Desktop

SILENT = "silent"
"""The id of that program's target."""

_BEAT_MS = 4
_PAGES = 60
_TYPED = ("maya", "lindqvist", "peony", "okoye", "olive", "tanaka", "spring", "núñez", "5567", "zoe@")


class Watcher(QObject):
    """Notes when rows are on the screen, how late the loop is, and when pop-ups were handed over."""

    def __init__(self) -> None:
        super().__init__()
        self.view: Desktop | None = None
        self.lags: list[float] = []
        self.painted: list[tuple[float, int]] = []
        self.popped: list[tuple[float, str]] = []
        self._beaten = time.monotonic()
        self._beat = QTimer(self, interval=_BEAT_MS, timerType=Qt.TimerType.PreciseTimer)
        self._beat.timeout.connect(self.on_beat)

    def watch(self, view: Desktop) -> None:
        self.view = view
        view.sales.table.viewport().installEventFilter(self)
        self._beat.start()

    @Slot()
    def on_beat(self) -> None:
        at = time.monotonic()
        self.lags.append(max(0.0, (at - self._beaten) * 1000 - _BEAT_MS))
        self._beaten = at

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if event.type() == QEvent.Type.Paint:
            QTimer.singleShot(0, self.on_painted)
        return super().eventFilter(watched, event)

    @Slot()
    def on_painted(self) -> None:
        if self.view is None:
            return
        model = self.view.sales.model
        if model.rowCount():
            self.painted.append((time.monotonic(), model.newest_id()))

    def report(self) -> dict[str, object]:
        assert self.view
        said = {
            "lags": self.lags,
            "painted": self.painted,
            "popped": [at for at, _ in self.popped],
            "rows": self.view.sales.model.rowCount(),
            "rss": psutil.Process().memory_info().rss,
        }
        self.lags, self.painted, self.popped = [], [], []
        return said


class Handed:
    """The desktop's pop-ups, and when each was handed over."""

    def __init__(self, screen: NotificationService, watcher: Watcher) -> None:
        self._screen = screen
        self._watcher = watcher

    async def show(self, notice: DesktopNotification) -> None:
        self._watcher.popped.append((time.monotonic(), notice.key))
        await self._screen.show(notice)

    async def check(self) -> Service:
        return await self._screen.check()


def main() -> None:
    app = application()
    watcher = Watcher()

    async def work(shop: Shop, view: Desktop) -> None:
        watcher.watch(view)
        await view.painted()
        _say({"painted": watcher.painted[0][0] if watcher.painted else None})
        if len(sys.argv) > 2:
            options = {"url": sys.argv[2], "local": "yes"}
            await shop.targets.put(Target(SILENT, "forward", "Silent", options))
        source = await shop.connections.add("paynow", "Benchmark")
        await shop.connections.set_secrets(source.id, (SECRET,))
        hears = asyncio.Event()
        shop.bus.listen(TunnelChanged, lambda _: hears.set())
        if shop.receiver.since is None:
            await hears.wait()
        _say({"url": shop.address.of(source), "rss": psutil.Process().memory_info().rss})
        while (asked := (await asyncio.to_thread(sys.stdin.readline)).strip()) not in ("", "end"):
            what, _, origin = asked.partition(" ")
            if what == "missed":
                _say(await _missed(shop, origin))
            else:
                _say(await _ledger(shop) if what == "ledger" else watcher.report())

    run(app, Paths(Path(sys.argv[1])), vault=MemoryVault(), wrap=lambda screen: Handed(screen, watcher), work=work)


async def _missed(shop: Shop, origin: str) -> dict[str, object]:
    source = await shop.connections.add("stripe")
    keys = ApiKeys(MemoryVault())
    await keys.write(source.id, "rk_live_of_no_use_anywhere")
    transport = ApiTransport(stand_ins={"api.stripe.com": origin})
    begun = time.monotonic()
    result = await CatchUp(shop.ledger, ApiClient(keys, transport), shop.bus).look_at(source)
    seconds = time.monotonic() - begun
    await transport.close()
    return {"seconds": seconds, "brought_in": result.brought_in if result else 0}


async def _ledger(shop: Shop) -> dict[str, object]:
    pages: list[float] = []
    for sort in Sort:
        for descending in (True, False):
            after: Cursor | None = None
            for _ in range(_PAGES):
                begun = time.monotonic()
                page = await shop.ledger.sales.page(SalesQuery(sort=sort, descending=descending), after)
                pages.append((time.monotonic() - begun) * 1000)
                after = page.next
    searches: list[float] = []
    for word in _TYPED * 5:
        for length in range(1, len(word) + 1):
            begun = time.monotonic()
            await shop.ledger.sales.page(SalesQuery(text=word[:length]))
            searches.append((time.monotonic() - begun) * 1000)
    return {"pages": pages, "searches": searches}


def _say(line: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
