"""A new ledger, made at once as the code speaks of it, instead of by way of all earlier schemas."""

import json

from sqlalchemy import Column, Connection, MetaData, PrimaryKeyConstraint, String, Table, insert

from shopwatch.domain.rules.rule import FIRST_RULES
from shopwatch.domain.rules.rule_data import data_of
from shopwatch.ledger.engine.ports import Dialect
from shopwatch.ledger.migrations import REVISIONS
from shopwatch.ledger.outbox.tables import rules, rules_heads
from shopwatch.ledger.people.tables import people_heads
from shopwatch.ledger.popular.tables import popular_heads
from shopwatch.ledger.recovery.catchup_cursor import asking
from shopwatch.ledger.recovery.day_checks import day_checks
from shopwatch.ledger.recovery.gaps import alive
from shopwatch.ledger.schema import heads, metadata, search_heads
from shopwatch.ledger.sealed_items import sealed_items, sealing_keys
from shopwatch.ledger.shop_settings import shop_settings
from shopwatch.ledger.sources.endpoints import endpoints

_version = Table(
    "alembic_version",
    MetaData(),
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)
"""As Alembic itself makes it."""

_NAMED = (asking, day_checks, endpoints, sealed_items, sealing_keys, shop_settings)
"""Tables whose modules nothing else here names: they stand in `metadata` once they are loaded."""


def make(connection: Connection, dialect: Dialect) -> None:
    """All tables and their first rows, as `upgrade` would leave those of an earlier release."""
    metadata.create_all(connection, checkfirst=False)
    dialect.create_search(connection)
    none = {"id": 1}
    counters = ("delivery", "sale", "seen", "sources", "inbox_seen", "settings")
    connection.execute(insert(heads), none | dict.fromkeys(counters, 0) | {"moved_to": ""})
    connection.execute(insert(people_heads), none | {"person": 0, "event": 0, "traces": False, "country": ""})
    connection.execute(insert(popular_heads), none | {"event": 0})
    connection.execute(insert(search_heads), none | {"sale": 0})
    connection.execute(insert(alive), none | {"at": 0})
    connection.execute(insert(rules_heads), none | {"rule": len(FIRST_RULES), "stamp": 1})
    first = [
        {"id": place, "place": place, "data": json.dumps(data_of(rule)), "changed_at": 0}
        for place, rule in enumerate(FIRST_RULES, 1)
    ]
    connection.execute(insert(rules), first)
    _version.create(connection)
    connection.execute(insert(_version), {"version_num": REVISIONS[-1]})
