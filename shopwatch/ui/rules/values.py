"""What a condition compares with, each kind with its own editor."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt, Signal, Slot
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget

from shopwatch.domain.i18n import say
from shopwatch.domain.rules.rule import (
    AmountIs,
    Condition,
    CurrencyIs,
    CustomerIs,
    FromProvider,
    FromSource,
    ItemContains,
)
from shopwatch.domain.sales.money import currency_code
from shopwatch.domain.source import Source
from shopwatch.presenting.amounts import money_text
from shopwatch.presenting.rules.typed_money import typed_money
from shopwatch.providers import provider
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.widgets.frames.layout import row
from shopwatch.ui.widgets.inputs.combo import Combo
from shopwatch.ui.widgets.texts.tile import paint_tile

_LONGEST_ITEM = 200


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the editors offer: the shop's senders, and its currencies, that of most sales first."""

    sources: Sequence[Source]
    currencies: Sequence[str]
    locale: str


class Value(QWidget):
    """Edits what one condition compares with. Signals: `edited()`.

    Each kind has `condition()`, what is written, None while it is not whole; `show_condition()`, which shows one of its
    kind; and `main`, what the keyboard goes to first.
    """

    edited = Signal()

    def __init__(self, theme: Theme, around: Surroundings) -> None:
        super().__init__()
        self.theme = theme
        self.around = around
        self.row = row(inside=self, gap=8)

    def stops(self) -> list[QWidget]:
        """Where the keyboard stops, in their order."""
        inside = (self.row.itemAt(at) for at in range(self.row.count()))
        found = (item.widget() for item in inside if item is not None)
        return [each for each in found if each is not None and each.focusPolicy() & Qt.FocusPolicy.TabFocus]

    def combo(self, name: str, *, wide: bool = False) -> Combo:
        combo = Combo(self.theme, name)
        self._place(combo, wide=wide)
        combo.activated.connect(self.on_edited)
        return combo

    def line(self, name: str, hint: str = "") -> QLineEdit:
        line = QLineEdit()
        line.setFont(self.theme.font("body"))
        line.setAccessibleName(name)
        line.setPlaceholderText(hint)
        line.setMinimumWidth(64)
        self.row.addWidget(line, 1)
        line.textEdited.connect(self.on_edited)
        return line

    def _place(self, combo: Combo, *, wide: bool) -> None:
        if wide:
            combo.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.row.addWidget(combo, 1 if wide else 0)

    @Slot()
    def on_edited(self) -> None:
        self.edited.emit()


class SenderValue(Value):
    """One connected sender, or all of one service."""

    def __init__(self, theme: Theme, around: Surroundings) -> None:
        super().__init__(theme, around)
        self._combo = _SenderCombo(theme, say("Sender"))
        self._place(self._combo, wide=True)
        for source in around.sources:
            self._combo.add(source.name, FromSource(source.id))
        for provider_id in dict.fromkeys(source.provider for source in around.sources):
            if sum(source.provider == provider_id for source in around.sources) > 1:
                self._offer(FromProvider(provider_id))
        self._combo.around = around
        self._combo.activated.connect(self.on_edited)

    def _offer(self, condition: FromSource | FromProvider) -> None:
        if isinstance(condition, FromProvider):
            known = provider(condition.provider)
            name = known.name if known else condition.provider
            self._combo.add(say("Any of {provider}", provider=name), condition)
        else:
            self._combo.add(say("a removed sender"), condition)

    def condition(self) -> Condition | None:
        found = self._combo.currentData()
        return found if isinstance(found, FromSource | FromProvider) else None

    def show_condition(self, condition: Condition) -> None:
        if not isinstance(condition, FromSource | FromProvider):
            return
        at = next((at for at in range(self._combo.count()) if self._combo.itemData(at) == condition), -1)
        if at < 0:
            self._offer(condition)
            at = self._combo.count() - 1
        self._combo.setCurrentIndex(at)

    @property
    def main(self) -> QWidget:
        return self._combo


class _SenderCombo(Combo):
    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__(theme, name, "plugs")
        self._tiles = theme
        self.around: Surroundings | None = None

    def paint_sign(self, painter: QPainter, box: QRectF) -> None:
        chosen = self.currentData()
        if isinstance(chosen, FromSource) and self.around is not None:
            found = next((each.provider for each in self.around.sources if each.id == chosen.source_id), "")
        else:
            found = chosen.provider if isinstance(chosen, FromProvider) else ""
        known = provider(found)
        letters = known.tile if known else found[:1].upper()
        paint_tile(painter, self._tiles, box.adjusted(-2, -2, 2, 2).toRect().toRectF(), found, letters)


class AmountValue(Value):
    """Over or under an amount of money."""

    def __init__(self, theme: Theme, around: Surroundings) -> None:
        super().__init__(theme, around)
        self._side = self.combo(say("Amount compared"))
        self._side.add(say("is over"), "over")
        self._side.add(say("is under"), "under")
        self._line = self.line(say("Amount"), say("such as 100"))
        self._line.setFont(theme.font("body", figures=True))
        self._line.setAlignment(Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter)
        self._line.editingFinished.connect(self.on_finished)

    def condition(self) -> Condition | None:
        money = typed_money(self._line.text(), self.around.locale, self.around.currencies)
        if money is None or money.minor < 0:
            return None
        return AmountIs(over=money) if self._side.currentData() == "over" else AmountIs(under=money)

    def show_condition(self, condition: Condition) -> None:
        if isinstance(condition, AmountIs) and (money := condition.over or condition.under):
            self._side.setCurrentIndex(0 if condition.over else 1)
            self._line.setText(money_text(money, self.around.locale))

    @Slot()
    def on_finished(self) -> None:
        """Write the amount as the locale does, so that its currency is seen."""
        condition = self.condition()
        if condition is not None:
            self.show_condition(condition)

    @property
    def main(self) -> QWidget:
        return self._line


class CurrencyValue(Value):
    def __init__(self, theme: Theme, around: Surroundings) -> None:
        super().__init__(theme, around)
        self._line = self.line(say("Currency"), say("such as {code}", code=around.currencies[0]))
        self._line.setMaxLength(3)

    def condition(self) -> Condition | None:
        code = currency_code(self._line.text())
        return CurrencyIs(code) if code else None

    def show_condition(self, condition: Condition) -> None:
        if isinstance(condition, CurrencyIs):
            self._line.setText(condition.currency)

    @property
    def main(self) -> QWidget:
        return self._line


class ItemValue(Value):
    def __init__(self, theme: Theme, around: Surroundings) -> None:
        super().__init__(theme, around)
        self._line = self.line(say("Part of the item’s name"), say("part of its name"))
        self._line.setMaxLength(_LONGEST_ITEM)

    def condition(self) -> Condition | None:
        text = self._line.text().strip()
        return ItemContains(text) if text else None

    def show_condition(self, condition: Condition) -> None:
        if isinstance(condition, ItemContains):
            self._line.setText(condition.text)
            self._line.setCursorPosition(0)

    @property
    def main(self) -> QWidget:
        return self._line


class CustomerValue(Value):
    def __init__(self, theme: Theme, around: Surroundings) -> None:
        super().__init__(theme, around)
        self._combo = self.combo(say("Customer"), wide=True)
        self._combo.add(say("is new"), CustomerIs(known=False))
        self._combo.add(say("has bought before"), CustomerIs(known=True))

    def condition(self) -> Condition | None:
        found = self._combo.currentData()
        return found if isinstance(found, CustomerIs) else None

    def show_condition(self, condition: Condition) -> None:
        self._combo.setCurrentIndex(1 if condition == CustomerIs(known=True) else 0)

    @property
    def main(self) -> QWidget:
        return self._combo
