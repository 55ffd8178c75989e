"""The tables as they are now; `migrations` is how a file gets there."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)

metadata = MetaData()

# Row ids are given out by the writer, inside the write transaction, so that rows of one batch can name each other.
_ID = BigInteger().with_variant(Integer, "sqlite")

heads = Table(
    "heads",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("delivery", _ID, nullable=False),
    Column("sale", _ID, nullable=False),
    Column("seen", _ID, nullable=False),
    Column("sources", _ID, nullable=False),
    Column("inbox_seen", _ID, nullable=False, server_default="0"),
)
"""One row: the last ids given out, the last sale and the last delivery the owner has seen, and a counter of changes to
the sources."""

sources = Table(
    "sources",
    metadata,
    Column("no", Integer, primary_key=True, autoincrement=False),
    Column("id", Text, nullable=False, unique=True),
    Column("provider", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("path", Text, nullable=False, unique=True),
    Column("options", Text, nullable=False),
    Column("created_at", _ID, nullable=False),
    Column("secrets_changed_at", _ID, nullable=False),
    Column("removed_at", _ID),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", _ID, primary_key=True, autoincrement=False),
    Column("source", Integer, ForeignKey("sources.no"), nullable=False),
    Column("received_at", _ID, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("event", _ID),
    Column("practice", Boolean, nullable=False),
    Column("method", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("remote_addr", Text),
    Column("size", _ID, nullable=False),
    Column("headers", LargeBinary, nullable=False),
    Column("body", LargeBinary),
)
"""`event` is the event it told, for a repeat the one known already. `headers` are MessagePack pairs of bytes."""

not_accepted = text("outcome <> 'accepted'")
"""Nearly all deliveries are accepted ones, so only the others are worth an index; queries repeat these words."""

Index("deliveries_by_outcome", deliveries.c.outcome, sqlite_where=not_accepted)

judged_again = Table(
    "judged_again",
    metadata,
    Column("delivery", _ID, primary_key=True, autoincrement=False),
    Column("place", _ID, nullable=False, unique=True),
)
"""Deliveries that were rejected when they came and recorded anew later; `place` is the id they had at first. Numbers of
events never change, because others hold on to them."""

events = Table(
    "events",
    metadata,
    Column("id", _ID, primary_key=True, autoincrement=False),
    Column("source", Integer, ForeignKey("sources.no"), nullable=False),
    Column("practice", Boolean, nullable=False),
    Column("key", LargeBinary, nullable=False),
    Column("type", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("occurred_at", _ID, nullable=False),
    Column("received_at", _ID, nullable=False),
    Column("live", Boolean, nullable=False),
    Column("sale", _ID, index=True),
    Column("claim", LargeBinary),
    Column("unreadable", Text, nullable=False),
    Column("needs_fetch", Text, nullable=False),
    UniqueConstraint("source", "practice", "key"),
)
"""`id` is that of the delivery that told it first. A practice event never takes the place of a real one."""

is_unreadable = text("events.unreadable <> ''")
_is_unreadable = text("unreadable <> ''")
"""Few messages are genuine and yet not understood; only those are indexed."""

Index("events_unreadable", events.c.id, sqlite_where=_is_unreadable)

needs_asking = text("events.needs_fetch <> ''")
_needs_asking = text("needs_fetch <> ''")
"""What an event lacks is named only until its provider has told it, or is not asked any more."""

Index("events_owed", events.c.source, events.c.id, sqlite_where=_needs_asking)

sales = Table(
    "sales",
    metadata,
    Column("id", _ID, primary_key=True, autoincrement=False),
    Column("source", Integer, ForeignKey("sources.no"), nullable=False),
    Column("provider", Text, nullable=False),
    Column("received_at", _ID, nullable=False),
    Column("order_id", Text, nullable=False),
    Column("number", Text, nullable=False),
    Column("number_key", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("amount", _ID, nullable=False),
    Column("amount_text", Text, nullable=False),
    Column("back_currency", Text, nullable=False),
    Column("back", _ID, nullable=False),
    Column("kept", _ID),
    Column("name", Text, nullable=False),
    Column("customer_key", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("items", LargeBinary, nullable=False),
    Column("paid_at", _ID, nullable=False),
    Column("practice", Boolean, nullable=False),
    Column("live", Boolean, nullable=False),
    Column("words", Text, nullable=False),
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
    Column("sale", _ID, nullable=False),
)
"""One row: the last sale that the index over `sales.words` holds, where it takes in many at a time."""

names = Table(
    "sale_names",
    metadata,
    Column("source", Integer, primary_key=True),
    Column("practice", Boolean, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("sale", _ID, nullable=False),
    sqlite_with_rowid=False,
)
"""Every id by which events name a sale: its order id and their links. Practice and real sales never meet."""

nonces = Table(
    "practice_nonces",
    metadata,
    Column("hash", LargeBinary, primary_key=True),
    Column("source", Integer, ForeignKey("sources.no"), nullable=False),
    Column("expires_at", _ID, nullable=False),
)
