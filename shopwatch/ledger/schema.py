"""The tables as they are now; `migrations` is how a file gets there."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, LargeBinary, MetaData, Table, UniqueConstraint, text

from shopwatch.ledger.columns import NUMBER, STRING, partial_index

metadata = MetaData()

# Row ids are given out by the writer, inside the write transaction, so that rows of one batch can name each other.

heads = Table(
    "heads",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("delivery", NUMBER, nullable=False),
    Column("sale", NUMBER, nullable=False),
    Column("seen", NUMBER, nullable=False),
    Column("sources", NUMBER, nullable=False),
    Column("inbox_seen", NUMBER, nullable=False, server_default="0"),
    Column("settings", NUMBER, nullable=False),
    Column("moved_to", STRING, nullable=False),
)
"""One row: the last ids given out, the last sale and the last delivery the owner has seen, and counters of changes to
the sources and to the shop's settings. Where `moved_to` is another ledger's address, nothing is written any more."""

sources = Table(
    "sources",
    metadata,
    Column("no", Integer, primary_key=True, autoincrement=False),
    Column("id", STRING, nullable=False, unique=True),
    Column("provider", STRING, nullable=False),
    Column("name", STRING, nullable=False),
    Column("path", STRING, nullable=False, unique=True),
    Column("options", STRING, nullable=False),
    Column("created_at", NUMBER, nullable=False),
    Column("secrets_changed_at", NUMBER, nullable=False),
    Column("removed_at", NUMBER),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", NUMBER, primary_key=True, autoincrement=False),
    Column("source", Integer, ForeignKey("sources.no"), nullable=False),
    Column("received_at", NUMBER, nullable=False),
    Column("outcome", STRING, nullable=False),
    Column("reason", STRING, nullable=False),
    Column("detail", STRING, nullable=False),
    Column("event", NUMBER),
    Column("practice", Boolean, nullable=False),
    Column("method", STRING, nullable=False),
    Column("url", STRING, nullable=False),
    Column("remote_addr", STRING),
    Column("size", NUMBER, nullable=False),
    Column("headers", LargeBinary, nullable=False),
    Column("body", LargeBinary),
)
"""`event` is the event it told, for a repeat the one known already. `headers` are MessagePack pairs of bytes."""

not_accepted = text("outcome <> 'accepted'")
"""Nearly all deliveries are accepted ones, so only the others are worth an index; queries repeat these words."""

partial_index("deliveries_by_outcome", deliveries.c.outcome, where=not_accepted)

judged_again = Table(
    "judged_again",
    metadata,
    Column("delivery", NUMBER, primary_key=True, autoincrement=False),
    Column("place", NUMBER, nullable=False, unique=True),
)
"""Deliveries that were rejected when they came and recorded anew later; `place` is the id they had at first. Numbers of
events never change, because others hold on to them."""

events = Table(
    "events",
    metadata,
    Column("id", NUMBER, primary_key=True, autoincrement=False),
    Column("source", Integer, ForeignKey("sources.no"), nullable=False),
    Column("practice", Boolean, nullable=False),
    Column("key", LargeBinary, nullable=False),
    Column("type", STRING, nullable=False),
    Column("kind", STRING, nullable=False),
    Column("occurred_at", NUMBER, nullable=False),
    Column("received_at", NUMBER, nullable=False),
    Column("live", Boolean, nullable=False),
    Column("sale", NUMBER, index=True),
    Column("claim", LargeBinary),
    Column("unreadable", STRING, nullable=False),
    Column("needs_fetch", STRING, nullable=False),
    UniqueConstraint("source", "practice", "key"),
)
"""`id` is that of the delivery that told it first. A practice event never takes the place of a real one."""

is_unreadable = text("events.unreadable <> ''")
_is_unreadable = text("unreadable <> ''")
"""Few messages are genuine and yet not understood; only those are indexed."""

partial_index("events_unreadable", events.c.id, where=_is_unreadable)

needs_asking = text("events.needs_fetch <> ''")
_needs_asking = text("needs_fetch <> ''")
"""What an event lacks is named only until its provider has told it, or is not asked any more."""

partial_index("events_owed", events.c.source, events.c.id, where=_needs_asking)

sales = Table(
    "sales",
    metadata,
    Column("id", NUMBER, primary_key=True, autoincrement=False),
    Column("source", Integer, ForeignKey("sources.no"), nullable=False),
    Column("provider", STRING, nullable=False),
    Column("received_at", NUMBER, nullable=False),
    Column("order_id", STRING, nullable=False),
    Column("number", STRING, nullable=False),
    Column("number_key", STRING, nullable=False),
    Column("state", STRING, nullable=False),
    Column("currency", STRING, nullable=False),
    Column("amount", NUMBER, nullable=False),
    Column("amount_text", STRING, nullable=False),
    Column("back_currency", STRING, nullable=False),
    Column("back", NUMBER, nullable=False),
    Column("kept", NUMBER),
    Column("name", STRING, nullable=False),
    Column("customer_key", STRING, nullable=False),
    Column("email", STRING, nullable=False),
    Column("items", LargeBinary, nullable=False),
    Column("paid_at", NUMBER, nullable=False),
    Column("practice", Boolean, nullable=False),
    Column("live", Boolean, nullable=False),
    Column("words", STRING, nullable=False),
)
"""One row for each sale, folded from its events. `currency` is empty where there is no amount that can be counted."""

Index("sales_by_time", sales.c.paid_at, sales.c.id, sales.c.currency, sales.c.kept)
Index("sales_by_source", sales.c.source, sales.c.state, sales.c.paid_at)
Index("sales_by_state", sales.c.state)
Index("sales_by_provider", sales.c.provider)
Index("sales_by_number", sales.c.number_key)
Index("sales_by_customer", sales.c.customer_key)
Index("sales_by_amount", sales.c.currency, sales.c.amount)

search_heads = Table(
    "search_heads",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("sale", NUMBER, nullable=False),
)
"""One row: the last sale that the index over `sales.words` holds, where it takes in many at a time."""

names = Table(
    "sale_names",
    metadata,
    Column("source", Integer, primary_key=True),
    Column("practice", Boolean, primary_key=True),
    Column("name", STRING, primary_key=True),
    Column("sale", NUMBER, nullable=False),
    sqlite_with_rowid=False,
)
"""Every id by which events name a sale: its order id and their links. Practice and real sales never meet."""

nonces = Table(
    "practice_nonces",
    metadata,
    Column("hash", LargeBinary, primary_key=True),
    Column("source", Integer, ForeignKey("sources.no"), nullable=False),
    Column("expires_at", NUMBER, nullable=False),
)
