"""The options every command takes, and what it opens with them."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from shopwatch.cli.streams import let_go
from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import say
from shopwatch.domain.legible import json_line, unhidden
from shopwatch.host import logs
from shopwatch.host.paths import DATA_DIR_VARIABLE, Paths
from shopwatch.secrets.unsealing import Unsealing, from_descriptor

if TYPE_CHECKING:
    from shopwatch.shop.shop import Shop

DATABASE_VARIABLE = "SHOPWATCH_DATABASE_URL"

DataDir = Annotated[
    str | None,
    typer.Option("--data-dir", metavar="DIR", envvar=DATA_DIR_VARIABLE, help="Where this shop's data is kept."),
]
Database = Annotated[
    str | None,
    typer.Option(
        "--database",
        metavar="URL",
        envvar=DATABASE_VARIABLE,
        help="Where the ledger is kept; sqlite inside the data folder if not given.",
    ),
]

PassphraseFd = Annotated[
    int | None,
    typer.Option(
        "--passphrase-fd",
        metavar="N",
        min=0,
        help="Keep secrets sealed in the ledger; the passphrase is read from this file descriptor.",
    ),
]

_unsealing: Unsealing | None = None


def take_passphrase(descriptor: int | None) -> None:
    """Let this command open what is sealed with the passphrase that can be read there. Raises UserError."""
    global _unsealing  # noqa: PLW0603 - one command a process, and its options come in two places
    if descriptor is not None:
        _unsealing = from_descriptor(descriptor)


def unsealing() -> Unsealing | None:
    """What opens sealed secrets, where this command was given it."""
    return _unsealing


def hand_on(data_dir: str | None, database: str | None) -> None:
    """Let the command that comes behind these options have them, where it is given none of its own."""
    for variable, value in ((DATA_DIR_VARIABLE, data_dir), (DATABASE_VARIABLE, database)):
        if value:
            os.environ[variable] = value  # where its options look


def run[Answer](work: Coroutine[object, object, Answer]) -> Answer:
    """Run a command's work to its end on a loop of its own."""
    return asyncio.run(work)


@asynccontextmanager
async def opened(data_dir: str | None, database: str | None) -> AsyncIterator["Shop"]:
    """The shop of this data folder, read and changed beside whatever process receives for it; closed at the end."""
    from shopwatch.shop.opening import open_shop

    logs.configure()
    shop = await open_shop(Paths.of(data_dir), database, unsealing=_unsealing)
    if shop.notice is not None:
        tell(str(shop.notice))
    try:
        yield shop
    finally:
        await shop.close()


def put(answer: object) -> None:
    """One JSON object on a line of its own, on stdout, at once."""
    sys.stdout.write(json_line(answer) + "\n")
    sys.stdout.flush()


def tell(sentence: str) -> None:
    """Words for a person, on one line of stderr, if anybody is there; what cannot be seen in them is written out."""
    try:
        sys.stderr.write(unhidden(sentence) + "\n")
        sys.stderr.flush()
    except OSError:
        let_go(sys.stderr)


def secret_from_stdin() -> str:
    """The secret piped or typed in; raises UserError if there is none."""
    return _from_stdin(say("Secret (not shown): "), missing=say("No secret came in."))


def line_from_stdin(asking: str) -> str:
    """The first line that is piped or typed in, which may be secret; the others stay to be read. Raises UserError."""
    found = _typed(asking) if sys.stdin.isatty() else sys.stdin.readline().strip("\r\n")
    if not found:
        raise UserError(
            say("Nothing came in."), say("Pipe it in, so that it is written nowhere: … < file"), code="usage"
        )
    return found


def passphrase_from_stdin(*, anew: bool = False) -> str:
    """The passphrase of a backup, piped or typed in; a new one is typed twice, for it is not seen. Raises UserError."""
    missing = say("No passphrase came in.")
    passphrase = _from_stdin(say("Passphrase (not shown): "), missing=missing)
    if anew and sys.stdin.isatty() and _from_stdin(say("The same again: "), missing=missing) != passphrase:
        raise UserError(
            say("These are two passphrases."),
            say("Do it again, and type the same one twice."),
            code="passphrase-differs",
        )
    return passphrase


def _from_stdin(asking: str, *, missing: str) -> str:
    if sys.stdin.isatty():
        secret, way = _typed(asking), say("Do it again, and type it or paste it when you are asked.")
    else:
        secret, way = sys.stdin.read().strip("\r\n"), say("Pipe it in, so that it is written nowhere: … < file")
    if not secret:
        raise UserError(missing, way, code="secret-missing")
    return secret


def _typed(asking: str) -> str:
    from getpass import getpass

    try:
        return getpass(asking)
    except EOFError:  # Ctrl-D
        return ""
