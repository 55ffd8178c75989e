"""The shop's rules, as they are kept."""

import json
from collections.abc import Sequence

from sqlalchemy import Connection, delete, insert, select, update

from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import say
from shopwatch.domain.instant import Instant
from shopwatch.domain.rules.rule import CustomerIs, Rule, Trigger
from shopwatch.domain.rules.rule_data import data_of, rule_of
from shopwatch.ledger.outbox.tables import rules, rules_heads
from shopwatch.ledger.text_keys import storable

MOST_RULES = 200
_read_stamp = select(rules_heads.c.stamp)


class RuleBook:
    """The rules in memory, for one connection's thread; read anew once any process has changed them."""

    def __init__(self) -> None:
        self._stamp = -1
        self.rules: tuple[Rule, ...] = ()
        self.asks_who = False
        """Whether any rule asks if the customer bought before."""

    def refresh(self, connection: Connection) -> None:
        stamp = connection.execute(_read_stamp).scalar_one()
        if stamp != self._stamp:
            self._stamp = stamp
            self.rules = tuple(rule for rule in read_rules(connection) if rule.on)
            self.asks_who = any(
                rule.when is Trigger.FIRST_ORDER or any(isinstance(each, CustomerIs) for each in rule.conditions)
                for rule in self.rules
            )


def read_rules(connection: Connection) -> tuple[Rule, ...]:
    """All rules, those switched off too, in their order."""
    rows = connection.execute(select(rules.c.id, rules.c.data).order_by(rules.c.place))
    return tuple(rule_of(json.loads(row.data), row.id) for row in rows)


def placed(known: Sequence[Rule], rule: Rule) -> tuple[Rule, ...]:
    """`known` with `rule` in the place of the one of its id, or before those about anything."""
    if any(each.id == rule.id for each in known):
        return tuple(rule if each.id == rule.id else each for each in known)
    last = [each for each in known if each.when is Trigger.ANYTHING]
    return (*[each for each in known if each not in last], rule, *last)


def put_rule(connection: Connection, rule: Rule, at: Instant) -> Rule:
    """Keep a new rule, before those about anything, or in the place of the one of its id. Raises UserError."""
    data = storable(json.dumps(data_of(rule), ensure_ascii=False))
    if rule.id:
        changed = connection.execute(update(rules).where(rules.c.id == rule.id).values(data=data, changed_at=at))
        if not changed.rowcount:
            raise _no_such_rule()
        kept = rule
    else:
        known = read_rules(connection)
        if len(known) >= MOST_RULES:
            raise UserError(say("There are too many rules."), say("Remove one that is not needed."), code="rules-full")
        rule_id = connection.execute(select(rules_heads.c.rule)).scalar_one() + 1
        kept = rule_of(data_of(rule), rule_id)
        data = storable(json.dumps(data_of(kept), ensure_ascii=False))
        connection.execute(insert(rules).values(id=rule_id, place=rule_id, data=data, changed_at=at))
        connection.execute(update(rules_heads).values(rule=rule_id))
        arrange(connection, [each.id for each in placed(known, kept)])
    _bump_stamp(connection)
    return kept


def drop_rule(connection: Connection, rule_id: int) -> None:
    """Its jobs stay. Raises UserError if there is none of this id."""
    if not connection.execute(delete(rules).where(rules.c.id == rule_id)).rowcount:
        raise _no_such_rule()
    _bump_stamp(connection)


def arrange(connection: Connection, order: list[int]) -> None:
    """Put the rules in this order; those that are not named come last, as they were."""
    named = {rule_id: place for place, rule_id in enumerate(order, 1)}
    known = [row.id for row in connection.execute(select(rules.c.id).order_by(rules.c.place))]
    for place, rule_id in enumerate(sorted(known, key=lambda each: named.get(each, len(order) + 1)), 1):
        connection.execute(update(rules).where(rules.c.id == rule_id).values(place=place))
    _bump_stamp(connection)


def _bump_stamp(connection: Connection) -> None:
    connection.execute(update(rules_heads).values(stamp=rules_heads.c.stamp + 1))


def _no_such_rule() -> UserError:
    return UserError(say("There is no such rule."), say("“rule list” shows those there are."), code="no-rule")
