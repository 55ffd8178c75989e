"""Makes, reads, mends and removes endpoints at providers, and keeps what comes of it."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace

from shopwatch.domain.connection.endpoint import Endpoint, Registered, Standing, leads_to
from shopwatch.domain.errors import Outage, UserError
from shopwatch.domain.instant import Clock, Instant
from shopwatch.domain.source import Options, Source
from shopwatch.ledger.ledger import Ledger
from shopwatch.providers import provider_name
from shopwatch.providers.api import ApiFailure, ApiProblem, Asking
from shopwatch.providers.api_kit.endpoints import NO_KEY, NO_WAY, Endpoints, Made, Wanted, explain_endpoint
from shopwatch.recovery.api_client import ApiClient
from shopwatch.recovery.signing import SecretKeeper, Signing
from shopwatch.runtime.clock import now

_GIVE_UP = frozenset({ApiProblem.UNREADABLE, ApiProblem.NOT_FOUND, ApiProblem.NOT_TAKEN})


class Unregistered(UserError):
    """What was asked of the provider did not come about; `wait` is how many seconds it wants to be left alone."""

    def __init__(self, words: UserError, wait: float = 0) -> None:
        super().__init__(words.title, words.hint, code=words.code)
        self.wait = wait


class Registrar:
    """One thing at a time for each source.

    What a provider gives is kept before the endpoint counts as made, and whatever is cut short in between is made whole
    by doing it again. Every method raises `Unregistered`, which is noted with the endpoint, and UserError where the
    ledger or the password store is away. `changed` is called once secrets or options are others.
    """

    def __init__(
        self,
        ledger: Ledger,
        api_client: ApiClient,
        keeper: SecretKeeper,
        *,
        changed: Callable[[], Awaitable[None]],
        clock: Clock = now,
    ) -> None:
        self._ledger = ledger
        self._book = ledger.endpoints
        self._api_client = api_client
        self._signing = Signing(keeper, self._touch_endpoint, clock)
        self._changed = changed
        self._clock = clock
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    def can_register(self, source: Source) -> bool:
        """Whether the provider has an API that makes endpoints."""
        api = self._api_client.api_of(source)
        return api is not None and api.endpoints is not None

    async def register(self, source: Source, url: str) -> None:
        """Make the endpoint at `url`, or put right the one that is known."""
        async with self._turn_of(source):
            known = self._book.registered.get(source.id)
            if known is None:
                await self._note_made(source, await self._make_endpoint(source, url), url, None)
            elif not (await self._signing.held(source.id)).current:
                # Mending brings no secret, and without one nothing fits.
                await self._make_beside(source, known, url)
            else:
                known = await self._begin_making(source, known, url)
                await self._note_made(source, await self._mend_endpoint(source, known.endpoint, url), url, known.old)

    async def find(self, source: Source, url: str) -> None:
        """Take note of an endpoint that the owner has made at `url` by hand, if there is a key that may read it."""
        async with self._turn_of(source):
            if source.id in self._book.registered or await self._api_client.key_of(source) is None:
                return
            try:
                found = await self._ask_register(
                    source, lambda each, key, options: each.read(Endpoint("", url), key, options)
                )
            except Unregistered:
                return  # the key was given for something else
            if found.id and found.standing is not Standing.GONE:
                at = self._clock()
                await self._book.note_found(Registered(source.id, found, 0, at, since=at), _base_of(source, url))

    async def move(self, source: Source, url: str) -> None:
        """Make the endpoint at `url`, and keep the one that is known until a message has come to the new one."""
        async with self._turn_of(source):
            known = self._book.registered.get(source.id)
            if known is None:
                return
            if leads_to(known.endpoint.url, url):
                known = replace(await self._without_begun(source, known), problem="")
                await self._book.note(known, _base_of(source, url))
            elif known.old is not None and leads_to(known.old.url, url):
                old = known.old
                known = await self._begin_making(source, known, url)
                made = await self._mend_endpoint(source, old, url)
                await self._signing.recall(source.id)
                await self._note_made(source, made, url, known.endpoint)
            else:
                await self._make_beside(source, known, url)

    async def confirm(self, source: Source, base: str, at: Instant) -> None:
        """A message came to the endpoint at this public address."""
        async with self._turn_of(source):
            known = self._book.registered.get(source.id)
            if known is not None and not known.confirmed_at and self._book.addresses.get(source.id) == base:
                await self._book.note(replace(known, confirmed_at=at))

    async def drop_old(self, source: Source) -> None:
        """Remove the endpoint at the address before."""
        async with self._turn_of(source):
            known = self._book.registered.get(source.id)
            if known is not None and known.old is not None:
                await self._without_old(source, known)

    async def check(self, source: Source) -> None:
        """Read how the endpoint stands."""
        async with self._turn_of(source):
            known = self._book.registered.get(source.id)
            if known is None:
                return
            endpoint = known.endpoint
            found = await self._ask_register(source, lambda each, key, options: each.read(endpoint, key, options))
            if leads_to(found.url, known.endpoint.url):
                found = replace(found, url=known.endpoint.url)
            await self._book.note(known.seen(found, self._clock()))

    async def remove(self, source: Source) -> None:
        """Remove all there is of the source's endpoint at its provider."""
        async with self._turn_of(source):
            known = self._book.registered.get(source.id)
            if known is None:
                return
            await self._remove_endpoint(source, known.endpoint)
            if known.old is not None:
                await self._remove_endpoint(source, known.old)
            await self._without_begun(source, known)
            await self._book.forget(source.id)

    @asynccontextmanager
    async def _turn_of(self, source: Source) -> AsyncIterator[None]:
        async with self._turns[source.id]:
            await self._book.refresh(source.id)  # a command may have changed it meanwhile
            try:
                yield
            except Unregistered as failure:
                known = self._book.registered.get(source.id)
                if known is not None and known.problem != failure.code:
                    await self._book.note(replace(known, problem=failure.code))
                raise

    async def _make_beside(self, source: Source, known: Registered, url: str) -> None:
        if known.old is not None:
            known = await self._without_old(source, known)
        known = await self._begin_making(source, known, url)
        made = await self._make_endpoint(source, url)
        stays = made.endpoint.id != known.endpoint.id and not leads_to(known.endpoint.url, url)
        await self._note_made(source, made, url, known.endpoint if stays else None)

    async def _make_endpoint(self, source: Source, url: str) -> Made:
        wanted = await self._wanted_endpoint(source, url)
        return await self._ask_register(source, lambda each, key, options: each.make(wanted, key, options))

    async def _mend_endpoint(self, source: Source, endpoint: Endpoint, url: str) -> Made:
        wanted = await self._wanted_endpoint(source, url)
        return await self._ask_register(source, lambda each, key, options: each.mend(endpoint, wanted, key, options))

    async def _wanted_endpoint(self, source: Source, url: str) -> Wanted:
        api = self._api_client.api_of(source)
        if api is not None and api.endpoints is not None and api.endpoints.chosen_secret:
            return Wanted(url, await self._signing.choose(source.id))
        await self._signing.held(source.id)  # what the provider gives must find an open password store
        return Wanted(url)

    async def _remove_endpoint(self, source: Source, endpoint: Endpoint) -> None:
        await self._ask_register(source, lambda each, key, options: each.remove(endpoint, key, options))

    async def _without_old(self, source: Source, known: Registered) -> Registered:
        if known.old is not None:
            with _content_of():
                await self._remove_endpoint(source, known.old)
        known = replace(known, old=None)
        await self._book.note(known)
        return known

    async def _begin_making(self, source: Source, known: Registered, url: str) -> Registered:
        """Note that there may be something at `url` from now on, whatever is heard of it."""
        if known.begun == url:
            await self._signing.recall(source.id)
            return known
        known = replace(await self._without_begun(source, known), begun=url)
        await self._book.note(known)
        return known

    async def _without_begun(self, source: Source, known: Registered) -> Registered:
        """Put right what was begun, and cut short: nothing is left of it but an endpoint that is known anyway."""
        if known.begun:
            await self._signing.recall(source.id)  # it may have got as far as to bring another secret
        begun = Endpoint("", known.begun)
        if known.begun and leads_to(known.begun, known.endpoint.url):
            made = await self._mend_endpoint(source, known.endpoint, known.begun)
            await self._keep_secret(source, made)
            known = known.seen(replace(made.endpoint, url=known.endpoint.url), self._clock())
        elif known.begun:
            with _content_of():
                found = await self._ask_register(source, lambda each, key, options: each.read(begun, key, options))
                if found.id:
                    await self._remove_endpoint(source, found)
        return replace(known, begun="")

    async def _note_made(self, source: Source, made: Made, url: str, old: Endpoint | None) -> None:
        await self._keep_secret(source, made)
        endpoint, at = replace(made.endpoint, url=url), self._clock()
        await self._book.note(Registered(source.id, endpoint, at, at, old=old, since=at), _base_of(source, url))

    async def _keep_secret(self, source: Source, made: Made) -> None:
        try:
            await self._signing.keep(source.id, made.secrets)
        except Outage:
            raise
        except UserError as failure:  # no secret is like this
            raise self._note_unregistered(source, ApiProblem.UNREADABLE) from failure
        await self._keep_options(source, made.options)

    async def _keep_options(self, source: Source, given: Options) -> None:
        held = next((each.options for each in await self._ledger.sources.all() if each.id == source.id), source.options)
        if any(held.get(key) != value for key, value in given.items()):
            await self._ledger.sources.set_options(source.id, {**held, **given})
            await self._changed()

    async def _touch_endpoint(self, source_id: str) -> None:
        await self._ledger.sources.touch_secrets(source_id)
        await self._changed()

    async def _ask_register[T](self, source: Source, question: Callable[[Endpoints, str, Options], Asking[T]]) -> T:
        api = self._api_client.api_of(source)
        if api is None or api.endpoints is None:
            raise self._note_unregistered(source, NO_WAY)
        endpoints = api.endpoints
        key = await self._api_client.key_of(source)
        if key is None:
            raise self._note_unregistered(source, NO_KEY)

        def asking(held: str) -> Asking[T]:
            return question(endpoints, held, source.options)

        try:
            return (await self._api_client.ask(source, api, asking, key=key)).result
        except ApiFailure as failure:
            raise self._note_unregistered(source, failure.problem, failure.wait or 0) from failure

    def _note_unregistered(self, source: Source, code: str, wait: float = 0) -> Unregistered:
        api = self._api_client.api_of(source)
        endpoints = api.endpoints if api is not None else None
        return Unregistered(explain_endpoint(code, provider_name(source), endpoints), wait)


@contextmanager
def _content_of() -> Iterator[None]:
    """What cannot be removed for a reason that stays is left there."""
    try:
        yield
    except Unregistered as failure:
        if failure.code not in _GIVE_UP:
            raise


def _base_of(source: Source, url: str) -> str:
    """The public address that `source` has its own at `url`."""
    return url.partition(source.path)[0]
