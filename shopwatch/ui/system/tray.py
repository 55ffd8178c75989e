"""The icon in the tray, and its menu."""

import sys
from datetime import date

from PySide6.QtCore import QObject, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QAction, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import say, say_n
from shopwatch.domain.instant import is_ahead
from shopwatch.presenting.amounts import money_text
from shopwatch.presenting.level import Level
from shopwatch.presenting.sales.day import Day
from shopwatch.presenting.status.lamps import LampText, lamps, overall
from shopwatch.presenting.times import clock as time_of
from shopwatch.presenting.times import local
from shopwatch.runtime.clock import now
from shopwatch.settings.settings import LONGEST_QUIET
from shopwatch.shop.shop import Shop
from shopwatch.ui.bridge import Bridge
from shopwatch.ui.look.mark import mark_icon, paint_lamp
from shopwatch.ui.look.theme import Theme

_LAMP = 16
_MASKED = sys.platform == "darwin"


class Tray(QObject):
    """Says from afar how the shop does. The system draws the menu, so it is made of plain actions only.

    Signals: `open_requested()`, `practice_requested()`, `settings_requested()`, `quit_requested()`;
    `problem_met(object)`, the `UserError` of a setting that could not be saved. Bell, pop-ups and quiet are changed in
    the settings at once.
    """

    open_requested = Signal()
    practice_requested = Signal()
    settings_requested = Signal()
    quit_requested = Signal()
    problem_met = Signal(object)

    def __init__(self, theme: Theme, shop: Shop, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._shop = shop
        self._day = Day()
        self._level: Level | None = None
        self._unseen = False
        self.icon = QSystemTrayIcon(self)
        self.menu = QMenu()
        self._build()
        self._connect(bridge)
        self.icon.setContextMenu(self.menu)
        self.on_state_changed()
        self.render()

    @property
    def available(self) -> bool:
        """Whether this desktop has a tray; without one the window must not vanish into it."""
        return QSystemTrayIcon.isSystemTrayAvailable()

    def show(self) -> None:
        if self.available:
            self.icon.show()

    def hide(self) -> None:
        self.icon.hide()

    def _build(self) -> None:
        self.total = self.menu.addAction("")
        self.menu.addSeparator()
        self.lamps = [self.menu.addAction("") for _ in range(3)]
        self.menu.addSeparator()
        self.open = self.menu.addAction(say("Open ShopWatch"))
        self.practice = self.menu.addAction(say("Ring a practice sale"))
        self.menu.addSeparator()
        self.bell = self._choice(say("Bell"))
        self.popups = self._choice(say("Pop-ups"))
        self.quiet = self._choice(say("Quiet for 1 hour"))
        self.menu.addSeparator()
        self.settings = self.menu.addAction(say("Settings…"))
        self.quit = self.menu.addAction(say("Stop listening and quit…"))
        # On macOS Qt would move an action called Settings or Quit into the application's menu.
        for action in self.menu.actions():
            action.setMenuRole(QAction.MenuRole.NoRole)
        self.menu.setDefaultAction(self.open)

    def _choice(self, text: str) -> QAction:
        action = self.menu.addAction(text)
        action.setCheckable(True)
        return action

    def _connect(self, bridge: Bridge) -> None:
        bridge.state_changed.connect(self.on_state_changed)
        self._theme.changed.connect(self.on_theme_changed)
        self.menu.aboutToShow.connect(self.render)
        self.icon.activated.connect(self.on_activated)
        for action in (self.total, *self.lamps, self.open):
            action.triggered.connect(self.on_open)
        self.practice.triggered.connect(self.on_practice)
        self.settings.triggered.connect(self.on_settings)
        self.quit.triggered.connect(self.on_quit)
        self.bell.triggered.connect(self.on_bell)
        self.popups.triggered.connect(self.on_popups)
        self.quiet.triggered.connect(self.on_quiet)

    @Slot()
    def render(self) -> None:
        """Write the menu from what is so now."""
        settings = self._shop.settings.current
        self.total.setText(_plain(self._totals()))
        for action, lamp in zip(self.lamps, lamps(self._shop, self._today()), strict=True):
            action.setText(_plain(say("{name}: {detail}", name=lamp.name, detail=self._inside(lamp.detail))))
            action.setIcon(_lamp_icon(lamp.level, self._theme))
        self.practice.setEnabled(bool(self._shop.sources.all))
        self.bell.setChecked(settings.bell)
        self.popups.setChecked(settings.popups)
        quiet = is_ahead(settings.quiet_until, now(), LONGEST_QUIET)
        self.quiet.setChecked(quiet)
        time = time_of(settings.quiet_until, self._shop.locale)
        self.quiet.setText(say("Quiet until {time}", time=time) if quiet else say("Quiet for 1 hour"))

    def _totals(self) -> str:
        figures = self._day.today
        amounts = " + ".join(money_text(total, self._shop.locale) for total in figures.totals)
        return say("{amounts}, {sales}", amounts=amounts, sales=self._sales()) if amounts else _upper(self._sales())

    def _sales(self) -> str:
        count = self._day.today.count
        if not count:
            return say("no sales yet today")
        return say_n("{n} sale today", "{n} sales today", count)

    def _inside(self, words: str) -> str:
        """As part of a sentence; other languages than English keep their nouns' capitals."""
        english = self._shop.locale.startswith("en")
        return words[:1].lower() + words[1:] if english and words[1:2].islower() else words

    def _today(self) -> date:
        return local(now()).date()

    def _show_state(self, lamp: LampText) -> None:
        if lamp.level is not self._level:
            self._level = lamp.level
            level = None if _MASKED else lamp.level
            self.icon.setIcon(mark_icon(self._theme.tokens, level, plain=_MASKED, news=self._unseen))
        if lamp.level is not Level.OK:
            tip = say("ShopWatch: {name}, {detail}", name=lamp.name, detail=self._inside(lamp.detail))
        else:
            tip = say("ShopWatch: listening, {sales}", sales=self._sales())
        self.icon.setToolTip(say("{state}, not all seen yet", state=tip) if self._unseen else tip)

    def _change(self, **changes: object) -> None:
        try:
            self._shop.settings.change(**changes)
        except UserError as problem:
            self.problem_met.emit(problem)
            self.render()

    @Slot(object)
    def on_day_told(self, day: Day) -> None:
        """The figures of today are new."""
        self._day = day
        self.on_state_changed()

    @Slot()
    def on_state_changed(self) -> None:
        self._show_state(overall(self._shop, self._today()))

    @Slot(bool)
    def on_unseen_changed(self, unseen: bool) -> None:
        """There are sales that the owner has not seen, or there are none any more."""
        self._unseen, self._level = unseen, None
        self.on_state_changed()

    @Slot()
    def on_theme_changed(self) -> None:
        self._level = None
        self.on_state_changed()

    @Slot(QSystemTrayIcon.ActivationReason)
    def on_activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason in (QSystemTrayIcon.ActivationReason.Trigger, QSystemTrayIcon.ActivationReason.DoubleClick):
            self.open_requested.emit()

    @Slot()
    def on_open(self) -> None:
        self.open_requested.emit()

    @Slot()
    def on_practice(self) -> None:
        self.practice_requested.emit()

    @Slot()
    def on_settings(self) -> None:
        self.settings_requested.emit()

    @Slot()
    def on_quit(self) -> None:
        self.quit_requested.emit()

    @Slot(bool)
    def on_bell(self, on: bool) -> None:
        self._change(bell=on)

    @Slot(bool)
    def on_popups(self, on: bool) -> None:
        self._change(popups=on)

    @Slot(bool)
    def on_quiet(self, on: bool) -> None:
        self._change(quiet_until=now() + LONGEST_QUIET if on else 0)


def _lamp_icon(level: Level, theme: Theme) -> QIcon:
    pixmap = QPixmap(2 * _LAMP, 2 * _LAMP)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    paint_lamp(painter, QRectF(pixmap.rect()), level, theme.tokens)
    painter.end()
    pixmap.setDevicePixelRatio(2)
    return QIcon(pixmap)


def _plain(text: str) -> str:
    """In a menu, "&" would mark a key."""
    return text.replace("&", "&&")


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
