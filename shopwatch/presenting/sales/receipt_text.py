"""The lines of a receipt."""

from dataclasses import dataclass

from shopwatch.domain.i18n import say, say_n
from shopwatch.domain.legible import legible
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import Sale
from shopwatch.presenting.amounts import count_text, money_text

_MOST_LINES = 60


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """`kind` is "item", "sum" or "note"; a line without text is the tear line."""

    kind: str
    qty: str = ""
    text: str = ""
    amount: str = ""


def receipt_lines(sale: Sale, locale: str) -> tuple[ReceiptLine, ...]:
    lines = [
        ReceiptLine(
            "item",
            count_text(item.qty, locale),
            legible(item.name, 200) or say("Item"),
            money_text(Money(item.unit.minor * item.qty, item.unit.currency), locale) if item.unit else "",
        )
        for item in sale.items[:_MOST_LINES]
    ]
    if len(sale.items) > _MOST_LINES:
        more = len(sale.items) - _MOST_LINES
        lines.append(ReceiptLine("note", "", say_n("and {n} more item", "and {n} more items", more)))
    if lines:
        lines.append(ReceiptLine("tear"))
    if sale.amount is not None:
        paid = say("Would be paid") if sale.practice else say("Paid")
        lines.append(ReceiptLine("sum", "", paid, money_text(sale.amount, locale)))
    elif sale.amount_text:
        lines.append(ReceiptLine("sum", "", say("As sent, not counted"), legible(sale.amount_text, 40)))
    else:
        lines.append(ReceiptLine("note", "", say("The amount is not known yet.")))
    if sale.given_back is not None:
        back = Money(-sale.given_back.minor, sale.given_back.currency)
        lines.append(ReceiptLine("note", "", say("Given back"), money_text(back, locale)))
    return tuple(lines)
