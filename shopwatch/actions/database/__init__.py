"""Writing sales into the owner's own database."""

from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

from shopwatch.actions.action import Action, JobHandler, TargetKind, Values, Words
from shopwatch.domain.i18n import say
from shopwatch.domain.rules.form import ON, SECRET, Field, FieldKind
from shopwatch.domain.rules.target import Target

if TYPE_CHECKING:
    from shopwatch.actions.parts import Parts
    from shopwatch.host.paths import Paths


async def _check_target(target: Target, password: str, paths: "Paths") -> str:
    """Write there, as far as the settings allow."""
    from shopwatch.actions.database import writing  # noqa: PLC0415 - see `action`

    await writing.check(target, password, paths.ledger)
    return password


def _tidy_options(values: Values) -> Values:
    """A password in the address belongs into the password store, and nowhere else."""
    from shopwatch.actions.database.store import address  # noqa: PLC0415 - see `action`

    url, password = address(values["url"])
    return {**values, "url": url} | ({SECRET: password} if password else {})


def _make_handler(parts: "Parts", closing: AsyncExitStack) -> JobHandler:
    from shopwatch.actions.database.writing import Writing  # noqa: PLC0415 - see `action`

    writing = Writing(parts.ledger, parts.target, parts.secret_of, parts.paths.ledger)
    closing.callback(writing.close)
    return writing


OWN_DATABASE = TargetKind(
    id="database",
    title=lambda: say("Your database"),
    icon="database",
    fields=(
        Field(
            key="url",
            label=lambda: say("Address"),
            hint=lambda: "postgresql://user@host/database",
            about=lambda: say("PostgreSQL, MySQL, MariaDB or SQLite."),
        ),
        Field(key=SECRET, label=lambda: say("Password"), kind=FieldKind.SECRET, command="its password comes by stdin"),
        Field(
            key="create",
            label=lambda: say("Let ShopWatch make the tables if they are missing"),
            kind=FieldKind.SWITCH,
            usual=ON,
            command="create=yes to make its tables",
        ),
    ),
    name_hint=lambda: say("Accounts"),
    named=lambda values: values["url"].rpartition("/")[2].partition("?")[0],
    tidy=_tidy_options,
    check=_check_target,
    missing=lambda: say("The database is not connected."),
    choose=lambda: say("Write into"),
    another=lambda: say("Another database…"),
)

DATABASE = Action(
    id="database",
    icon="database",
    words=Words(
        title=lambda: say("Write it into a database"),
        step=lambda _step, to: (
            say("*write it into {target}*", target=to) if to else say("*write it into your database*")
        ),
        job=lambda: say("Database"),
        under_way=lambda to: say("Entry in {to}", to=to) if to else say("Entry in your database"),
        done=lambda to: say("Written into {to}", to=to),
    ),
    target=OWN_DATABASE,
    repeatable=True,
    handler=_make_handler,
)
