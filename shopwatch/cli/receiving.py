"""`serve`: receive without a window."""

import sys
from typing import Annotated

import typer

from shopwatch.cli.place import Database, DataDir, put, run, tell
from shopwatch.cli.streams import let_go
from shopwatch.domain.connection.reach import TunnelKind
from shopwatch.domain.errors import UserError
from shopwatch.host.paths import Paths


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
    data_dir: DataDir = None,
    database: Database = None,
) -> None:
    """Receive without a window, until SIGTERM."""
    from shopwatch.headless import serve as receive

    def ready(listening: int, public_url: str | None) -> None:
        try:
            put({"ready": True, "port": listening, "public_url": public_url})
        except OSError:  # sales come in all the same
            let_go(sys.stdout)

    told: list[str] = []

    def speak(sentence: str) -> None:
        told.append(sentence)
        tell(sentence)

    try:
        run(receive(Paths.of(data_dir), database, port=port, tunnel=tunnel, here=here, ready=ready, tell=speak))
    except UserError as problem:
        if str(problem) not in told[-1:]:
            raise
        raise typer.Exit(problem.exit_code) from problem  # it has just been told
