"""The figures over the table, and by what it is ordered."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from shopwatch.domain.i18n import say
from shopwatch.domain.sales.popular import Rank
from shopwatch.presenting.amounts import NOTHING
from shopwatch.presenting.outside_text import tip
from shopwatch.presenting.popular.popular_text import Figures
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.widgets.inputs.segmented import Segmented
from shopwatch.ui.widgets.texts.elided import Elided


class FigureStrip(QWidget):
    """Signals: `ordered(object)`, a `Rank`."""

    ordered = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setFixedHeight(theme.px(72))
        self._sold = theme.label("", "title", figures=True)
        self._taken = theme.label("", "title", figures=True)
        self._others = Elided(theme, "title", ink="text2", figures=True)
        self._others.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._different = theme.label("", "title", figures=True)
        self.order = Segmented(theme, say("Order by"))
        self.order.add(Rank.QUANTITY, say("Quantity"))
        self.order.add(Rank.MONEY, say("Money"))
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 0, 24, 0)
        row.setSpacing(32)
        row.addLayout(self._figure(say("Items sold"), self._sold))
        row.addLayout(self._figure(say("Money taken"), self._taken, self._others))
        row.addLayout(self._figure(say("Different items"), self._different))
        row.addStretch(1)
        ordering = QHBoxLayout()
        ordering.setSpacing(8)
        ordering.addWidget(theme.label(say("Order by"), "small", ink="text2"))
        ordering.addWidget(self.order)
        row.addLayout(ordering)
        self.order.chosen.connect(self.on_chosen)
        self.tell(Figures(NOTHING, NOTHING, "", NOTHING, ""))

    def tell(self, figures: Figures) -> None:
        self._sold.setText(figures.sold)
        self._taken.setText(figures.taken)
        self._others.show_own(figures.others, figures.every_total)
        self._others.setVisible(bool(figures.others))
        self._taken.setToolTip(tip(figures.every_total if figures.others else ""))
        self._different.setText(figures.different)

    def _figure(self, name: str, *values: QLabel) -> QVBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(6)
        for value in values:
            value.setAccessibleDescription(name)
            line.addWidget(value)
        line.addStretch(1)
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addStretch(1)
        column.addWidget(self._theme.label(name, "small", ink="text3"))
        column.addLayout(line)
        column.addStretch(1)
        return column

    @Slot(object)
    def on_chosen(self, rank: Rank) -> None:
        self.ordered.emit(rank)
