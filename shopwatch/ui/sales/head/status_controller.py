"""How the shop stands, above its sales."""

from datetime import date

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QClipboard

from shopwatch.domain.facts import CatchUpChanged, SalesChanged
from shopwatch.domain.i18n import say
from shopwatch.presenting.sales.brought_in import BroughtIn
from shopwatch.presenting.status.banner import BannerProblem, BannerRemedy, problem_of
from shopwatch.presenting.status.lamps import lamps
from shopwatch.runtime.tasks import Run
from shopwatch.shop.shop import Shop
from shopwatch.ui.bridge import Bridge
from shopwatch.ui.sales.away.away_slot import AwaySlot
from shopwatch.ui.sales.head.header import SalesHeader
from shopwatch.ui.sales.head.quiet_line import QuietLine
from shopwatch.ui.sales.head.remedies import Remedies
from shopwatch.ui.widgets.frames.banner_slot import BannerSlot


class StatusController(QObject):
    """Tells it to the header's lamps and the one banner, before which the quiet line and what was missed give way, and
    does what the banner's buttons promise.

    Signals: `noticed(str)`, a sentence for the status bar; `unlocked()`, the password store works again;
    `address_requested()`, the owner wants to look after the public address; `connection_requested(str)`, after this
    source.
    """

    noticed = Signal(str)
    unlocked = Signal()
    address_requested = Signal()
    connection_requested = Signal(str)

    def __init__(
        self,
        shop: Shop,
        bridge: Bridge,
        *,
        header: SalesHeader,
        banner: BannerSlot,
        quiet: QuietLine,
        away: AwaySlot,
        clipboard: QClipboard,
        run: Run,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._shop = shop
        self._header = header
        self._banner = banner
        self._quiet = quiet
        self._away = away
        self._clipboard = clipboard
        self._brought_in = BroughtIn(shop)
        self._remedies = Remedies(shop, run, self)
        bridge.sales_changed.connect(self.on_sales_changed)
        bridge.caught_up.connect(self.on_caught_up)
        quiet.wanted.connect(self.connection_requested)
        banner.remedy_chosen.connect(self.on_remedy_chosen)
        self._remedies.failed.connect(banner.on_failed)
        self._remedies.noticed.connect(self.noticed)
        self._remedies.unlocked.connect(self.on_unlocked)
        self._remedies.copied.connect(self.on_copied)
        self._remedies.under_way.connect(banner.show_busy)
        self._remedies.address_requested.connect(self.address_requested)
        self._remedies.connection_requested.connect(self.connection_requested)

    def tell(self, today: date) -> None:
        """Tell how it stands now."""
        self._header.set_lamps(lamps(self._shop, today))
        problem = problem_of(self._shop, today, self._brought_in.count)
        self._banner.stand(problem)
        self._away.give_way(problem is not None)
        self._quiet.tell(self._shop, today, gives_way=problem is not None)

    @Slot(object)
    def on_sales_changed(self, fact: SalesChanged) -> None:
        self._brought_in.tell_sales(fact)

    @Slot(object)
    def on_caught_up(self, fact: CatchUpChanged) -> None:
        self._brought_in.tell_look(fact)

    @Slot(object)
    def on_remedy_chosen(self, remedy: BannerRemedy) -> None:
        if self._banner.shown is not None:
            self._remedies.begin(remedy, self._banner.shown)

    @Slot(str)
    def on_copied(self, text: str) -> None:
        self._clipboard.setText(text)

    @Slot()
    def on_unlocked(self) -> None:
        self.unlocked.emit()
        again = say("Messages are checked again.")
        self._banner.pass_by(BannerProblem("ok", "lock-open", say("Your password store is open"), again))
