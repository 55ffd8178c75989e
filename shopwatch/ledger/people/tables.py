"""The tables of people, and of what events tell that is no money."""

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, Table

from shopwatch.ledger.columns import NUMBER, STRING
from shopwatch.ledger.schema import metadata

people_heads = Table(
    "people_heads",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("person", NUMBER, nullable=False),
    Column("event", NUMBER, nullable=False),
    Column("traces", Boolean, nullable=False),
    Column("country", STRING, nullable=False),
)
"""One row: the last person's id given out, the last event whose sale has its person, whether the file may still hold
what was forgotten, and the country of phone numbers that name none, empty where it is not known."""

people = Table(
    "people",
    metadata,
    Column("id", NUMBER, primary_key=True, autoincrement=False),
    Column("practice", Boolean, nullable=False),
    Column("name", STRING, nullable=False),
    Column("named_at", NUMBER, nullable=False),
    Column("first_at", NUMBER, nullable=False),
    Column("last_at", NUMBER, nullable=False),
    Column("last_kind", STRING, nullable=False),
)
"""`name` is the one told last, at `named_at`. Practice makes people of its own."""

Index("people_by_time", people.c.last_at, people.c.id)

person_keys = Table(
    "person_keys",
    metadata,
    Column("practice", Boolean, primary_key=True),
    Column("key", STRING, primary_key=True),
    Column("person", NUMBER, nullable=False),
    Column("shown", STRING, nullable=False),
    Column("told_at", NUMBER, nullable=False),
    sqlite_with_rowid=False,
)
"""Every e-mail address and phone number of a person: as compared, and as it was told last."""

Index("person_keys_by_person", person_keys.c.person)

person_words = Table(
    "person_words",
    metadata,
    Column("word", STRING, primary_key=True),
    Column("person", NUMBER, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)
"""The words by which a person is found."""

Index("person_words_by_person", person_words.c.person, person_words.c.word)

moments = Table(
    "moments",
    metadata,
    Column("event", NUMBER, primary_key=True, autoincrement=False),
    Column("person", NUMBER, nullable=False),
    Column("at", NUMBER, nullable=False),
)
"""Whose event it is. Those of sales are written when people are asked for, so that a sale does not pay for it."""

Index("moments_by_person", moments.c.person, moments.c.at)

contacts = Table(
    "contacts",
    metadata,
    Column("event", NUMBER, primary_key=True, autoincrement=False),
    Column("contact_id", STRING, nullable=False),
    Column("name", STRING, nullable=False),
    Column("email", STRING, nullable=False),
    Column("phone", STRING, nullable=False),
    Column("company", STRING, nullable=False),
    Column("form", STRING, nullable=False),
    Column("did", STRING, nullable=False),
    Column("fields", LargeBinary, nullable=False),
)

Index("contacts_by_contact", contacts.c.contact_id)

messages = Table(
    "messages",
    metadata,
    Column("event", NUMBER, primary_key=True, autoincrement=False),
    Column("message_id", STRING, nullable=False),
    Column("phone", STRING, nullable=False),
    Column("to", STRING, nullable=False),
    Column("text", STRING, nullable=False),
    Column("name", STRING, nullable=False),
    Column("place", STRING, nullable=False),
    Column("media", LargeBinary, nullable=False),
)

file_changes = Table(
    "file_changes",
    metadata,
    Column("event", NUMBER, primary_key=True, autoincrement=False),
    Column("accounts", LargeBinary, nullable=False),
    Column("files", LargeBinary, nullable=False),
)

check_ins = Table(
    "check_ins",
    metadata,
    Column("event", NUMBER, primary_key=True, autoincrement=False),
    Column("check_in_id", STRING, nullable=False),
    Column("place", STRING, nullable=False),
    Column("name", STRING, nullable=False),
    Column("email", STRING, nullable=False),
    Column("phone", STRING, nullable=False),
    Column("remark", STRING, nullable=False),
)

notices = Table(
    "notices",
    metadata,
    Column("event", NUMBER, primary_key=True, autoincrement=False),
    Column("title", STRING, nullable=False),
    Column("text", STRING, nullable=False),
    Column("name", STRING, nullable=False),
    Column("email", STRING, nullable=False),
    Column("phone", STRING, nullable=False),
)
