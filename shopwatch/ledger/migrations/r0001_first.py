"""The first schema."""

from alembic import op
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Integer,
    LargeBinary,
    Text,
    UniqueConstraint,
    text,
)

from shopwatch.ledger.dialect import Dialect

revision = "0001"
down_revision = None

_BIG = BigInteger().with_variant(Integer, "sqlite")


def upgrade(dialect: Dialect) -> None:
    """Make everything of an empty database."""
    heads = op.create_table(
        "heads",
        Column("id", Integer, primary_key=True, autoincrement=False),
        Column("delivery", _BIG, nullable=False),
        Column("sale", _BIG, nullable=False),
        Column("seen", _BIG, nullable=False),
        Column("sources", _BIG, nullable=False),
    )
    op.bulk_insert(heads, [{"id": 1, "delivery": 0, "sale": 0, "seen": 0, "sources": 0}])
    op.create_table(
        "sources",
        Column("no", Integer, primary_key=True, autoincrement=False),
        Column("id", Text, nullable=False, unique=True),
        Column("provider", Text, nullable=False),
        Column("name", Text, nullable=False),
        Column("path", Text, nullable=False, unique=True),
        Column("options", Text, nullable=False),
        Column("created_at", _BIG, nullable=False),
        Column("secrets_changed_at", _BIG, nullable=False),
        Column("removed_at", _BIG),
    )
    op.create_table(
        "practice_nonces",
        Column("hash", LargeBinary, primary_key=True),
        Column("source", Integer, ForeignKey("sources.no"), nullable=False),
        Column("expires_at", _BIG, nullable=False),
    )
    _arrivals()
    _sales()
    dialect.create_search(op.get_bind())


def _arrivals() -> None:
    op.create_table(
        "deliveries",
        Column("id", _BIG, primary_key=True, autoincrement=False),
        Column("source", Integer, ForeignKey("sources.no"), nullable=False),
        Column("received_at", _BIG, nullable=False),
        Column("outcome", Text, nullable=False),
        Column("reason", Text, nullable=False),
        Column("detail", Text, nullable=False),
        Column("event", _BIG),
        Column("practice", Boolean, nullable=False),
        Column("method", Text, nullable=False),
        Column("url", Text, nullable=False),
        Column("remote_addr", Text),
        Column("size", _BIG, nullable=False),
        Column("headers", LargeBinary, nullable=False),
        Column("body", LargeBinary),
    )
    where = text("outcome <> 'accepted'")
    op.create_index("deliveries_by_outcome", "deliveries", ["outcome"], sqlite_where=where, postgresql_where=where)
    op.create_table(
        "events",
        Column("id", _BIG, primary_key=True, autoincrement=False),
        Column("source", Integer, ForeignKey("sources.no"), nullable=False),
        Column("practice", Boolean, nullable=False),
        Column("key", LargeBinary, nullable=False),
        Column("type", Text, nullable=False),
        Column("kind", Text, nullable=False),
        Column("occurred_at", _BIG, nullable=False),
        Column("received_at", _BIG, nullable=False),
        Column("live", Boolean, nullable=False),
        Column("sale", _BIG),
        Column("claim", LargeBinary),
        Column("unreadable", Text, nullable=False),
        Column("needs_fetch", Text, nullable=False),
        UniqueConstraint("source", "practice", "key"),
    )
    op.create_index("ix_events_sale", "events", ["sale"])


def _sales() -> None:
    op.create_table(
        "sales",
        Column("id", _BIG, primary_key=True, autoincrement=False),
        Column("source", Integer, ForeignKey("sources.no"), nullable=False),
        Column("provider", Text, nullable=False),
        Column("received_at", _BIG, nullable=False),
        Column("order_id", Text, nullable=False),
        Column("number", Text, nullable=False),
        Column("number_key", Text, nullable=False),
        Column("state", Text, nullable=False),
        Column("currency", Text, nullable=False),
        Column("amount", _BIG, nullable=False),
        Column("amount_text", Text, nullable=False),
        Column("back_currency", Text, nullable=False),
        Column("back", _BIG, nullable=False),
        Column("kept", _BIG),
        Column("name", Text, nullable=False),
        Column("customer_key", Text, nullable=False),
        Column("email", Text, nullable=False),
        Column("items", LargeBinary, nullable=False),
        Column("paid_at", _BIG, nullable=False),
        Column("practice", Boolean, nullable=False),
        Column("live", Boolean, nullable=False),
        Column("words", Text, nullable=False),
    )
    op.create_index("sales_by_time", "sales", ["paid_at", "id", "currency", "kept"])
    op.create_index("sales_by_source", "sales", ["source", "state", "paid_at"])
    op.create_index("sales_by_state", "sales", ["state"])
    op.create_index("sales_by_provider", "sales", ["provider"])
    op.create_index("sales_by_number", "sales", ["number_key"])
    op.create_index("sales_by_customer", "sales", ["customer_key"])
    op.create_index("sales_by_amount", "sales", ["currency", "amount"])
    op.create_table(
        "sale_names",
        Column("source", Integer, primary_key=True),
        Column("practice", Boolean, primary_key=True),
        Column("name", Text, primary_key=True),
        Column("sale", _BIG, nullable=False),
        sqlite_with_rowid=False,
    )
