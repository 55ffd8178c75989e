"""Practice: messages as the providers would send them, out through the public address and back."""

import re
import secrets as randomness
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from shopwatch.domain.errors import Outage, UserError
from shopwatch.domain.i18n import say
from shopwatch.domain.messages.event import Kind
from shopwatch.ledger.sources.book import SourceBook
from shopwatch.providers import provider
from shopwatch.runtime.clock import now
from shopwatch.shop.receiving.public_address import PublicAddress
from shopwatch.shop.sources.connections import Connections
from shopwatch.shop.sources.source_registry import SourceRegistry

if TYPE_CHECKING:
    from shopwatch.shop.sources.rehearsal import Rehearsed


_ADDRESS = re.compile(r"https?://[^/?#\s]", re.IGNORECASE)


class Practice:
    """Sends them as often as it is told to; each is marked as practice by a number of the ledger's own."""

    def __init__(
        self, book: SourceBook, sources: SourceRegistry, connections: Connections, address: PublicAddress
    ) -> None:
        self._book = book
        self._sources = sources
        self._connections = connections
        self._address = address

    async def send(self, source_id: str, kind: Kind | None = None, count: int = 1) -> None:
        """Ring practice messages: out through the public address and back. Raises UserError if one is not accepted."""
        async for rehearsed in self.rehearse(source_id, kind, count=count):
            rehearsed.insist()

    async def rehearse(
        self, source_id: str, kind: Kind | None = None, *, count: int = 1, rate: float = 0, url: str = ""
    ) -> AsyncIterator["Rehearsed"]:
        """The same, one by one with how each was answered, `rate` a second, to `url` if given.

        Without `kind` it is what the provider mostly tells. A refund or dispute comes after a practice sale of its own.
        Raises UserError.
        """
        from shopwatch.shop.sources.rehearsal import rehearse

        source = self._sources.known(source_id)
        if url and not _ADDRESS.match(url):
            raise UserError(
                say("A practice sale cannot be sent to “{url}”.", url=url),
                say("Name an address like https://shop.example.com."),
                code="address-invalid",
            )
        target = url or self._address.of(source)
        if not target:
            raise UserError(
                say("There is no address to send a practice sale to."),
                say("Start ShopWatch first, or name an address with --url."),
                code="no-address",
            )
        if url and not url.rstrip("/").endswith(source.path):
            target = url.rstrip("/") + source.path
        known = provider(source.provider)
        if known is None:
            raise UserError(say("This source was made by a newer ShopWatch."), code="provider-unknown")
        known = known.described(source.options)
        secret = next(iter((await self._connections.secrets_of(source_id)).at(now())), "")
        told = kind or next(iter(known.practises), Kind.SALE)
        if told not in known.practises:
            raise UserError(
                say("{provider} sends no messages of this kind.", provider=known.name),
                say("It sends {kinds}.", kinds=", ".join(known.practises)),
                code="practice-kind",
            )
        kinds = (Kind.SALE, told) if told in (Kind.REFUND, Kind.DISPUTE) else (told,)
        nonces = await self._book.issue_practice(source_id, count * len(kinds))
        seed = randomness.randbits(48)
        sent = rehearse(known, secret, kinds, target, nonces, rate=rate, seed=seed, options=source.options)
        try:
            async for each in sent:
                yield each
        except Outage as silence:
            if not url:
                raise
            raise Outage(
                say("The practice sale did not come back: {url} does not answer.", url=url),
                say("Check this address, then try again."),
                code=silence.code,
            ) from silence
