"""What those who watch over a server are told of a shop: whether it may be sent messages, and how it is doing."""

import asyncio
import time

from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest

from shopwatch import __version__
from shopwatch.domain.errors import UserError
from shopwatch.ledger.ledger import Ledger
from shopwatch.shop.duties import Duties
from shopwatch.shop.receiving.health import Health
from shopwatch.shop.receiving.receiver import Receiver

_PATIENCE = 3.0
"""Seconds that the ledger may take to say that something could be stored."""
_HOLDS_FOR = 1.0
"""Seconds for which that is believed: balancers ask often, and there may be several."""


class Monitoring:
    """Names, amounts and paths are told to nobody."""

    def __init__(self, ledger: Ledger, health: Health, receiver: Receiver, duties: Duties) -> None:
        self._ledger = ledger
        self._health = health
        self._receiver = receiver
        self._duties = duties
        self._draining = False
        self._probed_at = float("-inf")
        self._stores = False
        self._seconds = 0.0
        self._probing = asyncio.Lock()

    def drain(self) -> None:
        """Messages should be sent elsewhere from now on."""
        self._draining = True

    async def unready(self) -> str:
        """What stands in the way of a message, in a word; empty if nothing does."""
        if self._draining:
            return "draining"
        if not self._receiver.hears:
            return "listener"
        if self._health.vault_problem is not None:
            return "secrets"
        return "" if await self._can_store() else "ledger"

    async def _can_store(self) -> bool:
        async with self._probing:
            began = time.monotonic()
            if began - self._probed_at < _HOLDS_FOR:
                return self._stores
            try:
                async with asyncio.timeout(_PATIENCE):
                    await self._ledger.probe()
                self._stores = True
            except (UserError, TimeoutError):
                self._stores = False
            self._probed_at = time.monotonic()
            self._seconds = self._probed_at - began
            return self._stores

    async def metrics(self) -> bytes:
        """All there are, in the text format of Prometheus."""
        registry = CollectorRegistry(auto_describe=False)

        def gauge(name: str, what: str, *labels: str) -> Gauge:
            return Gauge(f"shopwatch_{name}", what, labels, registry=registry)

        def counter(name: str, what: str) -> Counter:
            return Counter(f"shopwatch_{name}", what, registry=registry)

        gauge("info", "The version of this program.", "version").labels(__version__).set(1)
        why = await self.unready()
        gauge("ready", "Whether messages may be sent here.").set(not why)
        gauge("leads", "Whether this computer asks providers for the shop.").set(self._duties.leads)
        gauge("ledger_probe_seconds", "What the last look took whether something can be stored.").set(self._seconds)
        gauge("public_requests", "Requests by the public address since the start.").set(self._receiver.calls)
        written = self._ledger.written
        counter("groups", "Groups of messages that were committed together since the start.").inc(written.groups)
        counter("committed_messages", "Messages in those groups.").inc(written.messages)
        try:
            counts = await self._ledger.counts()
        except UserError:
            return generate_latest(registry)
        gauge("messages", "Messages that were ever kept in the ledger.").set(counts.deliveries)
        gauge("sales", "Sales in the ledger.").set(counts.sales)
        jobs = gauge("jobs", "Actions in which something is still to be done.", "state")
        for state, count in counts.jobs.items():
            jobs.labels(state.value).set(count)
        return generate_latest(registry)
