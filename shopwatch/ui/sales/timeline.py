"""What has happened to a sale, step by step."""

from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from shopwatch.domain.clock import Instant
from shopwatch.domain.event import FETCHED, NOT_FETCHED
from shopwatch.domain.legible import legible
from shopwatch.domain.sale import DisputeClaim, DisputeState, RefundClaim, SaleClaim
from shopwatch.domain.words import say
from shopwatch.ledger.query import Moment, SaleDetail
from shopwatch.ui.amounts import money_text
from shopwatch.ui.sales.wording import provider_name
from shopwatch.ui.theme import Theme
from shopwatch.ui.times import stamp
from shopwatch.ui.widgets.elided import Elided

_DOT = 20
_MOST_STEPS = 40


@dataclass(frozen=True, slots=True)
class Step:
    """`kind` is "ok", "neutral", "warn" or "bad"."""

    kind: str
    icon: str
    sentence: str
    time: str
    note: str = ""


def steps_of(detail: SaleDetail, locale: str, today: date) -> tuple[Step, ...]:
    """In the order in which things happened."""
    name = provider_name(detail.row.provider)
    moments = sorted(detail.moments, key=_when)
    return tuple(_step(moment, name, locale, today) for moment in moments[:_MOST_STEPS])


def _when(moment: Moment) -> Instant:
    """What was asked for belongs where it was answered, not where the sale is."""
    return moment.received_at if moment.part.type in (FETCHED, NOT_FETCHED) else moment.part.occurred_at


def _step(moment: Moment, name: str, locale: str, today: date) -> Step:
    part = moment.part
    time = stamp(_when(moment), locale, today)
    match part.claim:
        case _ if part.type == FETCHED:
            return Step("neutral", "check-bold", say("{name} told the rest", name=name), time)
        case _ if part.type == NOT_FETCHED:
            gone = say("ShopWatch asked for a day and asks no more")
            return Step("neutral", "x-bold", say("{name} did not tell the rest", name=name), time, gone)
        case SaleClaim() if part.practice:
            return Step("neutral", "bell-bold", say("Practice sale. Not counted."), time)
        case SaleClaim():
            return Step("ok", "check-bold", say("Paid at {name}", name=name), time, _late(moment, locale, today))
        case RefundClaim(amount=None):
            return Step("neutral", "arrow-u-up-left-bold", say("Refunded"), time, say("Done in {name}", name=name))
        case RefundClaim(amount=amount, cumulative=cumulative):
            money = money_text(amount, locale)
            sentence = (
                say("Refunded {amount} in all", amount=money) if cumulative else say("Refunded {amount}", amount=money)
            )
            return Step("neutral", "arrow-u-up-left-bold", sentence, time, say("Done in {name}", name=name))
        case DisputeClaim(state=DisputeState.OPEN):
            return Step("warn", "warning-bold", say("Disputed by the customer's bank"), time)
        case DisputeClaim(state=DisputeState.WON):
            return Step("ok", "check-bold", say("Dispute decided for you"), time)
        case DisputeClaim():
            return Step("bad", "x-bold", say("Dispute decided for the customer"), time)


def _late(moment: Moment, locale: str, today: date) -> str:
    """When the message came much later than what it tells of."""
    if moment.received_at - moment.part.occurred_at < 10 * 60_000:
        return ""
    return say("The message arrived at {time}", time=legible(stamp(moment.received_at, locale, today)))


class Timeline(QWidget):
    """One row for each step, joined by a line."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._shown: tuple[Step, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("What has happened"))

    def show_steps(self, steps: tuple[Step, ...]) -> None:
        if steps == self._shown:
            return
        self._shown = steps
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for step in steps:
            self._column.addWidget(_StepRow(self._theme, step, last=step is steps[-1]))
        self.updateGeometry()


class _StepRow(QWidget):
    def __init__(self, theme: Theme, step: Step, *, last: bool) -> None:
        super().__init__()
        self._theme = theme
        self._step = step
        self._last = last
        self.setAccessibleName(", ".join(part for part in (step.sentence, step.note, step.time) if part))
        sentence = Elided(theme)
        sentence.show_own(step.sentence)
        time = theme.label(step.time, "small", ink="text3", figures=True)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(sentence)
        sentence.setFixedHeight(theme.px(20))
        time.setFixedHeight(theme.px(20))
        if step.note:
            note = Elided(theme, "small", ink="text3")
            note.show_own(step.note)
            note.setFixedHeight(theme.px(16))
            words.addWidget(note)
        words.addStretch()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addSpacing(_DOT + 12)
        row.addLayout(words, 1)
        row.addWidget(time, 0, Qt.AlignmentFlag.AlignTop)
        self.setFixedHeight(theme.px((36 if step.note else 20) + (0 if last else 20 if not step.note else 8)))
        theme.changed.connect(self.update)

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        left = self.width() - _DOT if mirrored else 0
        if not self._last:
            painter.fillRect(QRectF(left + 9.5, _DOT, 1, self.height() - _DOT), tokens.colour("line2"))
        ground, ink = {
            "ok": ("ok_soft", "ok"),
            "warn": ("warn_soft", "warn"),
            "bad": ("bad_soft", "bad"),
        }.get(self._step.kind, ("neutral_soft", "text2"))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tokens.colour(ground))
        painter.drawEllipse(QRectF(left, 0, _DOT, _DOT))
        self._theme.icons.paint(painter, self._step.icon, QRectF(left + 4, 4, 12, 12), tokens.colour(ink))
        painter.end()
