"""What sold, summed by days and before every tenth day, so that any period is summed from rows that lie together."""

from alembic import op
from sqlalchemy import BigInteger, Column, Integer, text

from shopwatch.ledger.dialect import Dialect

revision = "0016"
down_revision = "0015"

_BIG = BigInteger().with_variant(Integer, "sqlite")

_DAYS = """
    INSERT INTO sold_on (day, goods, qty, minor)
    SELECT day, goods, qty, minor FROM (
        SELECT day, goods, qty - lag(qty, 1, 0) OVER earlier AS qty, minor - lag(minor, 1, 0) OVER earlier AS minor
        FROM sold_until WINDOW earlier AS (PARTITION BY goods ORDER BY day)
    ) AS sold WHERE qty <> 0
    ORDER BY day, goods
"""
_BLOCKS = "INSERT INTO sold_blocks (day) SELECT DISTINCT day - day % 10 FROM sold_on"
_BEFORE = """
    INSERT INTO sold_before (day, goods, qty, minor)
    SELECT sold_blocks.day, goods.id, sold_until.qty, sold_until.minor
    FROM sold_blocks CROSS JOIN goods JOIN sold_until ON sold_until.goods = goods.id AND sold_until.day = (
        SELECT max(earlier.day) FROM sold_until AS earlier
        WHERE earlier.goods = goods.id AND earlier.day < sold_blocks.day
    )
    WHERE sold_until.qty <> 0
    ORDER BY sold_blocks.day, goods.id
"""


def upgrade(dialect: Dialect) -> None:
    """Nothing is counted anew: what sold on a day is what had sold by its end, less what had sold before."""
    del dialect
    _sums("sold_on")
    op.create_table("sold_blocks", Column("day", Integer, primary_key=True, autoincrement=False))
    _sums("sold_before")
    for statement in (_DAYS, _BLOCKS, _BEFORE):
        op.execute(text(statement))
    op.drop_table("sold_until")


def _sums(name: str) -> None:
    op.create_table(
        name,
        Column("day", Integer, primary_key=True, autoincrement=False),
        Column("goods", Integer, primary_key=True, autoincrement=False),
        Column("qty", _BIG, nullable=False),
        Column("minor", _BIG, nullable=False),
        sqlite_with_rowid=False,
    )
