"""How the public page looks, and what stands on it."""

from dataclasses import replace

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from shopwatch.domain.i18n import say, say_n
from shopwatch.domain.sales.popular import Rank
from shopwatch.domain.sales.popular_page import LONGEST_TITLE, PERIODS, PopularPage, Tint, title_of
from shopwatch.presenting.popular.popular_text import tint_name
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.widgets.inputs.buttons import RING, Button
from shopwatch.ui.widgets.inputs.combo import Combo

_NUMBERS = (3, 5, 10, 20, 50)


class LookDialog(QDialog):
    """Open it with `open()`. Signals: `chosen(object)`, the `PopularPage` as the owner wants it."""

    chosen = Signal(object)

    def __init__(self, theme: Theme, page: PopularPage, shop_name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._page = page
        self.setProperty("ground", "surface")
        self.setWindowTitle(say("Change look"))
        self.title = QLineEdit(page.title)
        self.title.setFont(theme.font("body"))
        self.title.setMaxLength(LONGEST_TITLE)
        self.title.setAccessibleName(say("Title"))
        self.title.setPlaceholderText(title_of(replace(page, title=""), shop_name))
        self.days = Combo(theme, say("Counted"))
        for days in sorted({*PERIODS, page.days}):
            self.days.add(say_n("Last {n} day", "Last {n} days", days), days)
        self.by = Combo(theme, say("Order by"))
        self.by.add(say("Quantity"), Rank.QUANTITY)
        self.by.add(say("Money"), Rank.MONEY)
        self.most = Combo(theme, say("Items shown"))
        for most in sorted({*_NUMBERS, page.most}):
            self.most.add(say_n("At most {n} item", "At most {n} items", most), most)
        self.tint = Combo(theme, say("Colour"))
        for tint in Tint:
            self.tint.add(tint_name(tint), tint)
        for combo, held in ((self.days, page.days), (self.by, page.by), (self.most, page.most), (self.tint, page.tint)):
            combo.setCurrentIndex(combo.findData(held))
        self._build(theme)

    def _build(self, theme: Theme) -> None:
        fields = QGridLayout()
        fields.setContentsMargins(0, 0, RING, 0)
        fields.setHorizontalSpacing(16)
        fields.setVerticalSpacing(12)
        named: tuple[tuple[str, QWidget], ...] = (
            (say("Title"), self.title),
            (say("Counted"), self.days),
            (say("Order by"), self.by),
            (say("Items shown"), self.most),
            (say("Colour"), self.tint),
        )
        for at, (name, field) in enumerate(named):
            fields.addWidget(theme.label(name, ink="text2"), at, 0)
            fields.addWidget(field, at, 1)
        fields.setColumnStretch(1, 1)
        cancel = Button(theme, say("Cancel"))
        self.save = Button(theme, say("Save the look"), "primary")
        self.save.setDefault(True)
        cancel.clicked.connect(self.reject)
        self.save.clicked.connect(self.on_save_clicked)
        buttons = QHBoxLayout()
        buttons.setSpacing(0)
        buttons.addStretch(1)
        buttons.addWidget(cancel)
        buttons.addWidget(self.save)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 20, 16)
        column.setSpacing(16)
        column.addWidget(theme.label(say("Change look"), "heading"))
        column.addLayout(fields)
        column.addLayout(buttons)
        self.setMinimumWidth(theme.px(440))

    @Slot()
    def on_save_clicked(self) -> None:
        self.accept()
        self.chosen.emit(
            replace(
                self._page,
                title=self.title.text().strip(),
                days=self.days.currentData(),
                by=Rank(self.by.currentData()),
                most=self.most.currentData(),
                tint=Tint(self.tint.currentData()),
            )
        )
