"""One provider's lists, a ledger, and a catch-up between them."""

import json
from dataclasses import dataclass, field
from pathlib import Path

from shopwatch.domain.connection.catchup import CaughtUp
from shopwatch.domain.facts import Bus, HappeningsKept, Outcome
from shopwatch.domain.instant import HOUR, Instant
from shopwatch.domain.messages.delivery import Delivery, Headers, Request
from shopwatch.domain.messages.happening import FileChange
from shopwatch.ledger import Ledger, Recorded
from shopwatch.ledger.inbox.query import InboxQuery
from shopwatch.ledger.sales.query import SalesQuery
from shopwatch.providers.apis import api_of
from shopwatch.recovery.api_client import ApiClient
from shopwatch.recovery.api_transport import ApiTransport, Bounds
from shopwatch.recovery.catchup import CatchUp
from shopwatch.runtime.clock import now
from shopwatch.secrets.api_keys import ApiKeys
from shopwatch.secrets.vault import MemoryVault
from tests.standin.lists import Entry, Lists

QUICK = Bounds(connect=10, total=5, pauses=())
OLD = now() - 2 * HOUR


@dataclass
class Scene:
    """A ledger, one provider's lists, and a catch-up between them."""

    lists: Lists
    folder: Path
    bounds: Bounds = QUICK
    files: list[str] = field(default_factory=list)
    """The paths of all files that were told."""
    keys: ApiKeys = field(default_factory=lambda: ApiKeys(MemoryVault()))

    async def open(self) -> None:
        self.bus = Bus()
        self.bus.listen(HappeningsKept, self._on_happenings_kept)
        at = (now() - 3 * 24 * HOUR) // 1000 * 1000
        self.ledger = Ledger.open(f"sqlite:///{self.folder / 'sales.sqlite'}", tell=self.bus.tell, clock=lambda: at)
        self.source = await self.ledger.sources.add(self.lists.provider_id, "The source", dict(self.lists.options))
        await self.keys.write(self.source.id, self.lists.key)
        self._call(self.bounds)

    def _call(self, bounds: Bounds) -> None:
        api = api_of(self.lists.provider_id)
        hosts = api.may_speak_to(self.source.options) if api is not None else ()
        self.transport = ApiTransport(bounds, stand_ins=dict.fromkeys(hosts, self.lists.site.origin))
        self.catch_up = CatchUp(self.ledger, ApiClient(self.keys, self.transport), self.bus)

    async def call_with(self, bounds: Bounds) -> None:
        """From now on wait as long as this."""
        await self._hang_up()
        self._call(bounds)

    async def close(self) -> None:
        await self._hang_up()
        self.ledger.close()

    async def _hang_up(self) -> None:
        await self.catch_up.stop()
        await self.transport.close()

    def happen(self, count: int, since: Instant = OLD) -> None:
        """So many more things at the provider, from two hours ago on, or from another time, three a second."""
        first, began = len(self.lists.entries), since // 1000
        self.lists.entries += [self.lists.entry(first + each, began + (first + each) // 3) for each in range(count)]

    async def look(self) -> CaughtUp:
        found = await self.catch_up.look_at(self.source)
        assert found is not None
        return found

    async def message(self, entry: Entry) -> Recorded:
        """The message of an entry comes in by itself."""
        _, body = self.lists.message(entry)
        sent = body if isinstance(body, bytes) else json.dumps(body).encode()
        request = Request("POST", "https://shop.example/in/x/y", Headers(), sent)
        return await self.ledger.record(Delivery(self.source.id, request, now()), self.lists.event(entry))

    async def known(self) -> int:
        """How many sales, or other things, there are."""
        if self.files:
            return len(self.files)
        sales = await self.ledger.sales.count(SalesQuery())
        return sales or len(await self.ledger.inbox.page(InboxQuery(outcome=Outcome.ACCEPTED), None, 1_000))

    async def standing(self) -> object:
        """How the sales are, as far as it counts."""
        page = await self.ledger.sales.page(SalesQuery(), None, 100)
        return [(each.sale.order_id, each.sale.standing) for each in page.rows]

    def _on_happenings_kept(self, fact: HappeningsKept) -> None:
        told = [row.happening for row in fact.rows]
        self.files += [file.path for each in told if isinstance(each, FileChange) for file in each.files]
