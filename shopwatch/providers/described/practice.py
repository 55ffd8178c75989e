"""Practice messages as a described sender would write them."""

import json
from collections.abc import Callable
from typing import Any

from shopwatch.domain.instant import Instant
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.sales.money import exponent
from shopwatch.providers.described.description import Description
from shopwatch.providers.described.description_options import ALL
from shopwatch.providers.described.reading import put
from shopwatch.providers.kit.sample import Line, Sample, decimal, iso
from shopwatch.providers.provider import PracticeDraft


def draft(told: Description, *, shared: bool) -> Callable[[Kind, Sample, Instant], PracticeDraft]:
    """Writes what the description names, each thing at its place; `shared` as for `event_id`."""

    def write(kind: Kind, sample: Sample, at: Instant) -> PracticeDraft:
        event_type = _type(told, kind)
        number = sample.letters("order" if shared and told.places.id else f"event {kind}", 20)
        body: dict[str, Any] = {}
        for name, value in _values(told, kind, sample, at).items():
            if place := getattr(told.places, name):
                put(body, place, value)
        if told.places.id and told.places.id != told.places.order:
            put(body, told.places.id, number)
        if told.places.type:
            put(body, told.places.type, event_type)
        if not told.places.id and not told.id_header:
            # So that messages of the same words are not taken for one that came twice.
            body.setdefault("reference", sample.letters(f"event {kind}", 20))
        headers = {told.type_header: event_type} if told.type_header else {}
        if told.id_header and b"%(id)b" not in told.signed:
            headers[told.id_header] = number
        if told.batch:
            entry, body = body, {}
            put(body, told.batch, [entry])
        return PracticeDraft(json.dumps(body, separators=(",", ":")).encode(), number, headers)

    return write


def _type(told: Description, kind: Kind) -> str:
    """A type of this kind: one that is listed, or one that no list names."""
    listed = [each for each, its in told.kinds.items() if its is kind and each != ALL]
    if listed:
        return listed[0]
    free = kind.value
    while free in told.kinds:
        free += "_"
    return free if told.places.type or told.type_header else ""


def _values(told: Description, kind: Kind, sample: Sample, at: Instant) -> dict[str, Any]:
    """What stands at each place, in the order of writing: of numbers at one place the order's is the last."""
    written = _writer(told)
    amount = sample.given_back_minor if kind is Kind.REFUND else sample.total_minor
    order = sample.letters("order", 12)
    return {
        "name": sample.name,
        "email": sample.email,
        "phone": f"+447700{sample.digits('phone', 6)}",
        "company": "Bloom",
        "text": f"Are there still {sample.lines[0].name.lower()}s for Saturday?",
        "time": iso(at),
        "currency": "USD",
        "amount": written(amount),
        **({"refunded": written(amount)} if kind is Kind.REFUND else {}),
        "items": [_line(told, line, written) for line in sample.lines],
        "refund": sample.letters("refund", 12),
        "number": f"#{sample.digits('number', 4)}",
        "order": order,
    }


def _writer(told: Description) -> Callable[[int], int | str]:
    """How hundredths are written: counted as they are, or in decimals as far as the currency has any."""
    if told.minor:
        return int
    return decimal if not told.currency or exponent(told.currency) else lambda minor: str(minor // 100)


def _line(told: Description, line: Line, written: Callable[[int], int | str]) -> dict[str, Any]:
    body: dict[str, Any] = {}
    told_of = (("item_name", line.name), ("item_qty", line.qty), ("item_price", written(line.unit_minor)))
    for name, value in told_of:
        if place := getattr(told.places, name):
            put(body, place, value)
    return body
