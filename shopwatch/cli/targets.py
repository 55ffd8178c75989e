"""`target`: where the steps of rules send to."""

from textwrap import wrap
from typing import TYPE_CHECKING, Annotated

import typer

from shopwatch.actions.action import TargetKind
from shopwatch.actions.registry import kind_of, target_kinds
from shopwatch.cli.place import Database, DataDir, opened, put, run, secret_from_stdin
from shopwatch.cli.sources import pair
from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import say
from shopwatch.domain.rules.target import Target

if TYPE_CHECKING:
    from shopwatch.shop.shop import Shop

target = typer.Typer(help="Where rules send to: mail, chats, programs, databases.", no_args_is_help=True)


def _as_object(each: Target) -> dict[str, object]:
    return {"id": each.id, "kind": each.kind, "name": each.name, "options": each.options}


def _kind(kind_id: str) -> TargetKind:
    if kind := kind_of(kind_id):
        return kind
    known = ", ".join(f"'{each.id}'" for each in target_kinds())
    raise typer.BadParameter(f"'{kind_id}' is not one of {known}.")


def _about_kinds() -> str:
    """What each kind is told, as its action declares it."""
    lines = []
    for kind in target_kinds():
        settings = ", ".join(each.command or each.key for each in kind.fields if each.key in kind.settings)
        parts = (f"--set {settings}" if settings else "", kind.secret.command if kind.secret else "")
        told = "; ".join(part for part in parts if part)
        lines += wrap(told, 76, initial_indent=f"{kind.id:<10}", subsequent_indent=" " * 10)
    return "\n".join(lines)


@target.command(
    "add", help=f"Try a place and keep it. Prints it with the id that rules name it by.\n\n\b\n{_about_kinds()}"
)
def add(
    kind: Annotated[
        TargetKind,
        typer.Argument(parser=_kind, metavar="KIND", help=f"{', '.join(each.id for each in target_kinds())}."),
    ],
    name: Annotated[str, typer.Option("--name", metavar="TEXT", help="What you call it.")] = "",
    setting: Annotated[list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="A plain setting.")] = None,
    secret_stdin: Annotated[
        bool, typer.Option("--secret-stdin", help="Read its password, signing secret or chat address from stdin.")
    ] = False,
    data_dir: DataDir = None,
    database: Database = None,
) -> None:
    options = _settings(kind, setting or [])
    secret = secret_from_stdin() if secret_stdin else None

    async def work() -> None:
        async with opened(data_dir, database) as shop:
            put(_as_object(await shop.targets.put(Target("", kind.id, name or kind.id, options), secret)))

    run(work())


def _settings(kind: TargetKind, given: list[str]) -> dict[str, str]:
    options = dict(pair(each) for each in given)
    for key in options:
        if key not in kind.settings:
            raise UserError(
                say("A place of the kind “{kind}” has no setting “{key}”.", kind=kind.id, key=key),
                say("It has {names}.", names=", ".join(kind.settings)) if kind.settings else "",
                code="option-unknown",
            )
    return options


@target.command("list")
def list_targets(data_dir: DataDir = None, database: Database = None) -> None:
    """Every place, one JSON object a line; never a secret."""

    async def work() -> None:
        async with opened(data_dir, database) as shop:
            for each in shop.settings.current.targets:
                put(_as_object(each))

    run(work())


@target.command("remove")
def remove(
    target_id: Annotated[str, typer.Argument(metavar="ID", help="As `target list` shows it.")],
    data_dir: DataDir = None,
    database: Database = None,
) -> None:
    """Let go of a place and its secret. The rules that name it stay, and do nothing there."""

    async def work() -> None:
        async with opened(data_dir, database) as shop:
            await shop.targets.drop(_find(shop, target_id).id)

    run(work())


def _find(shop: "Shop", target_id: str) -> Target:
    for each in shop.settings.current.targets:
        if each.id == target_id:
            return each
    raise UserError(
        say("There is no place “{place}”.", place=target_id), say("See `shopwatch target list`."), code="target-unknown"
    )
