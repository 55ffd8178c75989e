"""Rehearsals: practice messages signed as the provider would, sent out through the public address and back."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import aiohttp

from shopwatch.domain.errors import Outage, UserError
from shopwatch.domain.i18n import say
from shopwatch.domain.messages.delivery import PRACTICE_HEADER, Request
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.source import NO_OPTIONS, Options
from shopwatch.providers.provider import Provider
from shopwatch.runtime.clock import now

_PATIENCE = aiohttp.ClientTimeout(total=20, sock_connect=8)


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """One practice message and how it was answered."""

    kind: Kind
    url: str
    status: int

    @property
    def accepted(self) -> bool:
        return 200 <= self.status < 300

    def insist(self) -> None:
        """Raise UserError if the message was not accepted."""
        if self.accepted:
            return
        if self.status == 503:
            raise Outage(
                say("ShopWatch could not keep the practice sale just now."),
                say("Look at the banner in the window, then try again."),
                code="not-stored",
            )
        raise UserError(
            say("The practice sale was not accepted at your public address."),
            say("Another program may answer there. Check the public address in Settings."),
            code="practice-refused",
        )


async def rehearse(
    provider: Provider,
    secret: str,
    kinds: tuple[Kind, ...],
    url: str,
    nonces: tuple[str, ...],
    *,
    rate: float,
    seed: int,
    options: Options = NO_OPTIONS,
) -> AsyncIterator[Rehearsed]:
    """Post one message for each nonce, `rate` a second (0: at once after each answer), going through `kinds` for each
    order: a refund follows the sale it gives back. Raises Outage if nothing answers.
    """
    async with transport() as session:
        for number, nonce in enumerate(nonces):
            if number and rate > 0:
                await asyncio.sleep(1 / rate)
            order, step = divmod(number, len(kinds))
            request = provider.practise(kinds[step], secret, now(), seed + order, url=url, options=options)
            status = await post(session, request, nonce)
            yield Rehearsed(kinds[step], url, status)


def transport() -> aiohttp.ClientSession:
    """What posts messages: no proxy, no cookies, own deadlines. Close it."""
    return aiohttp.ClientSession(
        trust_env=False, timeout=_PATIENCE, auto_decompress=False, cookie_jar=aiohttp.DummyCookieJar()
    )


async def post(session: aiohttp.ClientSession, request: Request, nonce: str | None = None) -> int:
    """Send the request to its own address, as practice if `nonce` is given; the status of the answer.

    Raises Outage if nothing answers there.
    """
    headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.lines]
    if nonce is not None:
        headers.append((PRACTICE_HEADER, nonce))
    try:
        async with session.request(
            request.method, request.url, data=request.body, headers=headers, allow_redirects=False
        ) as answer:
            return answer.status
    except (aiohttp.ClientError, TimeoutError, ValueError) as failure:
        raise Outage(
            say("The practice sale did not come back: your public address does not answer."),
            say("Check the public address in Settings, then try again."),
            code="address-silent",
        ) from failure
