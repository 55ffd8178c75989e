"""The assistant's window: the list of steps, the step in sight, and the ways on and back."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QRadioButton, QStackedWidget, QWidget

from shopwatch.domain.i18n import say
from shopwatch.domain.legible import shorten
from shopwatch.presenting.setup.plan import Plan
from shopwatch.providers.provider import Provider
from shopwatch.ui.setup.step_list import StepList
from shopwatch.ui.setup.steps.address import AddressStep
from shopwatch.ui.setup.steps.connect import ConnectStep
from shopwatch.ui.setup.steps.secret import SecretStep
from shopwatch.ui.setup.steps.step import SetupStep
from shopwatch.ui.setup.steps.where import WhereStep
from shopwatch.ui.widgets.frames.ground import Ground
from shopwatch.ui.widgets.frames.layout import STRETCH, column, row
from shopwatch.ui.widgets.inputs.buttons import Button
from shopwatch.ui.widgets.texts.elided import Elided
from shopwatch.ui.window.page_context import PageContext

_ADDRESS, _SECRET, _CONNECT = 1, 2, 3
_WIDE = 1180
_USUAL = QSize(1440, 864)
_LONGEST_VERB = 48


class SetupWindow(QWidget):
    """Leads the owner from nothing to the first message, and through the same again for another service.

    Signals: `finished()`, the owner wants to see the shop; `practice_chosen()`, made-up sales first;
    `restore_wanted()`, the shop of a backup instead; `later()`, nothing now, also when the window is closed.
    """

    finished = Signal()
    practice_chosen = Signal()
    restore_wanted = Signal()
    later = Signal()

    def __init__(self, context: PageContext, *, providers: Sequence[Provider], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme = context.theme
        self._shop = shop = context.shop
        self.plan = plan = Plan(shop, providers)
        self._names = (say("Where you sell"), say("Public address"), say("Secret"), say("Connect"))
        self.where, self.address = WhereStep(context, plan), AddressStep(context, plan)
        self.secret, self.connect_step = SecretStep(context, plan), ConnectStep(context, plan)
        self.steps: tuple[SetupStep, ...] = (self.where, self.address, self.secret, self.connect_step)
        self._at = -1
        self._reached = 0
        self._source_id = ""
        self._ended = False
        adds = bool(shop.sources.all)
        title = say("Add a service") if adds else say("Set up ShopWatch")
        self._spoken = (
            say("Add a service, step {number} of {count}, {name}")
            if adds
            else say("Set up ShopWatch, step {number} of {count}, {name}")
        )
        self.list = StepList(theme, self._names, title if adds else say("About 4 minutes"))
        self._stack = QStackedWidget()
        self.back = Button(theme, say("Back"), large=True)
        self.secondary = Button(theme, "", "plain", large=True)
        self.primary = Button(theme, "", "primary", large=True)
        self._note = Elided(theme, "small", ink="text3")
        self._note.setAlignment(Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter)
        self.setProperty("ground", "surface")
        self.setWindowTitle(title)
        self.setMinimumSize(960, 640)
        self.resize(_USUAL)
        self._build()
        self._connect()
        self._go_to(0)

    def _build(self) -> None:
        for step in self.steps:
            self._stack.addWidget(step)
        foot = Ground("foot")
        foot.setFixedHeight(self._theme.px(40) + 32)
        row(
            self.back,
            STRETCH,
            (self._note, 100),
            8,
            self.secondary,
            self.primary,
            inside=foot,
            margins=(60, 0, 60, 0),
            gap=4,
        )
        row(self.list, (column((self._stack, 1), foot), 1), inside=self)

    def _connect(self) -> None:
        for step in self.steps:
            step.changed.connect(self.on_step_changed)
            step.passed.connect(self.on_step_passed)
        for name in self.list.rows:
            name.clicked.connect(self.on_row_clicked)
        self.back.clicked.connect(self.on_back)
        self.primary.clicked.connect(self.on_primary)
        self.secondary.clicked.connect(self.on_secondary)
        self.where.practice_chosen.connect(self.on_practice_chosen)
        self.where.restore_wanted.connect(self.on_restore_wanted)
        self.where.later.connect(self.on_later)
        self.connect_step.secret_wanted.connect(self.on_secret_wanted)
        self.connect_step.address_wanted.connect(self.on_address_wanted)
        self.connect_step.copied.connect(self.on_copied)
        # Shortcuts, because on some desktops a button takes Return for itself.
        for keys, slot in (("Alt+Left", self.on_back), ("Return", self.on_return), ("Enter", self.on_return)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setAutoRepeat(False)
            shortcut.activated.connect(slot)

    @property
    def at(self) -> int:
        """Which step is in sight, from 0."""
        return self._at

    def _go_to(self, place: int) -> None:
        if place == self._at:
            return
        if self._at >= 0:
            self.steps[self._at].leave()
        self._at = place
        self._reached = max(self._reached, place)
        if place == _CONNECT and self.plan.source is not None and self.plan.source.id != self._source_id:
            self._source_id = self.plan.source.id
            self.connect_step.forget()
        step = self.steps[place]
        self._stack.setCurrentWidget(step)
        step.enter()
        self._render()
        name = self._spoken.format(number=place + 1, count=len(self.steps), name=self._names[place].lower())
        self.setAccessibleName(name)
        self._focus_step()

    def _focus_step(self) -> None:
        if self._at == 0:
            self.primary.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self.steps[self._at].focus_first()
        # Focus that a program gives shows no ring by itself, and the keyboard's place must be seen.
        self.setAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange)

    def _render(self) -> None:
        step = self.steps[self._at]
        self.back.setVisible(self._at > 0 and not (self._at == _CONNECT and self.connect_step.heard_at))
        self.primary.setText(shorten(step.primary, _LONGEST_VERB).replace("&", "&&"))
        self.secondary.setText(step.secondary)
        self.secondary.setVisible(bool(step.secondary))
        self._note.show_text(step.note)
        self._note.setVisible(bool(step.note))
        self.list.show_step(self._at, self._reached, [each.summary for each in self.steps])

    def _end(self) -> bool:
        """Whether this is the first time that the assistant ends."""
        first, self._ended = not self._ended, True
        if first:
            self.steps[self._at].leave()
        return first

    @Slot()
    def on_step_changed(self) -> None:
        if self._at >= 0:
            self._render()

    @Slot()
    def on_step_passed(self) -> None:
        if self.sender() is not self.steps[self._at]:
            return
        if self._at < _CONNECT:
            self._go_to(self._at + 1)
        elif self.plan.following is not None:
            self.plan.go_on()
            self._go_to(_SECRET)
        elif self._end():
            self._shop.settings.change(setup_done=True)
            self.finished.emit()

    @Slot()
    def on_primary(self) -> None:
        self.steps[self._at].go_on()

    @Slot()
    def on_return(self) -> None:
        """Return presses the button that has the keyboard; anywhere else it goes on."""
        focused = QApplication.focusWidget()
        if isinstance(focused, QAbstractButton) and not isinstance(focused, QRadioButton):
            focused.click()
        else:
            self.primary.click()

    @Slot()
    def on_secondary(self) -> None:
        self.steps[self._at].go_aside()

    @Slot()
    def on_back(self) -> None:
        if self._at > 0:
            self._go_to(self._at - 1)

    @Slot()
    def on_row_clicked(self) -> None:
        row = self.sender()
        self._go_to(next(place for place, each in enumerate(self.list.rows) if each is row))

    @Slot()
    def on_secret_wanted(self) -> None:
        self._go_to(_SECRET)

    @Slot()
    def on_address_wanted(self) -> None:
        self._go_to(_ADDRESS)

    @Slot()
    def on_copied(self) -> None:
        self.primary.setFocus(Qt.FocusReason.TabFocusReason)
        self.setAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange)

    @Slot()
    def on_practice_chosen(self) -> None:
        if self._end():
            self.practice_chosen.emit()

    @Slot()
    def on_restore_wanted(self) -> None:
        if self._end():
            self.restore_wanted.emit()

    @Slot()
    def on_later(self) -> None:
        if self._end():
            self.later.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.list.setFixedWidth(self._theme.px(304 if event.size().width() >= self._theme.px(_WIDE) else 248))
        super().resizeEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._focus_step()

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        if self._end():
            self.later.emit()
