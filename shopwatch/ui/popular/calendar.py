"""The days that are looked at, as a button, and two calendars to choose others."""

from datetime import date

from PySide6.QtCore import QDate, QLocale, QPoint, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QCalendarWidget,
    QFrame,
    QHBoxLayout,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from shopwatch.domain.i18n import say
from shopwatch.presenting.popular.days import Days
from shopwatch.ui.look.style import paint_ring
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.widgets.inputs.buttons import Button

_FIRST_DAY = date(2000, 1, 1)


class DaysButton(QAbstractButton):
    """Shows the days, and opens the calendars below itself. Signals: `chosen(object)`, other `Days`."""

    chosen = Signal(object)

    def __init__(self, theme: Theme, locale: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._locale = locale
        self._days = Days(date.min, date.min)
        self._today = date.min
        self.setFont(theme.font("body", 500))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        theme.changed.connect(self.update)
        self.clicked.connect(self.on_clicked)

    def show_days(self, days: Days, today: date) -> None:
        self._days, self._today = days, today
        text = days.text(self._locale, today)
        self.setText(text)
        self.setAccessibleName(say("Days: {days}", days=text))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) + 72, self._theme.px(32))

    @Slot()
    def on_clicked(self) -> None:
        popup = Calendars(self._theme, self._locale, self._days, self._today, self)
        popup.chosen.connect(self.chosen)
        popup.adjustSize()
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        left = 0 if mirrored else self.width() - popup.width()
        popup.move(self.mapToGlobal(QPoint(left, self.height() + 4)))
        popup.show()

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(tokens.colour("control"), 1))
        painter.setBrush(tokens.colour("hover" if self.underMouse() else "surface"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        middle = self.height() / 2
        first, last = QRectF(11, middle - 8, 16, 16), QRectF(self.width() - 25, middle - 6, 12, 12)
        if mirrored:
            first.moveLeft(self.width() - 27)
            last.moveLeft(13)
        self._theme.icons.paint(painter, "calendar-blank", first, tokens.colour("text3"))
        self._theme.icons.paint(painter, "caret-down-bold", last, tokens.colour("text3"))
        painter.setFont(self.font())
        painter.setPen(tokens.colour("text"))
        painter.drawText(self.rect().adjusted(34, 0, -34, 0), Qt.AlignmentFlag.AlignCenter, self.text())
        if self.hasFocus() and self.window().testAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange):
            paint_ring(painter, QRectF(self.rect()), tokens.colour("accent"), 6)
        painter.end()


class Calendars(QFrame):
    """The first day and the last one, side by side. Signals: `chosen(object)`, the `Days`."""

    chosen = Signal(object)

    def __init__(self, theme: Theme, locale: str, days: Days, today: date, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("ground", "card")
        self._theme = theme
        self.first = self._calendar(say("First day"), locale, days.first, today)
        self.last = self._calendar(say("Last day"), locale, days.last, today)
        self.show_button = Button(theme, say("Show these days"), "primary")
        self.show_button.clicked.connect(self.on_show_clicked)
        calendars = QHBoxLayout()
        calendars.setSpacing(16)
        for title, calendar in ((say("First day"), self.first), (say("Last day"), self.last)):
            column = QVBoxLayout()
            column.setSpacing(4)
            column.addWidget(theme.label(title, "small", ink="text2"))
            column.addWidget(calendar)
            calendars.addLayout(column)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.show_button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(16, 12, 12, 8)
        whole.setSpacing(8)
        whole.addLayout(calendars)
        whole.addLayout(foot)

    @Slot()
    def on_show_clicked(self) -> None:
        """In whichever order the two were chosen."""
        one, other = _day_of(self.first), _day_of(self.last)
        self.close()
        self.chosen.emit(Days(min(one, other), max(one, other)))

    def _calendar(self, name: str, locale: str, day: date, today: date) -> QCalendarWidget:
        calendar = QCalendarWidget()
        calendar.setAccessibleName(name)
        calendar.setLocale(QLocale(locale))
        calendar.setFont(self._theme.font("body"))
        calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        calendar.setHorizontalHeaderFormat(QCalendarWidget.HorizontalHeaderFormat.ShortDayNames)
        calendar.setDateRange(_date(_FIRST_DAY), _date(today))
        calendar.setSelectedDate(_date(day))
        tokens = self._theme.tokens
        if not tokens.contrast:
            words = calendar.headerTextFormat()
            words.setForeground(tokens.colour("text3"))
            words.setBackground(tokens.colour("surface"))
            calendar.setHeaderTextFormat(words)
            for weekend in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
                calendar.setWeekdayTextFormat(weekend, calendar.weekdayTextFormat(Qt.DayOfWeek.Monday))
            calendar.setStyleSheet(
                f"QCalendarWidget QWidget#qt_calendar_navigationbar {{ background: {tokens.surface}; }}"
                f"QCalendarWidget QToolButton {{ background: transparent; color: {tokens.text}; border: 0;"
                f" border-radius: 6px; padding: 4px 8px; }}"
                f"QCalendarWidget QToolButton:hover {{ background: {tokens.hover}; }}"
                f"QCalendarWidget QToolButton::menu-indicator {{ image: none; }}"
                f"QCalendarWidget QAbstractItemView:disabled {{ color: {tokens.text3}; }}"
            )
            self._sign(calendar, "qt_calendar_prevmonth", "caret-left-bold", say("Month before"))
            self._sign(calendar, "qt_calendar_nextmonth", "caret-right-bold", say("Month after"))
        return calendar

    def _sign(self, calendar: QCalendarWidget, part: str, icon: str, name: str) -> None:
        button = calendar.findChild(QToolButton, part)
        if button is not None:
            button.setIcon(self._theme.icon(icon, 12, "text2"))
            button.setAccessibleName(name)


def _date(day: date) -> QDate:
    return QDate(day.year, day.month, day.day)


def _day_of(calendar: QCalendarWidget) -> date:
    chosen = calendar.selectedDate()
    return date(chosen.year(), chosen.month(), chosen.day())
