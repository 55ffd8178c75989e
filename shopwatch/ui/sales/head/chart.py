"""Today's sales by hour, beside yesterday's."""

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from shopwatch.domain.i18n import say
from shopwatch.domain.sales.money import Money
from shopwatch.presenting.amounts import money_text
from shopwatch.presenting.outside_text import tip
from shopwatch.presenting.times import hour_text, wall_clock
from shopwatch.ui.look.theme import Theme

SHOP_HOURS = (8, 19)
"""First and last hour shown, unless a sale lies outside."""
_DAY = (0, 23)
_TOP = 20
_FOOT = 16
_APART = 4
"""Between two hours below the bars."""


def hours_shown(*days: tuple[int, ...]) -> tuple[int, int]:
    """Shop hours, or the whole day once any of `days` has money outside them."""
    first, last = SHOP_HOURS
    outside = any(any(day[:first]) or any(day[last + 1 : 24]) for day in days)
    return _DAY if outside else SHOP_HOURS


class HourChart(QWidget):
    """Filled bars for today, outlined ones for yesterday, by the hour; the sentence says what they mean together."""

    def __init__(self, theme: Theme, locale: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._locale = locale
        self._today: tuple[int, ...] = ()
        self._yesterday: tuple[int, ...] = ()
        self._currency = ""
        self._sentence = ""
        self._short = ""
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(96)
        theme.changed.connect(self.update)

    def tell(
        self, today: tuple[int, ...], yesterday: tuple[int, ...], currency: str, sentence: str, short: str
    ) -> None:
        """Minor units of `currency`, hour by hour from midnight; `short` stands where the sentence does not fit."""
        told = (today[:24], yesterday[:24], currency, sentence, short)
        if told != (self._today, self._yesterday, self._currency, self._sentence, self._short):
            self._today, self._yesterday, self._currency, self._sentence, self._short = told
            self.setAccessibleName(" ".join(part for part in (say("Sales by hour."), sentence) if part))
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(400, 96)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 96)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            first, last = hours_shown(self._today, self._yesterday)
            each = self.width() / (last - first + 1)
            hour = first + int(event.pos().x() / each)
            QToolTip.showText(event.globalPos(), tip(self._hour_text(hour)), self)
            return True
        return super().event(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._paint_key(painter)
        self._paint_bars(painter)
        painter.end()

    def _paint_key(self, painter: QPainter) -> None:
        tokens = self._theme.tokens
        painter.setFont(self._theme.font("small"))
        metrics = painter.fontMetrics()
        left = 0
        for yesterday, words in ((False, say("Today")), (True, say("Yesterday"))):
            box = QRectF(left, 4, 8, 8)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._set_bar_ink(painter, yesterday=yesterday)
            painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5) if yesterday else box, 2, 2)
            painter.setPen(tokens.colour("text3"))
            painter.drawText(left + 12, 12, words)
            left += 12 + metrics.horizontalAdvance(words) + 12
        painter.setPen(tokens.colour("text2"))
        room = QRectF(left, 0, self.width() - left, 16)
        whole = metrics.horizontalAdvance(self._sentence) <= room.width()
        words = self._sentence if whole else self._short
        shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, round(room.width()))
        painter.drawText(room, int(Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter), shown)

    def _paint_bars(self, painter: QPainter) -> None:
        tokens = self._theme.tokens
        first, last = hours_shown(self._today, self._yesterday)
        count = last - first + 1
        each = self.width() / count
        # At twelve bars of 400 px the pairs are 11 px each.
        bar = max(3.0, min(11.0, (each - 8) / 2))
        floor = self.height() - _FOOT
        most = max((*self._today[first : last + 1], *self._yesterday[first : last + 1], 1))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        for at in range(count):
            left = round(at * each)
            self._paint_bar(painter, self._yesterday, first + at, most, QRectF(left + bar + 1.5, floor, bar - 1, 0))
            self._paint_bar(painter, self._today, first + at, most, QRectF(left, floor, bar, 0))
        painter.setPen(QPen(tokens.colour("line2"), 1))
        painter.drawLine(0, floor, self.width(), floor)
        painter.setFont(self._theme.font("tiny"))
        painter.setPen(tokens.colour("text3"))
        free = 0.0
        for hour in self._labels(first, last):
            text = hour_text(hour, self._locale)
            width = painter.fontMetrics().horizontalAdvance(text)
            begin = min(max(0.0, (hour - first) * each + bar - width / 2), self.width() - width)
            if begin >= free:
                painter.drawText(QRectF(begin, floor + 2, width, 14), int(Qt.AlignmentFlag.AlignCenter), text)
                free = begin + width + _APART

    def _paint_bar(self, painter: QPainter, day: tuple[int, ...], hour: int, most: int, foot: QRectF) -> None:
        value = day[hour] if hour < len(day) else 0
        if value <= 0:
            return
        yesterday = day is self._yesterday
        height = max(2, round(value / most * (foot.top() - _TOP)))
        self._set_bar_ink(painter, yesterday=yesterday)
        box = foot.adjusted(0, -height, 0, 0)
        if yesterday:
            painter.drawRect(box.adjusted(0, 0.5, 0, 0.5))
        else:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.drawRoundedRect(box, 1.5, 1.5)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _set_bar_ink(self, painter: QPainter, *, yesterday: bool) -> None:
        tokens = self._theme.tokens
        if yesterday:
            painter.setPen(QPen(tokens.colour("control"), 1))
            painter.setBrush(tokens.colour("neutral_soft"))
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(tokens.colour("bar"))

    def _labels(self, first: int, last: int) -> list[int]:
        if (first, last) == SHOP_HOURS:
            return [8, 12, 16, 19]
        return [0, 6, 12, 18, 23]

    def _hour_text(self, hour: int) -> str:
        return say(
            "{time}: today {today}, yesterday {yesterday}",
            time=wall_clock(min(max(hour, 0), 23) * 60, self._locale),
            today=self._money(self._today, hour),
            yesterday=self._money(self._yesterday, hour),
        )

    def _money(self, day: tuple[int, ...], hour: int) -> str:
        value = day[hour] if 0 <= hour < len(day) else 0
        return money_text(Money(value, self._currency), self._locale) if self._currency else str(value)
