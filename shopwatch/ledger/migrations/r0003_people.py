"""People, and tables for what events tell that is no money."""

from alembic import op
from sqlalchemy import BigInteger, Boolean, Column, Integer, LargeBinary, Text

from shopwatch.ledger.dialect import Dialect

revision = "0003"
down_revision = "0002"

_BIG = BigInteger().with_variant(Integer, "sqlite")


def upgrade(dialect: Dialect) -> None:  # noqa: ARG001 - nothing here differs between databases
    """Make empty tables. People who have bought already are found when people are first asked for."""
    _people()
    _happenings()


def _people() -> None:
    heads = op.create_table(
        "people_heads",
        Column("id", Integer, primary_key=True, autoincrement=False),
        Column("person", _BIG, nullable=False),
        Column("event", _BIG, nullable=False),
        Column("traces", Boolean, nullable=False),
    )
    op.bulk_insert(heads, [{"id": 1, "person": 0, "event": 0, "traces": False}])
    op.create_table(
        "people",
        Column("id", _BIG, primary_key=True, autoincrement=False),
        Column("practice", Boolean, nullable=False),
        Column("name", Text, nullable=False),
        Column("named_at", _BIG, nullable=False),
        Column("first_at", _BIG, nullable=False),
        Column("last_at", _BIG, nullable=False),
        Column("last_kind", Text, nullable=False),
    )
    op.create_index("people_by_time", "people", ["last_at", "id"])
    op.create_table(
        "person_keys",
        Column("practice", Boolean, primary_key=True),
        Column("key", Text, primary_key=True),
        Column("person", _BIG, nullable=False),
        Column("shown", Text, nullable=False),
        Column("told_at", _BIG, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("person_keys_by_person", "person_keys", ["person"])
    op.create_table(
        "person_words",
        Column("word", Text, primary_key=True),
        Column("person", _BIG, primary_key=True, autoincrement=False),
        sqlite_with_rowid=False,
    )
    op.create_index("person_words_by_person", "person_words", ["person", "word"])
    op.create_table(
        "moments",
        Column("event", _BIG, primary_key=True, autoincrement=False),
        Column("person", _BIG, nullable=False),
        Column("at", _BIG, nullable=False),
    )
    op.create_index("moments_by_person", "moments", ["person", "at"])


def _happenings() -> None:
    _table("contacts", "contact_id name email phone company form did", "fields")
    _table("messages", "message_id phone to text name place", "media")
    _table("file_changes", "", "accounts files")
    _table("check_ins", "check_in_id place name email phone remark", "")
    _table("notices", "title text name email phone", "")


def _table(name: str, texts: str, lists: str) -> None:
    op.create_table(
        name,
        Column("event", _BIG, primary_key=True, autoincrement=False),
        *[Column(each, Text, nullable=False) for each in texts.split()],
        *[Column(each, LargeBinary, nullable=False) for each in lists.split()],
    )
