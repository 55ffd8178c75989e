"""The settings that all computers of a shop obey, by way of the ledger that they share."""

import asyncio
import logging
from contextlib import suppress

from shopwatch.domain.errors import UserError
from shopwatch.domain.facts import Bus, SettingsChanged
from shopwatch.ledger.shop_settings import ShopSettings, ShopSettingsBook
from shopwatch.runtime.tasks import call_off, spawn
from shopwatch.settings.settings import read_values, written_values
from shopwatch.settings.store import SettingsStore

SHARED = frozenset({"shop_name", "targets", "letters", "popular", "check_at", "known_url", "own_url"})
"""Look, bell, quiet hours and port are each computer's own."""

_LOOKS_EVERY = 2.0
"""Seconds until a change that another computer has made holds here too."""

_log = logging.getLogger(__name__)


class SharedSettings:
    """Takes over what others have changed, and hands on what is changed here.

    Only where the ledger is shared; in a data folder of one computer its file of settings is all there is.
    """

    def __init__(self, book: ShopSettingsBook, settings: SettingsStore, bus: Bus, *, shared: bool) -> None:
        self._book = book
        self._settings = settings
        self._bus = bus
        self._shared = shared
        self._stamp = -1
        self._taking_over = False
        self._waiting: frozenset[str] = frozenset()
        self._handing_on: asyncio.Task[None] | None = None
        self._looking: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Obey from now on what the others obey; the first computer tells them what it has. Raises UserError."""
        if not self._shared:
            return
        held = await self._book.read()
        self._take_over(held)
        if missing := SHARED - held.values.keys():
            self._take_over(await self._book.write(written_values(self._settings.current, missing)))
        self._bus.listen(SettingsChanged, self._on_changed)

    def start(self) -> None:
        """Look for changes, on the running loop."""
        if self._shared and self._looking is None:
            self._looking = spawn(self._look(), "look for changed settings")

    async def stop(self) -> None:
        await call_off(self._looking)
        self._looking = None

    async def refresh(self) -> None:
        """Let hold here what others have changed until now. Raises `Outage` while nobody can say."""
        if self._shared and not self._waiting and await self._book.stamp() > self._stamp:
            held = await self._book.read()
            if held.stamp > self._stamp:  # not if a later look has been quicker
                self._take_over(held)

    async def close(self) -> None:
        """Return once what was changed here is handed on."""
        if self._handing_on is not None:
            await self._handing_on

    def _on_changed(self, fact: SettingsChanged) -> None:
        if self._taking_over or not (names := fact.names & SHARED):
            return
        self._waiting |= names
        if self._handing_on is None or self._handing_on.done():
            self._handing_on = spawn(self._hand_on(), "hand on settings")

    async def _hand_on(self) -> None:
        while self._waiting:
            names, self._waiting = self._waiting, frozenset()
            try:
                held = await self._book.write(written_values(self._settings.current, names))
            except UserError as problem:
                _log.warning("changed settings do not reach the other computers: %s", problem)
                return
            self._stamp = max(self._stamp, held.stamp)

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(_LOOKS_EVERY)
            with suppress(UserError):  # away: asked again
                await self.refresh()

    def _take_over(self, held: ShopSettings) -> None:
        self._stamp = held.stamp
        self._taking_over = True
        try:
            self._settings.change(**read_values({name: held.values[name] for name in held.values.keys() & SHARED}))
        finally:
            self._taking_over = False
