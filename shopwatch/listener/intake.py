"""From a whole request to its answer: judge, store, and only then say so."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Protocol

from msgspec.structs import replace

from shopwatch.domain.errors import Outage
from shopwatch.domain.facts import Outcome
from shopwatch.domain.instant import MINUTE, Clock, Instant
from shopwatch.domain.messages.delivery import Delivery, Headers, Request
from shopwatch.domain.messages.verdict import Accepted, Answer, Challenge, Reason, Rejected, Verdict, Wanting
from shopwatch.domain.source import Options, Secrets
from shopwatch.ledger.writing.booking import Recorded
from shopwatch.listener import answers
from shopwatch.listener.access_list import SenderAccessList
from shopwatch.listener.listen_address import HERE, ListenAddress
from shopwatch.listener.rate_limiter import RateLimiter
from shopwatch.listener.routes import ReadyRoute, Route, UnavailableRoute
from shopwatch.providers.addresses import ALLOW, BLOCK
from shopwatch.providers.kit.account import of_anybody
from shopwatch.providers.kit.token import put_seal, redacted
from shopwatch.runtime.clock import now
from shopwatch.runtime.clock_skew import ClockSkew
from shopwatch.runtime.tasks import QUICK_BYTES
from shopwatch.secrets import redaction

_log = logging.getLogger(__name__)

_HELD_AT_MOST = 67_108_864
_HELD_EACH = 4_096  # what a request costs beside its body
_OUT_OF_TIME = (Reason.TOO_OLD, Reason.FROM_THE_FUTURE)
"""By minutes; what is further off than any clock has a malformed time, and says by how many days."""


class Recorder(Protocol):
    """Where deliveries are kept."""

    async def record(self, delivery: Delivery, verdict: Verdict) -> Recorded:
        """Return once what was accepted is on disk. Raises Outage if it is not."""


type Settled = Accepted | Challenge | Rejected
"""A verdict that lacks nothing any more."""

type Certifier = Callable[[ReadyRoute, str], Awaitable[Secrets]]
"""The secrets of a route with the certificate at this address of its provider's. Raises Outage if it cannot be had."""


class Intake:
    """Takes deliveries in. No more than 64 MiB of them wait for the disk at a time; beyond that, senders come again."""

    def __init__(
        self,
        ledger: Recorder,
        *,
        clock: Clock = now,
        certify: Certifier | None = None,
        clock_skew: ClockSkew | None = None,
        listen: ListenAddress = HERE,
    ) -> None:
        self._ledger = ledger
        self._clock = clock
        self._certify = certify
        self._rate_limiter = RateLimiter()
        self._access_list = SenderAccessList(proxies=listen.proxies)
        self._clock_skew = clock_skew or ClockSkew(clock=clock)
        self._held = 0
        self._failures: set[tuple[str, int]] = set()
        self._aside: ThreadPoolExecutor | None = None

    async def settle(self, route: Route, request: Request, practice_nonce: str | None = None) -> Answer:
        """The answer for this request. 2xx means that it is on disk, now or since an earlier time; of greetings and
        handshakes, in which is nothing to keep, that it is on its way there. Never raises."""
        received_at = self._clock()
        start = self._clock_skew.look()
        size = len(request.body)
        weight = size + _HELD_EACH
        if self._held + weight > _HELD_AT_MOST:
            return answers.BUSY
        self._held += weight
        try:
            unsigned = practice_nonce is not None and route.provider is not None and route.provider.signs_alone
            rehearsed = practice_nonce is not None
            verdict = await self._verdict(route, request, received_at, rehearsed=rehearsed, unsigned=unsigned)
            if verdict is None or route.provider is None:
                return answers.BUSY
            # What bears no signature can come from anybody until the ledger has seen its nonce.
            hint = isinstance(verdict, Rejected) and verdict.reason is Reason.HINT
            untimely = isinstance(verdict, Rejected) and await self._clock_is_wrong(
                route, request, verdict, received_at, start
            )
            if (unsigned or not _genuine(verdict)) and not self._rate_limiter.admits(route.source.id, hint=hint):
                return answers.BUSY if untimely else verdict.answer if isinstance(verdict, Challenge) else answers.FLOOD
            kept, told = await self._work(request, partial(_without_secrets, route, request, verdict))
            recorded = await self._ledger.record(Delivery(route.source.id, kept, received_at, practice_nonce), told)
            if not isinstance(verdict, Rejected) and recorded.outcome is Outcome.REJECTED:
                return answers.to_rejected(recorded.reason)
            if untimely:
                return answers.BUSY
            if self._clock_skew.set_by(start) and practice_nonce is None and recorded.outcome is Outcome.ACCEPTED:
                await self._see_whether_it_was_right(route, request, received_at, start)
            return verdict.answer
        except Outage:
            return answers.BUSY
        except Exception as failure:
            self._report(failure)
            return answers.BUSY
        finally:
            self._held -= weight

    def close(self) -> None:
        """Let go of the helping thread."""
        if self._aside is not None:
            self._aside.shutdown(wait=False, cancel_futures=True)
            self._aside = None

    async def _verdict(
        self, route: Route, request: Request, at: Instant, *, rehearsed: bool, unsigned: bool
    ) -> Settled | None:
        """None: nobody can say now. Raises Outage if a certificate, or who calls, cannot be found out.

        What is `rehearsed` comes from this computer's own address, and counts by its nonce alone.
        """
        options: Options = route.source.options
        listed = (ALLOW in options or BLOCK in options) and not rehearsed
        if listed and (turned_away := await self._access_list.turned_away(request, options)):
            return turned_away
        if isinstance(route, UnavailableRoute):
            return await self._work(request, partial(route.greeted, request))
        provider, options = route.provider, of_anybody(options) if rehearsed else options
        if unsigned:
            verdict = await self._work(request, partial(provider.judge_practice, request, at, options))
        else:
            verdict = await self._work(request, partial(provider.judge, request, route.secrets, at, options))
        if isinstance(verdict, Wanting) and self._certify is not None:
            secrets = await self._certify(route, verdict.url)
            verdict = await self._work(request, partial(provider.judge, request, secrets, at, options))
        return None if isinstance(verdict, Wanting) else verdict

    async def _clock_is_wrong(
        self, route: Route, request: Request, verdict: Rejected, at: Instant, start: Instant
    ) -> bool:
        """Whether this message came in its time and only the clock here says otherwise: it must come again."""
        if not isinstance(route, ReadyRoute) or not _out_of_time(verdict):
            return False
        if verdict.reason is Reason.TIMESTAMP_MALFORMED:
            if self._clock_skew.impossible:
                return True
        else:
            age = int(verdict.detail) * MINUTE
            self._clock_skew.met(age if verdict.reason is Reason.TOO_OLD else -age, request.body)
        for off in self._clock_skew.may_be_off(start):
            if not isinstance(await self._judged(route, request, at - off), Rejected):
                return True
        return False

    async def _see_whether_it_was_right(self, route: Route, request: Request, at: Instant, start: Instant) -> None:
        """A new genuine message that was out of its time before the clock was set shows that it was right then."""
        if isinstance(route, ReadyRoute):
            before = [await self._judged(route, request, at - off) for off in self._clock_skew.may_be_off(start)]
            if all(isinstance(each, Rejected) and _out_of_time(each) for each in before):
                self._clock_skew.fits(start)

    async def _judged(self, route: ReadyRoute, request: Request, at: Instant) -> Verdict:
        return await self._work(
            request, partial(route.provider.judge, request, route.secrets, at, route.source.options)
        )

    async def _work[Found](self, request: Request, find: Callable[[], Found]) -> Found:
        if len(request.body) <= QUICK_BYTES:
            return find()
        return await asyncio.get_running_loop().run_in_executor(self._judges(), find)

    def _judges(self) -> ThreadPoolExecutor:
        if self._aside is None:
            self._aside = ThreadPoolExecutor(1, "judge")
        return self._aside

    def _report(self, failure: Exception) -> None:
        # Each defect once: whoever can trigger it could otherwise fill the log.
        trace = failure.__traceback__
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        place = (trace.tb_frame.f_code.co_filename, trace.tb_lineno) if trace else ("", 0)
        if place not in self._failures:
            self._failures.add(place)
            _log.error("a delivery could not be handled", exc_info=failure)


def _without_secrets(route: Route, request: Request, verdict: Settled) -> tuple[Request, Settled]:
    """The message, and what it says, as they may be kept.

    What was not believed may show any secret that this program knows. While a source's own cannot be read, nothing is
    kept in which one could stand.
    """
    if isinstance(route, UnavailableRoute):
        return replace(request, url=request.url.partition("?")[0], headers=Headers(), body=b""), verdict
    provider, options, secrets = route.provider, route.source.options, route.secrets
    kept = provider.kept(request, verdict, options, secrets)
    if isinstance(verdict, Rejected):
        kept = redacted(kept, redaction.known(), put_seal(request))
    elif kept is request:  # nothing in it was covered, so what it says needs no covering
        return kept, verdict
    return kept, provider.without_secrets(request, verdict, options, secrets)


def _out_of_time(verdict: Rejected) -> bool:
    """Whether the message is genuine but for its time."""
    return verdict.reason in _OUT_OF_TIME or (verdict.reason is Reason.TIMESTAMP_MALFORMED and bool(verdict.detail))


def _genuine(verdict: Settled) -> bool:
    match verdict:
        case Rejected(reason=reason):
            return reason is Reason.OTHER_ACCOUNT
        case _:
            return isinstance(verdict, Accepted)
