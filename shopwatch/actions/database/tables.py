"""The three tables in the owner's database: one row for each sale, each line of its receipt, and each refund."""

from sqlalchemy import Boolean, Column, DateTime, Integer, MetaData, Numeric, PrimaryKeyConstraint, String, Table

LONGEST_KEY = 255
LONGEST_TEXT = 500

metadata = MetaData()

# Four decimals are the most that ISO 4217 knows; fifteen places before them hold every amount that is counted.
_MONEY = Numeric(19, 4)
_KEY = String(LONGEST_KEY)

sales = Table(
    "shopwatch_sales",
    metadata,
    Column("source", String(80), nullable=False),
    Column("order_id", _KEY, nullable=False),
    Column("number", String(LONGEST_TEXT), nullable=False),
    Column("state", String(20), nullable=False),
    Column("amount", _MONEY),
    Column("currency", String(3), nullable=False),
    Column("given_back", _MONEY),
    Column("name", String(LONGEST_TEXT), nullable=False),
    Column("email", String(LONGEST_TEXT), nullable=False),
    Column("paid_at", DateTime, nullable=False),
    Column("practice", Boolean, nullable=False),
    Column("live", Boolean, nullable=False),
    PrimaryKeyConstraint("source", "order_id"),
)
"""Times are UTC. An amount that nobody can be sure of is NULL."""

items = Table(
    "shopwatch_items",
    metadata,
    Column("source", String(80), nullable=False),
    Column("order_id", _KEY, nullable=False),
    Column("line", Integer, nullable=False, autoincrement=False),
    Column("name", String(LONGEST_TEXT), nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("unit_price", _MONEY),
    PrimaryKeyConstraint("source", "order_id", "line"),
)

refunds = Table(
    "shopwatch_refunds",
    metadata,
    Column("source", String(80), nullable=False),
    Column("order_id", _KEY, nullable=False),
    Column("refund_id", _KEY, nullable=False),
    Column("amount", _MONEY),
    Column("currency", String(3), nullable=False),
    Column("given_at", DateTime, nullable=False),
    PrimaryKeyConstraint("source", "order_id", "refund_id"),
)
