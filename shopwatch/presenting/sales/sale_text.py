"""A sale in words, for cells, the drawer and screen readers."""

from dataclasses import dataclass
from datetime import date

from shopwatch.domain.facts import SaleRow
from shopwatch.domain.i18n import say, say_n
from shopwatch.domain.legible import legible
from shopwatch.domain.sales.sale import Item, Sale, SaleState
from shopwatch.domain.source import Source
from shopwatch.presenting.amounts import NOTHING, amount_text, count_text
from shopwatch.presenting.pill import PillLook
from shopwatch.presenting.times import stamp
from shopwatch.providers import provider


@dataclass(frozen=True, slots=True)
class RowText:
    """One line of the table, ready to be painted. `struck`: all given back; `faint`: not counted."""

    time: str
    order: str
    customer: str
    items: str
    amount: str
    sender: str
    provider: str
    letters: str
    pill: PillLook
    struck: bool
    faint: bool

    def cells(self) -> tuple[str, ...]:
        """By column."""
        return (self.time, self.order, self.customer, self.items, self.amount, self.sender, self.pill.text)

    def spoken(self) -> str:
        """For screen readers."""
        return ", ".join(
            part for part in (self.time, self.customer, self.items, self.amount, self.sender, self.pill.text) if part
        )


def row_text(row: SaleRow, locale: str, today: date, source_names: dict[str, str]) -> RowText:
    sale = row.sale
    return RowText(
        time=stamp(sale.paid_at, locale, today),
        order=order_text(sale),
        customer=customer_text(sale),
        items=items_text(sale.items, locale),
        amount=amount_text(sale, locale),
        sender=legible(source_names.get(row.source_id) or provider_name(row.provider), 60),
        provider=row.provider,
        letters=tile_letters(row.provider),
        pill=pill_of(sale),
        struck=sale.state is SaleState.REFUNDED,
        faint=sale.practice or not sale.live or sale.state in (SaleState.LOST, SaleState.INCOMPLETE),
    )


def told_apart(sources: tuple[Source, ...]) -> dict[str, str]:
    """What the owner calls sources, by id, where there are several of one provider."""
    providers = [source.provider for source in sources]
    return {source.id: source.name for source in sources if providers.count(source.provider) > 1 and source.name}


def provider_name(provider_id: str) -> str:
    known = provider(provider_id)
    return known.name if known else legible(provider_id, 40)


def tile_letters(provider_id: str) -> str:
    known = provider(provider_id)
    return known.tile if known else legible(provider_id[:1]).upper()


def order_text(sale: Sale, longest: int = 80) -> str:
    return say("Practice") if sale.practice else legible(sale.number or sale.order_id, longest)


def customer_text(sale: Sale, longest: int = 120) -> str:
    return legible(sale.name or sale.email, longest) or say("No name given")


def items_text(items: tuple[Item, ...], locale: str) -> str:
    """ "Peony bunch × 2", "Dried wreath + 2 more"."""
    if not items:
        return NOTHING
    first = items[0]
    name = legible(first.name, 120) or say("Item")
    if len(items) > 1:
        return say_n("{name} + {n} more", "{name} + {n} more", len(items) - 1, name=name)
    return name if first.qty == 1 else say("{name} × {count}", name=name, count=count_text(first.qty, locale))


def pill_of(sale: Sale) -> PillLook:
    """The state as an icon and a word. What is not real money is dashed, whatever else it is."""
    if sale.practice:
        return PillLook("practice", "bell-bold", say("Practice"))
    if not sale.live:
        return PillLook("practice", "flask-bold", say("Test mode"))
    match sale.state:
        case SaleState.PAID:
            return PillLook("ok", "check-bold", say("Paid"))
        case SaleState.PART_REFUNDED:
            return PillLook("neutral", "arrow-u-up-left-bold", say("Part refund"))
        case SaleState.REFUNDED:
            return PillLook("neutral", "arrow-u-up-left-bold", say("Refunded"))
        case SaleState.DISPUTED:
            return PillLook("warn", "warning-bold", say("Disputed"))
        case SaleState.LOST:
            return PillLook("bad", "x-bold", say("Dispute lost"))
        case SaleState.INCOMPLETE:
            return PillLook("neutral", "clock-bold", say("Awaited"))
