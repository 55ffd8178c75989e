"""What the buttons of the banner do."""

from collections.abc import Coroutine
from typing import Any

from PySide6.QtCore import QObject, Signal

from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import say
from shopwatch.domain.source import Source
from shopwatch.presenting.status.banner import BannerProblem, BannerRemedy
from shopwatch.runtime.tasks import Run
from shopwatch.shop.shop import Shop


class Remedies(QObject):
    """Runs them beside the screen, and tells how they ended.

    Signals: `failed(UserError)`; `noticed(str)`, a sentence for the status bar; `unlocked()`, the password store works
    again; `copied(str)`, this is for the clipboard; `under_way(bool)`; `address_requested()`, the owner wants to look
    after the public address; `connection_requested(str)`, after this source.
    """

    failed = Signal(object)
    noticed = Signal(str)
    unlocked = Signal()
    copied = Signal(str)
    under_way = Signal(bool)
    address_requested = Signal()
    connection_requested = Signal(str)

    def __init__(self, shop: Shop, run: Run, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._shop = shop
        self._run = run

    def begin(self, remedy: BannerRemedy, problem: BannerProblem) -> None:
        """Do this about that."""
        source = self._shop.sources.get(problem.source_id)
        match remedy:
            case BannerRemedy.CHANGE_ADDRESS:
                self.address_requested.emit()
            case BannerRemedy.UNLOCK:
                self._run(self._unlock(), "unlocking the password store")
            case BannerRemedy.TRY_AGAIN:
                self._run(self._try_again(), "trying again")
            case BannerRemedy.WORK_HERE:
                self._run(self._mend(self._shop.work_here()), "taking the shop back")
            case _ if source is not None:
                self._begin_with(remedy, source)

    def _begin_with(self, remedy: BannerRemedy, source: Source) -> None:
        match remedy:
            case BannerRemedy.COPY_ADDRESS:
                self._run(self._copy_address(source), "copying an address")
            case BannerRemedy.ADDRESS_TOLD:
                self._run(self._mend(self._shop.address.note_told(source.id)), "noting that a provider has the address")
            case BannerRemedy.MEND:
                self._run(self._mend(self._shop.endpoints.register(source.id)), "mending what a provider sends")
            case BannerRemedy.SHOW_CONNECTION:
                self.connection_requested.emit(source.id)

    async def _unlock(self) -> None:
        self.under_way.emit(True)
        try:
            problem = await self._shop.health.check_vault()
        except UserError as failure:
            problem = failure
        finally:
            self.under_way.emit(False)
        if problem is None:
            self.unlocked.emit()

    async def _try_again(self) -> None:
        self.under_way.emit(True)
        try:
            if self._shop.health.vault_problem is not None:
                await self._shop.health.check_vault()
            else:
                await self._shop.receiver.reopen()
        except UserError as problem:
            self.failed.emit(problem)
        finally:
            self.under_way.emit(False)

    async def _copy_address(self, source: Source) -> None:
        try:
            address = await self._shop.connections.whole_address(source)
        except UserError as problem:
            self.noticed.emit(str(problem))
        else:
            self.copied.emit(address)
            self.noticed.emit(say("Your address is copied. Put it into the service’s settings."))

    async def _mend(self, work: Coroutine[Any, Any, None]) -> None:
        """What goes wrong is told below, since the banner of what is to be mended stays."""
        self.under_way.emit(True)
        try:
            await work
        except UserError as problem:
            self.noticed.emit(str(problem))
        finally:
            self.under_way.emit(False)
