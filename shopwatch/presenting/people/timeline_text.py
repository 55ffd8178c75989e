"""The time line of a person in words: orders, texts, forms and check-ins of all sources."""

from dataclasses import dataclass, replace
from datetime import date

from shopwatch.domain.facts import SaleRow
from shopwatch.domain.i18n import say, say_n
from shopwatch.domain.legible import legible
from shopwatch.domain.messages.happening import Answered, CheckIn, Contact, FileChange, Happening, Notice, TextMessage
from shopwatch.ledger.people.query import PersonMoment
from shopwatch.presenting.amounts import amount_text
from shopwatch.presenting.sales.sale_text import items_text, order_text, pill_of, provider_name
from shopwatch.presenting.times import stamp

_LONGEST = 1_600
"""About what ten texts joined to one hold."""
_MOST_FIELDS = 30
_MOST_MEDIA = 10


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the time line. `words` are theirs; `fields` as the sender named them; `addresses` are never loaded.

    `kind` is "ok", "neutral", "warn" or "bad"; `sale` is what "Show the sale" leads to.
    """

    kind: str
    icon: str
    sentence: str
    time: str
    note: str = ""
    words: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    addresses: tuple[str, ...] = ()
    sale: int | None = None

    def spoken(self) -> str:
        """For screen readers."""
        fields = (f"{label}: {value}" for label, value in self.fields)
        parts = (self.sentence, self.note, self.words, *fields, *self.addresses, self.time)
        return ", ".join(part for part in parts if part)


def entry_of(rule_input: PersonMoment, locale: str, today: date, source_names: dict[str, str]) -> Entry:
    sender = legible(source_names.get(rule_input.source_id) or provider_name(rule_input.provider), 60)
    time = stamp(rule_input.at, locale, today)
    if rule_input.sale is not None:
        return _order(rule_input.sale, sender, time, locale)
    if rule_input.happening is None:
        return Entry("neutral", "info-bold", say("Message from {sender}", sender=sender), time)
    entry = _happened(rule_input.happening, sender, time)
    if rule_input.practice or not rule_input.live:
        mark = say("Practice") if rule_input.practice else say("Test mode")
        return replace(entry, note=_joined(mark, entry.note))
    return entry


def _order(row: SaleRow, sender: str, time: str, locale: str) -> Entry:
    sale, pill = row.sale, pill_of(row.sale)
    kind = pill.kind if pill.kind in ("ok", "warn", "bad") else "neutral"
    sentence = say("Order {number}, {amount}", number=order_text(sale), amount=amount_text(sale, locale))
    note = _joined(items_text(sale.items, locale) if sale.items else "", pill.text, sender)
    return Entry(kind, "receipt-bold", sentence, time, note, sale=row.id)


def _happened(happening: Happening, sender: str, time: str) -> Entry:
    match happening:
        case Contact(form=form, did=did, company=company, fields=fields):
            name = legible(form, 80)
            sentence = say("Filled in “{form}”", form=name) if name else say("Left their details")
            note = _joined(sender, legible(company, 80), legible(did, 60))
            return Entry("neutral", "identification-card-bold", sentence, time, note, fields=_fields(fields))
        case TextMessage(text=text, place=place, media=media, to=to):
            note = _joined(sender, legible(place, 60), say("to {number}", number=legible(to, 30)) if to else "")
            addresses = tuple(legible(each.url, 300) for each in media[:_MOST_MEDIA])
            return Entry("neutral", "chat-text-bold", say("Text message"), time, note, _words(text), (), addresses)
        case CheckIn(place=place, remark=remark):
            where = legible(place, 80)
            sentence = say("Arrived at {place}", place=where) if where else say("Checked in")
            return Entry("neutral", "map-pin-bold", sentence, time, sender, _words(remark))
        case Notice(title=title, text=text):
            sentence = legible(str(title), 120) or say("Notice")
            return Entry("neutral", "info-bold", sentence, time, sender, legible(str(text), _LONGEST))
        case FileChange(files=files):
            sentence = say_n("{n} file changed", "{n} files changed", len(files)) if files else say("Files changed")
            return Entry("neutral", "files-bold", sentence, time, sender)


def _fields(fields: tuple[Answered, ...]) -> tuple[tuple[str, str], ...]:
    shown = [(legible(each.label, 80), legible(each.value, 600)) for each in fields[:_MOST_FIELDS]]
    if (more := len(fields) - _MOST_FIELDS) > 0:
        shown.append(("", say_n("and {n} more field", "and {n} more fields", more)))
    return tuple((label, value) for label, value in shown if label or value)


def _words(text: str) -> str:
    said = legible(text, _LONGEST)
    return say("“{words}”", words=said) if said else ""


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)
