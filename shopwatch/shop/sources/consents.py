"""Consents: the owner allows ShopWatch to read at a provider, in the browser, and an API key comes of it."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING

from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import say
from shopwatch.providers import provider

if TYPE_CHECKING:
    from shopwatch.providers.api import Api
    from shopwatch.providers.api_kit.consent import Consent
    from shopwatch.recovery.api_transport import ApiTransport

_LONGEST = 15 * 60.0
"""Seconds that the owner has in the browser."""


class Consenting:
    """One consent that waits for the owner.

    `url` is to be opened in their browser, and `returns_to` what their app there must know. `unheard` says why the
    browser's return will not be noticed by itself, so that the address where it ends has to be pasted; None if it will.
    """

    def __init__(
        self, service: str, api: "Api", consent: "Consent", given: tuple[str, ...], transport: "ApiTransport"
    ) -> None:
        from shopwatch.providers.api_kit.consent import REDIRECT, address_of

        self.unheard: UserError | None = None
        self._service = service
        self._api = api
        self._consent = consent
        self._given = given
        self._transport = transport
        self._state, self._verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(48)
        self._address: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self.returns_to = REDIRECT
        self.url = address_of(consent, given[0], self._state, self._verifier)

    def take(self, address: str) -> bool:
        """Go on with an address to which the browser was sent, if it is this consent's; only the first one counts."""
        from shopwatch.providers.api_kit.consent import belongs

        if self._address.done() or not belongs(address, self._state):
            return False
        self._address.set_result(address)
        return True

    def paste(self, address: str) -> None:
        """The same with one that the owner copied. Raises UserError if it is not this consent's."""
        from shopwatch.providers.api_kit.consent import belongs, foreign

        if not belongs(address, self._state):
            raise foreign(self._service)
        self.take(address)

    def give_up(self) -> None:
        """Wait no more: `finish` raises UserError."""
        if not self._address.done():
            self._address.set_exception(UserError(say("Nothing has changed."), code="consent-given-up"))
            self._address.exception()  # so that nobody misses it who no longer asks

    async def finish(self) -> str:
        """The API key, once the owner has allowed it. Raises UserError, after a quarter of an hour at the latest."""
        from shopwatch.providers.api import ApiFailure, ApiProblem, explain
        from shopwatch.providers.api_kit.consent import code_in, exchange

        try:
            async with asyncio.timeout(_LONGEST):
                address = await self._address
        except TimeoutError:
            raise UserError(
                say("{service} did not answer in time.", service=self._service),
                say("Begin again when you are ready."),
                code="consent-late",
            ) from None
        code = code_in(address, self._state, self._service)
        try:
            asking = exchange(self._consent, self._given, code, self._verifier)
            return (await self._transport.perform(asking, frozenset(self._api.hosts))).result
        except ApiFailure as failure:
            if failure.problem is ApiProblem.REVOKED:
                raise UserError(
                    say("{service} does not take its own answer any more.", service=self._service),
                    say("It is good for a few minutes only. Begin again."),
                    code="consent-expired",
                ) from failure
            raise explain(failure.problem, self._service) from failure


class Consents:
    """Asks the owner, and exchanges what comes of it for a key; keeping the key is for whoever asks."""

    def __init__(self, transport: Callable[[], "ApiTransport"]) -> None:
        self._transport = transport

    @asynccontextmanager
    async def begin(self, provider_id: str, given: Sequence[str]) -> AsyncIterator[Consenting]:
        """Begin with what the owner pasted of their app, in the order of `Consent.given`. Raises UserError if that
        cannot be right, or if this provider asks for no consent."""
        from shopwatch.listener.redirect import redirect
        from shopwatch.providers.api_kit.consent import PATH, PORT, unfit
        from shopwatch.providers.apis import api_of

        known, api = provider(provider_id), api_of(provider_id)
        service = known.name if known else provider_id
        if api is None or api.consent is None:
            raise UserError(
                say("{service} asks for no consent.", service=service),
                say("Store its API key as it is."),
                code="consent-none",
            )
        values = tuple(each.strip() for each in given)
        if problem := unfit(api.consent, values):
            raise problem
        consenting = Consenting(service, api, api.consent, values, self._transport())
        async with AsyncExitStack() as stack:
            try:
                await stack.enter_async_context(redirect(PORT, PATH, consenting.take))
            except UserError as failure:
                consenting.unheard = failure
            yield consenting
