"""One sale in full, at the side of the list."""

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Qt, QTimer, QUrl, Signal, Slot
from PySide6.QtGui import QClipboard, QDesktopServices
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from shopwatch.domain.i18n import say, say_n
from shopwatch.domain.legible import legible
from shopwatch.domain.rules.job import Job
from shopwatch.domain.sales.sale import SaleState
from shopwatch.ledger.inbox.query import DeliveryRow
from shopwatch.ledger.sales.query import SaleDetail
from shopwatch.presenting.amounts import NOTHING, money_text
from shopwatch.presenting.initials import initials
from shopwatch.presenting.outside_text import tip
from shopwatch.presenting.sales.receipt_text import receipt_lines
from shopwatch.presenting.sales.sale_details import letter_of, order_page, spent_text, subtitle
from shopwatch.presenting.sales.sale_text import customer_text, order_text, pill_of, provider_name
from shopwatch.presenting.sales.timeline_text import steps_of
from shopwatch.presenting.times import stamp
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.sales.details.raw import RawMessages
from shopwatch.ui.sales.details.receipt import ReceiptView
from shopwatch.ui.sales.details.timeline import Timeline
from shopwatch.ui.widgets.frames.drawer import Drawer, part_of
from shopwatch.ui.widgets.inputs.buttons import Button, Overhang
from shopwatch.ui.widgets.inputs.copy_button import CopyButton
from shopwatch.ui.widgets.texts.avatar import Avatar
from shopwatch.ui.widgets.texts.elided import Elided
from shopwatch.ui.widgets.texts.pill import Pill


class SaleDrawer(Drawer):
    """Shows a `SaleDetail`.

    Signals: `message_wanted(int)` and `inbox_requested(int)`, the id of a delivery; `again_confirmed(Job)`, its e-mail
    is to go out once more, and the owner was asked.
    """

    message_wanted = Signal(int)
    inbox_requested = Signal(int)
    again_confirmed = Signal(object)

    def __init__(self, theme: Theme, locale: str, clipboard: QClipboard, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.setAccessibleName(say("Details of the sale"))
        self._locale = locale
        self._detail: SaleDetail | None = None
        self._page = ""
        self._letter: Job | None = None
        self._today = date.min
        self._order = Elided(theme, "heading", mode=Qt.TextElideMode.ElideMiddle)
        self._pill = Pill(theme)
        self._amount = theme.label("", "figure", figures=True)
        self._when = Elided(theme, "small", ink="text2")
        self._avatar = Avatar(theme)
        self._customer = Elided(theme, "body", 600)
        self._email = Elided(theme, "small", ink="text2", mode=Qt.TextElideMode.ElideMiddle)
        self._nth = theme.label("", "small", ink="text3")
        self._receipt = ReceiptView(theme)
        self._timeline = Timeline(theme)
        self.again = Button(theme, say("Send e-mail again…"), "", "envelope-simple")
        self._raw = RawMessages(theme)
        self._refund = Button(theme, "", "", "arrow-square-out")
        self._copy = CopyButton(theme, say("Copy order no."), clipboard, "plain")
        self._build()
        self._connect()

    @property
    def sale_id(self) -> int | None:
        return self._detail.row.id if self._detail else None

    def show_nothing(self) -> None:
        self._detail = None
        super().show_nothing()

    def show_detail(self, detail: SaleDetail, jobs: Sequence[Job], today: date) -> None:
        other = self._detail is None or self._detail.row.id != detail.row.id
        self._detail = detail
        sale = detail.row.sale
        if other:
            self._raw.fold()
            self._scroll.verticalScrollBar().setValue(0)
        self._order.show_own(order_text(sale))
        self._pill.show_look(pill_of(sale))
        self._amount.setText(
            money_text(sale.amount, self._locale) if sale.amount else legible(sale.amount_text, 16) or NOTHING
        )
        self._when.show_own(subtitle(sale, self._locale, today))
        self._show_customer(detail)
        self._receipt.show_lines(receipt_lines(sale, self._locale))
        self._timeline.show_steps(steps_of(detail, jobs, self._locale, today))
        self._today, self._letter = today, letter_of(jobs)
        self.again.setVisible(self._letter is not None)
        moments = sorted(detail.moments, key=lambda moment: moment.received_at)
        self._raw.tell(moments, [stamp(moment.received_at, self._locale, today) for moment in moments])
        self._show_footer(detail, today)
        self.show_whole()

    def show_message(self, delivery: DeliveryRow | None) -> None:
        self._raw.show_message(delivery)

    def _show_customer(self, detail: SaleDetail) -> None:
        sale = detail.row.sale
        self._customer.show_own(customer_text(sale))
        self._email.show_text(sale.email if sale.name else "")
        self._email.setVisible(bool(sale.email and sale.name))
        self._avatar.show_initials(initials(legible(sale.name, 80)))
        nth = detail.nth_order
        self._nth.setText(say_n("First order", "{n} orders so far", nth) if nth else "")

    def _show_footer(self, detail: SaleDetail, today: date) -> None:
        row = detail.row
        self._page = order_page(row.provider, row.sale)
        self._refund.setVisible(bool(self._page))
        self._refund.setText(say("Refund in {name}", name=provider_name(row.provider)))
        spent = row.sale.state is SaleState.REFUNDED
        self._refund.setEnabled(not spent)
        self._refund.setToolTip(tip(spent_text(detail, self._locale, today)) if spent else "")

    def _build(self) -> None:
        head = QVBoxLayout()
        head.setSpacing(0)
        self._order.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        head.addLayout(self.title_line(self._order, self._pill, spacing=8))
        head.addLayout(self.figure_line(self._amount, self._when))
        parts = (self._customer_part(), _section(self._receipt), _section(self._timeline, self.again), self._raw)
        nothing = say("Choose a sale to see it here.")
        self.lay_out(part_of(head, 24, 12, 12, 15), parts, (self._refund, self._copy), nothing=nothing)

    def _customer_part(self) -> QFrame:
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addWidget(self._customer)
        names.addWidget(self._email)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self._avatar)
        row.addLayout(names, 1)
        row.addWidget(self._nth)
        return part_of(row, 24, 14, 24, 13)

    def _connect(self) -> None:
        self._raw.wanted.connect(self.message_wanted)
        self._raw.inbox_requested.connect(self.inbox_requested)
        self._refund.clicked.connect(self.on_refund_clicked)
        self.again.clicked.connect(self.on_again_clicked)
        self._copy.clicked.connect(self.copy_order)
        self._raw.unfolded.connect(self.on_unfolded)

    @Slot()
    def copy_order(self) -> None:
        """Put the order's number on the clipboard, as the provider wrote it."""
        if self._detail is not None:
            sale = self._detail.row.sale
            self._copy.copy(sale.number or sale.order_id)

    @Slot()
    def on_unfolded(self) -> None:
        """Bring what has just appeared into sight, once it is laid out."""
        QTimer.singleShot(0, self, self.on_raw_laid_out)

    @Slot()
    def on_raw_laid_out(self) -> None:
        self._scroll.ensureWidgetVisible(self._raw, 0, 0)

    @Slot()
    def on_again_clicked(self) -> None:
        """Ask whether it may go out once more."""
        # Only who asks for it needs this, and the first window shall not wait for it.
        from shopwatch.ui.outbox.again import AgainQuestion  # noqa: PLC0415

        if self._letter is not None:
            question = AgainQuestion(self._theme, self._letter, self._locale, self._today, self.window())
            question.confirmed.connect(self.again_confirmed)
            question.open()

    @Slot()
    def on_refund_clicked(self) -> None:
        if self._page:
            QDesktopServices.openUrl(QUrl(self._page, QUrl.ParsingMode.StrictMode))


def _section(content: QWidget, button: Button | None = None) -> QFrame:
    column = QVBoxLayout()
    column.addWidget(content)
    if button is not None:
        row = Overhang(button, start=True)
        row.addStretch(1)
        column.addLayout(row)
    return part_of(column, 24, 16, 24, 15)
