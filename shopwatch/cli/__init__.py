"""The commands: a contract that people script against."""

import errno
import sys
from pathlib import Path
from typing import Annotated

import typer

from shopwatch import __version__
from shopwatch.cli import (
    care,
    catchup,
    check_day,
    consent,
    ledger,
    look,
    practice,
    reading,
    receiving,
    rules,
    sources,
    streams,
    targets,
    tunnel,
    verify,
)
from shopwatch.cli.place import Database, DataDir, PassphraseFd, hand_on, take_passphrase, tell
from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import say
from shopwatch.host.language import speak
from shopwatch.host.paths import Paths

commands = typer.Typer(
    name="shopwatch",
    help="Every sale rings. Without a command, the desktop program opens.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
commands.add_typer(consent.source, name="source")
commands.add_typer(sources.secret, name="secret")
commands.add_typer(ledger.ledger, name="ledger")
commands.add_typer(tunnel.tunnel, name="tunnel")
commands.add_typer(reading.inbox, name="inbox")
commands.add_typer(rules.rule, name="rule")
commands.add_typer(rules.jobs, name="jobs")
commands.add_typer(targets.target, name="target")
commands.command("serve")(receiving.serve)
commands.command("verify")(verify.verify)
commands.command("catchup")(catchup.catchup)
commands.command("check-day")(check_day.check_day)
commands.command("practice")(practice.practice)
commands.command("sales")(reading.sales)
commands.command("doctor")(care.doctor)
commands.command("backup")(care.backup)
commands.command("restore")(care.restore)
commands.command(look.LOOK, hidden=True)(look.look_at_desktop)


@commands.callback(invoke_without_command=True)
def desktop(
    context: typer.Context,
    data_dir: DataDir = None,
    database: Database = None,
    passphrase_fd: PassphraseFd = None,
    version: Annotated[bool, typer.Option("--version", help="Say which version this is.")] = False,
) -> None:
    """Every sale rings. Without a command, the desktop program opens."""
    if version:
        sys.stdout.write(f"shopwatch {__version__}\n")
        raise typer.Exit
    hand_on(data_dir, database)
    take_passphrase(passphrase_fd)
    if context.invoked_subcommand is None:
        from shopwatch.app import desktop as open_desktop

        raise typer.Exit(open_desktop(Paths.of(data_dir), database))


@commands.command("demo")
def demo(
    sales: Annotated[int, typer.Option("--sales", metavar="N", min=1, max=1_000_000, help="So many sales.")] = 12,
    rate: Annotated[float, typer.Option("--rate", metavar="R", min=0.01, help="Sales a second.")] = 1.0,
    screenshot: Annotated[Path | None, typer.Option("--screenshot", metavar="FILE", help="A picture of it.")] = None,
    leave: Annotated[bool, typer.Option("--exit", help="End when all sales have come in.")] = False,
    data_dir: DataDir = None,
    database: Database = None,
) -> None:
    """Watch a made-up shop. A pretend PayNow signs and posts sales to a real listener behind the real window.

    It has a throw-away data folder of its own; that of your shop is left alone, also where it is named.
    """
    del data_dir, database
    from shopwatch.demo import demo as show

    raise typer.Exit(show(sales=sales, rate=rate, screenshot=screenshot, leave=leave))


def main(arguments: list[str] | None = None) -> int:
    """Run a command: 0 done, 1 the answer is no, 2 used wrongly, 3 something it needs is not there now."""
    streams.prepare()
    speak()
    try:
        code = _run(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        streams.let_go(sys.stdout)
        return 0
    except OSError as failure:
        if failure.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        streams.let_go(sys.stdout)
        tell(f"{say('The disk is full.')} {say('Free some space, then try again.')}")
        return 3
    return code


def _run(arguments: list[str] | None) -> int:
    try:
        commands(arguments)
    except SystemExit as end:
        if isinstance(end.__context__, BrokenPipeError):  # typer has seen it first
            raise end.__context__ from end
        return end.code if isinstance(end.code, int) else 0
    except KeyboardInterrupt:
        return 130
    except UserError as problem:
        tell(str(problem))
        return problem.exit_code
    return 0
