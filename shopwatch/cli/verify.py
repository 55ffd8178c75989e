"""`verify`: judge messages offline, without listener and ledger."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from shopwatch.cli.place import Database, DataDir, opened, put, run, secret_from_stdin
from shopwatch.cli.reading import instant
from shopwatch.cli.sources import find
from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import say
from shopwatch.domain.messages.verdict import Rejected
from shopwatch.domain.source import NO_OPTIONS, Options, Secrets
from shopwatch.providers import CHECKS, PROVIDERS, provider_or_check
from shopwatch.providers.request_file import requests_in
from shopwatch.providers.verdict_text import lines
from shopwatch.runtime.clock import now


def verify(
    provider_id: Annotated[str, typer.Argument(metavar="PROVIDER", help="Its id, or a bare check such as basic-auth.")],
    file: Annotated[str, typer.Argument(metavar="FILE|-", help="One request, or a file of test vectors; - for stdin.")],
    at: Annotated[str, typer.Option("--at", metavar="UNIX", help="Judge as if it were this second.")] = "",
    source_id: Annotated[
        str, typer.Option("--source", metavar="ID", help="Use the stored secret and settings of this source.")
    ] = "",
    data_dir: DataDir = None,
    database: Database = None,
) -> None:
    """Say whether messages are genuine, and what they mean. Exit code 1 if any is rejected."""
    found = provider_or_check(provider_id)
    if found is None:
        raise UserError(
            say("ShopWatch does not know the provider “{provider}”.", provider=provider_id),
            say("It knows {providers}.", providers=", ".join(each.id for each in PROVIDERS + CHECKS)),
            code="provider-unknown",
        )
    from shopwatch.providers.doctor.doctor import diagnose

    requests = requests_in(_load(file))
    moment = instant(at) if at else None
    held: Secrets | None = None
    beside: Options = NO_OPTIONS
    if source_id:
        held, beside = run(_stored(source_id, data_dir, database))
    elif not all(each.secrets.current or found.described(each.options).secretless for each in requests):
        if file == "-":
            raise UserError(
                say("The message and the secret cannot both come in by stdin."),
                say("Give the message as a file, or name its source with --source."),
                code="usage",
            )
        held = Secrets((secret_from_stdin(),))
    rejected = False
    for each in requests:
        secrets = held if held and (source_id or not each.secrets.current) else each.secrets
        when = moment if moment is not None else each.now if each.now is not None else now()
        options = {**beside, **each.options}
        verdict = found.judge(each.request, secrets, when, options)
        rejected = rejected or isinstance(verdict, Rejected)
        told = lines(found.described(options), each.name, verdict)
        if isinstance(verdict, Rejected):
            told[0]["explanation"] = diagnose(found, each.request, secrets, when, options=options).sentence
        for line in told:
            put(line)
    raise typer.Exit(1 if rejected else 0)


async def _stored(source_id: str, data_dir: str | None, database: str | None) -> tuple[Secrets, Options]:
    async with opened(data_dir, database) as shop:
        source = find(shop, source_id)
        return await shop.connections.secrets_of(source.id), source.options


def _load(file: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as failure:
        raise UserError(
            say("{file} cannot be read.", file=file), say("Check its name."), code="file-unreadable"
        ) from failure
