"""Trying a rule on what has happened: what it would have owed, and nothing is done."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, func, or_, select

from shopwatch.domain.messages.event import Kind
from shopwatch.domain.rules.rule import Rule, RuleInput, Trial, owed
from shopwatch.ledger.engine.ports import Dialect
from shopwatch.ledger.outbox.job_planning import knows, shop_time, trigger_of
from shopwatch.ledger.outbox.rulebook import placed, read_rules
from shopwatch.ledger.people import happenings
from shopwatch.ledger.sales.folding import part_of
from shopwatch.ledger.sales.reading import sale_row
from shopwatch.ledger.schema import events, sales
from shopwatch.ledger.sources.numbers import SourceNumbers

_TOLD = (Kind.CONTACT, Kind.MESSAGE, Kind.FILES, Kind.CHECK_IN, Kind.NOTICE, Kind.SILENCE)


def try_rule(
    connection: Connection, dialect: Dialect, numbers: SourceNumbers, rule: Rule, last: int
) -> tuple[Trial, ...]:
    """What `rule`, among the others and switched on, would have owed for the last events, the newest first."""
    rules = placed(read_rules(connection), replace(rule, on=True))
    return tuple(
        Trial(rule_input, tuple(each for each in owed(rules, rule_input) if each.rule == rule.id))
        for rule_input in _trial_inputs(connection, dialect, numbers, last)
    )


def _trial_inputs(connection: Connection, dialect: Dialect, numbers: SourceNumbers, last: int) -> Sequence[RuleInput]:
    told = connection.execute(
        select(events)
        .where(or_(events.c.sale.is_not(None), events.c.kind.in_([kind.value for kind in _TOLD])))
        .order_by(events.c.id.desc())
        .limit(last)
    ).all()
    sold = {event.sale for event in told if event.sale is not None}
    rows = {row.id: row for row in connection.execute(select(sales).where(sales.c.id.in_(sold)))}
    paying = set(
        connection.execute(
            select(func.min(events.c.id))
            .where(events.c.sale.in_(sold), events.c.kind == Kind.SALE.value)
            .group_by(events.c.sale)
        ).scalars()
    )
    happened = happenings.rows_of(connection, numbers, [event for event in told if event.sale is None])
    found = []
    for event in told:
        source_id = numbers.id_of(connection, event.source)
        sale = sale_row(rows[event.sale], source_id, 0) if event.sale in rows else None
        pays = event.id in paying
        trigger = trigger_of(Kind(event.kind), _trial_claim(event), pays=pays, practice=event.practice)
        if trigger is None or (sale is None and event.id not in happened):
            continue
        found.append(
            RuleInput(
                trigger=trigger,
                event=event.id,
                source_id=source_id,
                provider=numbers.of(connection, source_id)[1],
                at=shop_time(event.received_at),
                practice=event.practice or not event.live,
                sale=sale,
                happening=happened[event.id].happening if event.id in happened else None,
                customer_known=knows(connection, dialect, sale) if sale else None,
            )
        )
    return found


def _trial_claim(event: Any) -> Any:
    return part_of(event)[0].claim if event.claim is not None else None
