"""`target`: where the steps of rules send to."""

from typing import TYPE_CHECKING, Annotated

import typer

from shopwatch.cli.place import Database, DataDir, opened, put, run, secret_from_stdin
from shopwatch.cli.sources import pair
from shopwatch.domain.errors import UserError
from shopwatch.domain.target import Target, TargetKind
from shopwatch.domain.words import say

if TYPE_CHECKING:
    from shopwatch.shop.shop import Shop

target = typer.Typer(help="Where rules send to: mail, chats, programs, databases.", no_args_is_help=True)


def _as_object(each: Target) -> dict[str, object]:
    return {"id": each.id, "kind": each.kind.value, "name": each.name, "options": each.options}


@target.command("add")
def add(
    kind: Annotated[
        TargetKind, typer.Argument(metavar="KIND", help="mail, chat, forward, database or page.", show_choices=False)
    ],
    name: Annotated[str, typer.Option("--name", metavar="TEXT", help="What you call it.")] = "",
    setting: Annotated[list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="A plain setting.")] = None,
    secret_stdin: Annotated[
        bool, typer.Option("--secret-stdin", help="Read its password, signing secret or chat address from stdin.")
    ] = False,
    data_dir: DataDir = None,
    database: Database = None,
) -> None:
    """Try a place and keep it. Prints it with the id that rules name it by.

    \b
    mail      --set host, port, security (starttls or tls), user, from, name,
              reply_to, most_an_hour; its password comes by stdin
    chat      its whole address comes by stdin
    forward   --set url, as (event or raw), local=yes for a program in your own
              network; its signing secret comes by stdin, or is made
    database  --set url, create=yes to make its tables; its password comes by stdin
    page      --set folder, or url and data_url, local=yes as above
    """
    options = _settings(kind, setting or [])
    secret = secret_from_stdin() if secret_stdin else None

    async def work() -> None:
        async with opened(data_dir, database) as shop:
            put(_as_object(await shop.put_target(Target("", kind, name or kind.value, options), secret)))

    run(work())


def _settings(kind: TargetKind, given: list[str]) -> dict[str, str]:
    options = dict(pair(each) for each in given)
    for key in options:
        if key not in kind.settings:
            raise UserError(
                say("A place of the kind “{kind}” has no setting “{key}”.", kind=kind.value, key=key),
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
            await shop.drop_target(_find(shop, target_id).id)

    run(work())


def _find(shop: "Shop", target_id: str) -> Target:
    for each in shop.settings.current.targets:
        if each.id == target_id:
            return each
    raise UserError(
        say("There is no place “{place}”.", place=target_id), say("See `shopwatch target list`."), code="target-unknown"
    )
