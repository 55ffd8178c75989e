"""`serve`: receive without a window."""

import logging
import sys
from typing import Annotated

import typer

from shopwatch.cli.place import Database, DataDir, PassphraseFd, put, run, take_passphrase, tell, unsealing
from shopwatch.cli.streams import let_go
from shopwatch.domain.connection.reach import TunnelKind
from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import say
from shopwatch.host.paths import Paths

_log = logging.getLogger(__name__)


def _place(given: str) -> tuple[str, int]:
    host, _, port = given.rpartition(":")
    if not host or not port.isdecimal() or int(port) > 65_535:
        raise UserError(
            say("“{given}” is no address of this computer with a port.", given=given),
            say("Write it like 127.0.0.1:9479."),
            code="usage",
        )
    return host.strip("[]"), int(port)


def serve(
    port: Annotated[
        int | None, typer.Option("--port", metavar="N", min=0, max=65535, help="Listen there; 0 for any free one.")
    ] = None,
    tunnel: Annotated[
        TunnelKind | None, typer.Option("--tunnel", help="For this run, whatever the settings say.")
    ] = None,
    here: Annotated[
        bool, typer.Option("--here", help="Take the shop back, though it was moved to another computer.")
    ] = False,
    admin: Annotated[
        str | None, typer.Option("--admin", metavar="HOST:PORT", help="Answer /healthz, /readyz and /metrics there.")
    ] = None,
    listen: Annotated[
        str | None, typer.Option("--listen", metavar="HOST:PORT", help="Listen there, for a balancer elsewhere.")
    ] = None,
    callers: Annotated[
        list[str] | None,
        typer.Option("--from", metavar="ADDRESS", help="The balancer that may connect; may come again."),
    ] = None,
    verbose: Annotated[
        bool, typer.Option("--verbose", help="Log on stderr whatever happens, each sale too, as lines of JSON.")
    ] = False,
    data_dir: DataDir = None,
    database: Database = None,
    passphrase_fd: PassphraseFd = None,
) -> None:
    """Receive without a window, until SIGTERM."""
    from shopwatch.headless import serve as receive
    from shopwatch.listener.listen_address import ListenAddress

    def ready(listening: int, public_url: str | None) -> None:
        try:
            put({"ready": True, "port": listening, "public_url": public_url})
        except OSError:  # sales come in all the same
            let_go(sys.stdout)

    take_passphrase(passphrase_fd)
    place = ListenAddress()
    if listen is not None:
        if port is not None:
            raise UserError(say("Choose one of --port and --listen."), code="usage")
        host, port = _place(listen)
        place = ListenAddress.of(host, callers or ())
    elif callers:
        raise UserError(say("--from goes with --listen."), code="usage")
    told: list[str] = []

    def speak(sentence: str) -> None:
        told.append(sentence)
        if verbose:
            _log.warning("%s", sentence)
        else:
            tell(sentence)

    try:
        run(
            receive(
                Paths.of(data_dir),
                database,
                port=port,
                tunnel=tunnel,
                here=here,
                unsealing=unsealing(),
                admin=_place(admin) if admin else None,
                listen=place,
                verbose=verbose,
                ready=ready,
                tell=speak,
            )
        )
    except UserError as problem:
        if str(problem) not in told[-1:]:
            raise
        raise typer.Exit(problem.exit_code) from problem  # it has just been told
