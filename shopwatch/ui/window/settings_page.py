"""The settings page: one page that scrolls, no tabs."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import say
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.settings.address import AddressGroup
from shopwatch.ui.settings.general import GeneralGroup
from shopwatch.ui.settings.moving import MovingGroup
from shopwatch.ui.settings.notices import AppearanceGroup, NoticesGroup
from shopwatch.ui.settings.outgoing import MailGroup, PlacesGroup
from shopwatch.ui.widgets.frames.ground import Ground
from shopwatch.ui.widgets.frames.layout import Stretch, column, row
from shopwatch.ui.widgets.frames.scrolled import Scrolled
from shopwatch.ui.widgets.inputs.buttons import RING
from shopwatch.ui.window.page_context import PageContext

_WIDEST = 640


class SettingsPage(QWidget):
    """Everything the owner can choose; a change is saved at once.

    Signals: `restore_requested(object, str)`, see `MovingGroup`.
    """

    restore_requested = Signal(object, str)

    def __init__(self, context: PageContext, *, launch: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("ground", "surface")
        theme, shop, clipboard = context.theme, context.shop, context.clipboard
        settings = shop.settings
        self.general = GeneralGroup(theme, settings, shop.paths, shop.locale, launch=launch, open_url=context.open_url)
        self.address = AddressGroup(theme, settings, shop.address, shop.receiver, shop.locale, clipboard=clipboard)
        self.notices = NoticesGroup(theme, settings, shop.practice, shop.sources, shop.locale)
        self.appearance = AppearanceGroup(theme, settings)
        self.mail = MailGroup(
            theme, shop.settings, shop.targets, shop.mail, shop.ledger.sales, locale=shop.locale, clipboard=clipboard
        )
        self.places = PlacesGroup(theme, shop.settings, shop.targets, clipboard=clipboard)
        self.moving = MovingGroup(theme, shop.settings, write_backup=shop.backups.write, move_out=shop.move_out)
        self.moving.restore_requested.connect(self.restore_requested)
        self._groups = (self.general, self.address, self.notices, self.mail, self.places, self.appearance, self.moving)
        self._build(theme)
        context.bridge.state_changed.connect(self.on_state_changed)

    def _build(self, theme: Theme) -> None:
        head = Ground("head")
        head.setFixedHeight(theme.px(72))
        row(theme.label(say("Settings"), "title"), inside=head, margins=(24, 0, 24, 0))
        inner = QWidget()
        inner.setMaximumWidth(theme.px(_WIDEST) + RING)
        column(*self._groups, inside=inner, gap=32)
        page = QWidget()
        page.setProperty("ground", "surface")
        row((inner, 1, Qt.AlignmentFlag.AlignTop), Stretch(0), inside=page, margins=(24 - RING, 24, 24, 40))
        scroll = Scrolled(page)
        column(head, (scroll, 1), inside=self)

    def show_now(self) -> None:
        for group in self._groups:
            group.show_now()

    def show_popup_problem(self, problem: UserError | None) -> None:
        """The desktop hides pop-ups, or shows them again."""
        self.notices.show_blocked(problem)

    @Slot()
    def on_state_changed(self) -> None:
        if self.isVisible():
            self.show_now()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.show_now()
