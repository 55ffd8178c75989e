"""`doctor`, `backup` and `restore`."""

from pathlib import Path
from typing import Annotated

import typer

from shopwatch.cli.place import Database, DataDir, opened, passphrase_from_stdin, put, run, tell, unsealing
from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import say
from shopwatch.host.lock import DataFolderLock, Role
from shopwatch.host.paths import Paths

WithSecrets = Annotated[
    bool, typer.Option("--with-secrets", help="Secrets too, encrypted with a passphrase that is read from stdin.")
]


Move = Annotated[
    bool, typer.Option("--move", help="The shop goes to another computer: stop hearing and sending here first.")
]


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
    data_dir: DataDir = None,
    database: Database = None,
) -> None:
    """What works on this machine and what does not. Exit code 1 if something does not."""
    from shopwatch.cli.checkup import checkup

    fine = True
    for check in run(checkup(Paths.of(data_dir), database, unsealing())):
        fine = fine and check.ok
        if as_json:
            put({"name": check.name, "ok": check.ok, "sentence": check.sentence, "hint": check.hint or None})
        else:
            tell(f"{'✓' if check.ok else '✗'} {check.sentence}")
            if check.hint and not check.ok:
                tell(f"  {check.hint}")
    raise typer.Exit(0 if fine else 1)


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What to write; an older backup is replaced.")],
    with_secrets: WithSecrets = False,
    move: Move = False,
    data_dir: DataDir = None,
    database: Database = None,
) -> None:
    """Copy the ledger and the settings into one file. Also while ShopWatch runs."""
    paths = Paths.of(data_dir)
    if move and (database or not with_secrets):
        raise UserError(
            say("A shop moves with its secrets, and out of a data folder."),
            say("Add --with-secrets, and leave --database out."),
            code="move-secrets",
        )
    passphrase = passphrase_from_stdin(anew=True) if with_secrets else ""

    async def work() -> None:
        async with opened(data_dir, database) as shop:
            if move:
                await shop.move_out(file, passphrase)
                tell(say("Everything is in {file}. Bring it back on the other computer.", file=file))
                tell(say("Here nothing is heard or sent any more; “shopwatch serve --here” takes the shop back."))
            else:
                await shop.backups.write(file, passphrase)
                if with_secrets:
                    tell(say("Everything is in {file}.", file=file))
                else:
                    tell(say("Everything but the secrets is in {file}; --with-secrets takes them along.", file=file))

    if move:
        paths.prepare()
        with DataFolderLock(paths).acquire(Role.MOVE):  # whoever hears for this shop has to have stopped
            run(work())
    else:
        run(work())


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What `backup` has written.")],
    with_secrets: WithSecrets = False,
    data_dir: DataDir = None,
    database: Database = None,
) -> None:
    """Bring back what a backup holds. What was there is kept beside it."""
    from shopwatch.shop.opening import restore_shop

    passphrase = passphrase_from_stdin() if with_secrets else ""
    holds_secrets = run(restore_shop(file, Paths.of(data_dir), database, passphrase))
    if not holds_secrets:
        tell(say("Everything but the secrets is back: the backup holds none. Store them with `shopwatch secret set`."))
    elif with_secrets:
        tell(say("Everything is back."))
    else:
        tell(say("Everything but the secrets is back. Do it again with --with-secrets to bring them, too."))
