"""The owner's computer with ShopWatch on it: it sleeps, loses the network, moves to another address, and is killed."""

import asyncio
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from shopwatch.actions.ring.coalescing import NotificationPreferences
from shopwatch.actions.ring.popups import PopUps
from shopwatch.actions.ring.ringing import Ringing
from shopwatch.domain.connection.gap import Gap
from shopwatch.domain.connection.reach import TunnelKind
from shopwatch.domain.facts import NotificationsDue
from shopwatch.domain.rules.job import JobState
from shopwatch.domain.rules.popup import DesktopNotification, Service
from shopwatch.domain.rules.rule import Rule, RuleStep, Trigger
from shopwatch.host.paths import Paths
from shopwatch.ledger.sales.query import SalesQuery
from shopwatch.recovery.api_transport import ApiTransport
from shopwatch.secrets.vault import MemoryVault
from shopwatch.shop.opening import open_shop
from shopwatch.shop.shop import Shop
from tests.standin.hours import Hours
from tests.standin.road import Road
from tests.standin.senders import Sender

type Sold = tuple[str, str]
"""A source and one of its order numbers."""


class Screen:
    """The desktop's notification service: what it shows, and for how many sales each pop-up stands."""

    def __init__(self) -> None:
        self.shown: dict[str, DesktopNotification] = {}
        self.is_dark = False

    async def show(self, notice: DesktopNotification) -> None:
        if self.is_dark:
            return
        for key in notice.ends:
            self.shown.pop(key, None)
        self.shown[notice.key] = notice

    async def check(self) -> Service:
        return Service("a stand-in")

    @property
    def sales(self) -> int:
        return sum(each.count for each in self.shown.values())


@dataclass
class Life:
    """One run of the program, until it is ended or killed."""

    shop: Shop
    ringing: Ringing
    popups: PopUps
    screen: Screen


@dataclass
class Computer:
    """`rung` counts how often each sale rang; `swallows` says of a message whether our answer to it is lost."""

    folder: Path
    hours: Hours
    senders: tuple[Sender, ...]
    swallows: Callable[[], bool]
    asleep: bool = False
    online: bool = True
    due: Counter[Sold] = field(default_factory=Counter)
    screens: list[Screen] = field(default_factory=list)
    kills: int = 0
    life: Life | None = None

    def __post_init__(self) -> None:
        self.vault = MemoryVault()
        self.paths = Paths(self.folder / "0")
        self._ends: asyncio.Task[None] | None = None
        self._opened: list[Shop] = []
        self.hours.works = lambda: any(not each.ledger.outbox.at_rest for each in self._opened)

    async def install(self) -> None:
        """Put ShopWatch on it, connect all providers, and let every sale ring."""
        self.front = Road(loses=self.swallows)
        await self.front.build()
        self.roads: dict[str, Road] = {}
        for sender in self.senders:
            for host in sender.hosts:
                self.roads[host] = road = Road(int(sender.site.origin.rpartition(":")[2]))
                await road.build()
        shop = await self._open()
        for sender in self.senders:
            added = await shop.connections.add(sender.lists.provider_id, options=dict(sender.lists.options))
            await shop.connections.set_secrets(added.id, (sender.told,))
            await shop.connections.set_api_key(added.id, sender.lists.key)
            sender.source, sender.address = added, self.front.origin
        for rule in await shop.ledger.outbox.rules():
            await shop.ledger.outbox.drop_rule(rule.id)
        await shop.rules.put(Rule("Ring each sale", Trigger.SALE_PAID, steps=(RuleStep("ring", {"bell": "yes"}),)))
        await shop.address.choose(TunnelKind.OWN, url=self.front.origin)
        await self._shut(shop)

    async def start(self) -> None:
        """Start the program, as a desktop does."""
        if self._ends is not None:
            await self._ends
        shop = await self._open()
        screen = Screen()
        self.screens.append(screen)
        popups = PopUps(
            shop.bus,
            screen,
            preferences=NotificationPreferences,
            name_of=lambda source_id: source_id,
            on_bell=lambda _: None,
            on_open=lambda _: None,
            on_copy=lambda _: None,
            on_quiet=lambda: None,
            steady=lambda: self.hours.steady,
        )
        self.life = life = Life(shop, Ringing(shop.ledger.outbox, shop.bus), popups, screen)
        shop.bus.listen(NotificationsDue, lambda fact: self._on_rung(life, fact))
        if shop.settings.current.own_url != self.front.origin:
            await shop.address.choose(TunnelKind.OWN, url=self.front.origin)
        self.front.to = await shop.start(port=0)
        popups.start()
        await life.ringing.start()
        self._lead()

    async def close(self) -> None:
        """The owner ends the program."""
        life, self.life = self.life, None
        self._lead()
        if life is not None:
            await self._end(life)
        if self._ends is not None:
            await self._ends

    def kill(self) -> None:
        """The power goes: what the disk holds is all that is left."""
        life, self.life = self.life, None
        assert life is not None
        life.screen.is_dark = True
        self.kills += 1
        self._lead()
        before, self.paths = self.paths, Paths(self.folder / str(self.kills))
        self.paths.prepare()
        shutil.copy(before.settings, self.paths.settings)
        with closing(sqlite3.connect(before.ledger)) as there, closing(sqlite3.connect(self.paths.ledger)) as here:
            there.backup(here)
        # What it does from here on it does to files that nobody looks at any more.
        self._ends = asyncio.get_running_loop().create_task(self._end(life))

    def fall_asleep(self) -> None:
        self.asleep = True
        self._lead()

    def wake(self) -> None:
        self.asleep = False
        self._lead()

    def lose_network(self) -> None:
        self.online = False
        self._lead()

    def find_network(self) -> None:
        self.online = True
        self._lead()

    async def move(self) -> None:
        """It has another public address from now on; the old one leads nowhere."""
        before, self.front = self.front, Road(self.front.to, loses=self.swallows)
        await self.front.build()
        await before.tear_down()
        self._lead()
        if self.life is not None:
            await self.life.shop.address.choose(TunnelKind.OWN, url=self.front.origin)

    async def say_told(self) -> None:
        """The owner says that the providers have the present address, as far as the program is there to be told."""
        if self.life is not None and self.hears:
            for source in self.life.shop.address.stale:
                await self.life.shop.address.note_told(source.id)

    async def gaps(self) -> tuple[Gap, ...]:
        """The times of deafness that it knows of."""
        assert self.life is not None
        return await self.life.shop.ledger.gaps.all()

    async def sales(self) -> Counter[Sold]:
        """The rows that the ledger has."""
        return Counter((await self._rows()).values())

    async def unsure(self) -> Counter[Sold]:
        """Those of which nobody knows whether they rang, because it was killed meanwhile."""
        assert self.life is not None
        rows = await self._rows()
        jobs = await self.life.shop.ledger.outbox.jobs((JobState.SENDING, JobState.UNCERTAIN), limit=500)
        return Counter(rows[job.sale_id] for job in jobs if job.sale_id is not None)

    async def _rows(self) -> dict[int, Sold]:
        assert self.life is not None
        rows = self.life.shop.ledger.sales.every(SalesQuery())
        return {row.id: (row.source_id, row.sale.order_id) async for row in rows}

    @property
    def hears(self) -> bool:
        return self.life is not None and self.online and not self.asleep

    async def _open(self) -> Shop:
        transport = ApiTransport(stand_ins={host: road.origin for host, road in self.roads.items()})
        shop = await open_shop(self.paths, vault=self.vault, transport=transport)
        self._opened.append(shop)
        return shop

    async def _shut(self, shop: Shop) -> None:
        await shop.close()
        self._opened.remove(shop)

    async def _end(self, life: Life) -> None:
        await life.ringing.stop()
        await life.popups.stop()
        await self._shut(life.shop)

    def _lead(self) -> None:
        for road in (self.front, *self.roads.values()):
            if self.hears:
                road.mend()
            else:
                road.cut()

    def _on_rung(self, life: Life, fact: NotificationsDue) -> None:
        if not life.screen.is_dark:
            self.due.update((each.source_id, each.sale.order_id) for each in fact.sales)
