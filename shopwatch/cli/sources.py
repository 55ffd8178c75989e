"""`source` and `secret`: the connections of this shop, and what their messages are checked with."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from shopwatch.cli.place import Database, DataDir, opened, put, run, secret_from_stdin, tell
from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import say
from shopwatch.domain.source import Source
from shopwatch.providers import provider as provider_of
from shopwatch.providers.addresses import ALLOW, BLOCK
from shopwatch.providers.described import description_file
from shopwatch.providers.described.custom import CUSTOM
from shopwatch.providers.polling import POLL

if TYPE_CHECKING:
    from shopwatch.shop.shop import Shop

source = typer.Typer(help="The connections of this shop to its providers.", no_args_is_help=True)
secret = typer.Typer(
    help="The secrets that messages are checked with. Values come by stdin only.", no_args_is_help=True
)

SourceId = Annotated[
    str, typer.Argument(metavar="SOURCE", help="Its id; its name or its service, where only one has it.")
]
ApiKey = Annotated[
    bool, typer.Option("--api-key", help="The key by which the provider is asked for what its messages lack.")
]


def find(shop: "Shop", source_id: str) -> Source:
    """The source of this id, or the only one of this name or provider. Raises UserError if there is none."""
    by_id = [each for each in shop.sources.all if each.id == source_id]
    named = [each for each in shop.sources.all if source_id in (each.name, each.provider)]
    if len(found := by_id or named) == 1:
        return found[0]
    if found:
        raise UserError(
            say("There are several sources “{source}”.", source=source_id),
            say("Name it by its id; `shopwatch source list` shows it."),
            code="source-unclear",
        )
    raise UserError(
        say("There is no source “{source}”.", source=source_id),
        say("See `shopwatch source list`."),
        code="source-unknown",
    )


def as_object(shop: "Shop", each: Source) -> dict[str, object]:
    return {
        "id": each.id,
        "provider": each.provider,
        "name": each.name,
        "path": each.path,
        "url": shop.address.of(each) or None,
    }


@source.command("add")
def add(
    provider: Annotated[
        str, typer.Argument(metavar="PROVIDER", help="Its id, such as paynow, stripe, github or custom.")
    ],
    name: Annotated[str, typer.Option("--name", metavar="TEXT", help="What you call it.")] = "",
    setting: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="A plain setting; a KEY that is none shows which there are."),
    ] = None,
    secret_stdin: Annotated[bool, typer.Option("--secret-stdin", help="Read its secret from stdin.")] = False,
    description: Annotated[
        Path | None, typer.Option("--from", metavar="FILE", help="For custom: a description that was saved as a file.")
    ] = None,
    data_dir: DataDir = None,
    database: Database = None,
) -> None:
    """Connect a provider. Prints the address to give to it."""
    options = _settings(provider, setting or [])
    if description is not None:
        called, described = _load(provider, description)
        name, options = name or called, described | options
    value = secret_from_stdin() if secret_stdin else None

    async def work() -> None:
        async with opened(data_dir, database) as shop:
            try:
                added = await shop.connections.add(provider, name, options)
            except UserError as problem:
                raise _with_its_key(problem) from problem
            if value is not None:
                try:
                    await shop.connections.set_secrets(added.id, (value,))
                except UserError:
                    await shop.connections.take_back(added.id)
                    raise
            shop.settings.change(setup_done=True)  # who connects by command needs no assistant
            put(as_object(shop, added))

    run(work())


def _settings(provider_id: str, given: list[str]) -> dict[str, str]:
    """What `--set` says. A name that the provider does not know is a slip; what is set, the shop checks."""
    options = dict(pair(each) for each in given)
    known = provider_of(provider_id)
    names = [*(each.key for each in known.told), ALLOW, BLOCK, POLL] if known else list(options)
    for key in options:
        if known and key not in names:
            raise UserError(
                say("{provider} has no setting “{key}”.", provider=known.name, key=key),
                say("It has {names}.", names=", ".join(names)) if names else "",
                code="option-unknown",
            )
    return options


def _load(provider_id: str, file: Path) -> tuple[str, dict[str, str]]:
    """The name and the settings in a saved description."""
    if provider_id != CUSTOM.id:
        raise UserError(say("A saved description is for “custom” alone."), code="usage")
    try:
        with file.open("rb") as opened_file:
            raw = opened_file.read(description_file.LARGEST + 1)
    except OSError as failure:
        raise UserError(
            say("{file} cannot be read.", file=str(file)), say("Check its name."), code="file-unreadable"
        ) from failure
    return description_file.read(raw)


def _with_its_key(problem: UserError) -> UserError:
    """A setting is called by its label on screens, but by its key here."""
    key = problem.code.removeprefix("option-")
    if key == problem.code:
        return problem
    way = say("Give it as --set {key}=VALUE.", key=key)
    return UserError(problem.title, f"{problem.hint} {way}".strip(), code=problem.code)


def pair(text: str) -> tuple[str, str]:
    """KEY=VALUE. Raises UserError if it is none."""
    key, equals, value = text.partition("=")
    if not key or not equals:
        raise UserError(say("“{text}” is not KEY=VALUE.", text=text), code="usage")
    return key, value


@source.command("describe")
def describe(
    source_id: SourceId,
    save: Annotated[
        Path | None, typer.Option("--save", metavar="FILE", help="Write it into a new file instead, to hand on.")
    ] = None,
    data_dir: DataDir = None,
    database: Database = None,
) -> None:
    """How a custom source is described, to be handed on."""

    async def work() -> None:
        async with opened(data_dir, database) as shop:
            found = find(shop, source_id)
            if found.provider != CUSTOM.id:
                raise UserError(
                    say("{source} is not described: ShopWatch knows its service.", source=found.name), code="usage"
                )
            told = description_file.write(found.name, found.options)
        if save is None:
            put(json.loads(told))
            return
        try:
            with save.open("xb") as file:
                file.write(told)
        except OSError as failure:
            raise UserError(
                say("{file} cannot be written.", file=str(save)),
                say("Check its name and its folder; there must be no such file yet."),
                code="file-unwritable",
            ) from failure
        tell(say("Saved in {file}.", file=str(save)))

    run(work())


@source.command("list")
def list_sources(data_dir: DataDir = None, database: Database = None) -> None:
    """Every source, one JSON object a line."""

    async def work() -> None:
        async with opened(data_dir, database) as shop:
            for each in shop.sources.all:
                put(as_object(shop, each))

    run(work())


@source.command("remove")
def remove(source_id: SourceId, data_dir: DataDir = None, database: Database = None) -> None:
    """Disconnect a source and forget its secret. Its sales stay. An endpoint that is known goes first."""

    async def work() -> None:
        async with opened(data_dir, database) as shop:
            if (left := await shop.endpoints.remove_source(find(shop, source_id).id)) is not None:
                tell(str(left))

    run(work())


@secret.command("set")
def set_secret(
    source_id: SourceId,
    previous: Annotated[
        bool, typer.Option("--previous", help="Keep the present one valid for a day, while the provider changes over.")
    ] = False,
    add_another: Annotated[
        bool, typer.Option("--add", help="Hold it beside those already stored (one for each event type).")
    ] = False,
    api_key: ApiKey = False,
    data_dir: DataDir = None,
    database: Database = None,
) -> None:
    """Store the secret that stands on stdin. It goes into the system's password store."""
    if previous + add_another + api_key > 1:
        raise UserError(say("Choose one of --previous, --add and --api-key."), code="usage")
    value = secret_from_stdin()

    async def work() -> None:
        async with opened(data_dir, database) as shop:
            found = find(shop, source_id)
            if api_key:
                await shop.connections.set_api_key(found.id, value)
            elif previous:
                if not (await shop.connections.tails(found.id)).current:
                    raise UserError(
                        say("There is no secret for {source} yet.", source=found.name),
                        say("Store the first one without --previous."),
                        code="secret-missing",
                    )
                await shop.connections.rotate_secret(found.id, value)
            else:
                await shop.connections.set_secrets(found.id, (value,), beside=add_another)
            tell(say("Stored in {store}.", store=shop.vault.name or shop.vault.backend))

    run(work())


@secret.command("forget")
def forget_secret(
    source_id: SourceId, api_key: ApiKey = False, data_dir: DataDir = None, database: Database = None
) -> None:
    """Remove a source's secret from the password store."""

    async def work() -> None:
        async with opened(data_dir, database) as shop:
            found = find(shop, source_id)
            await (shop.connections.forget_api_key(found.id) if api_key else shop.connections.forget_secrets(found.id))

    run(work())


@secret.command("list")
def list_secrets(data_dir: DataDir = None, database: Database = None) -> None:
    """Which sources have a secret, and where it is kept. Never the secret itself."""

    async def work() -> None:
        async with opened(data_dir, database) as shop:
            for each in shop.sources.all:
                tails = (await shop.connections.tails(each.id)).current
                put(
                    {
                        "source": each.id,
                        "provider": each.provider,
                        "name": each.name,
                        "secrets": len(tails),
                        "api_key": await shop.connections.has_api_key(each.id),
                        "backend": shop.vault.backend,
                    }
                )

    run(work())
