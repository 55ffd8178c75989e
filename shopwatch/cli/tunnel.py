"""`tunnel`: how the outside reaches this computer."""

from typing import TYPE_CHECKING, Annotated

import typer

from shopwatch.cli.place import Database, DataDir, opened, put, run, secret_from_stdin, tell
from shopwatch.domain.connection.reach import TunnelKind
from shopwatch.domain.i18n import say
from shopwatch.shop.outgoing.export import iso
from shopwatch.shop.receiving import runtime_state

if TYPE_CHECKING:
    from shopwatch.shop.shop import Shop

tunnel = typer.Typer(help="How the outside reaches this computer.", no_args_is_help=True)


@tunnel.command("ngrok")
def ngrok(
    token_stdin: Annotated[bool, typer.Option("--token-stdin", help="Read the ngrok token from stdin.")] = False,
    domain: Annotated[
        str | None,
        typer.Option("--domain", metavar="NAME", help='The address ngrok gave to you; "" for the account’s own.'),
    ] = None,
    program: Annotated[
        str | None,
        typer.Option("--program", metavar="PATH", help='An ngrok program on this machine; "" for our own copy.'),
    ] = None,
    data_dir: DataDir = None,
    database: Database = None,
) -> None:
    """Use ngrok's free fixed address. The token goes into the password store. What is left out stays as it was."""
    token = secret_from_stdin() if token_stdin else None

    async def work() -> None:
        async with opened(data_dir, database) as shop:
            await shop.address.choose(TunnelKind.NGROK, token=token, domain=domain, program=program)
            _tell_when(shop)

    run(work())


@tunnel.command("own")
def own(
    url: Annotated[str, typer.Argument(metavar="URL", help="Such as https://shop.example.com.")],
    data_dir: DataDir = None,
    database: Database = None,
) -> None:
    """Use an address of your own that leads to this computer."""

    async def work() -> None:
        async with opened(data_dir, database) as shop:
            await shop.address.choose(TunnelKind.OWN, url=url)
            _tell_when(shop)

    run(work())


@tunnel.command("none")
def none(data_dir: DataDir = None, database: Database = None) -> None:
    """Practice mode: no public address, no real sale can arrive."""

    async def work() -> None:
        async with opened(data_dir, database) as shop:
            await shop.address.choose(TunnelKind.NONE)
            _tell_when(shop)

    run(work())


def _tell_when(shop: "Shop") -> None:
    if runtime_state.read(shop.paths) is not None:
        tell(say("ShopWatch is running and keeps its present address. Start it again, so that it takes this one."))


@tunnel.command("show")
def show(data_dir: DataDir = None, database: Database = None) -> None:
    """The public address now, as the running receiver knows it."""

    async def work() -> None:
        async with opened(data_dir, database) as shop:
            status = shop.receiver.tunnel
            put(
                {
                    "kind": status.kind.value,
                    "state": status.state.value,
                    "public_url": status.public_url or None,
                    "since": iso(status.since) if status.since else None,
                }
            )

    run(work())
