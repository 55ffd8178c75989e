"""The certificates by which PayPal signs: fetched once each, from its own hosts alone, and kept in memory.

PayPal's file may hold its own certificate and not that of who issued it. That one is fetched where PayPal's certificate
says, from the issuer's host and nowhere else.
"""

import asyncio
import ssl
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial

from shopwatch.domain.clock import Clock, now
from shopwatch.domain.errors import Outage
from shopwatch.domain.source import Secrets
from shopwatch.domain.tasks import spawn
from shopwatch.domain.words import say
from shopwatch.providers.api import ApiFailure, ApiRequest, Asking, Problem
from shopwatch.providers.certificates import valid_until
from shopwatch.providers.paypal_signature import HOSTS, ISSUERS, is_own_certificate, is_trusted, issuer_of
from shopwatch.recovery.courier import Bounds, Courier

BOUNDS = Bounds(connect=5, total=5, pauses=())
MOST_BYTES = 65_536
REMEMBERED = 60.0
"""Seconds for which an address that brought nothing is not asked again."""
MOST_FAILED = 20
"""Whoever makes up more addresses than this in that time has nobody asked any more."""
_MOST_KEPT = 16
_AT_ONCE = 4


class Certificates:
    """Each is kept until it ends. What is asked for at the same time by several is fetched once."""

    def __init__(
        self,
        courier: Courier | None = None,
        *,
        clock: Clock = now,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._courier = courier or Courier(BOUNDS)
        self._clock = clock
        self._monotonic = monotonic
        self._kept: dict[str, tuple[str, float]] = {}
        self._failed: dict[str, float] = {}
        self._asking: dict[str, asyncio.Task[str | None]] = {}
        self._roots: str | None = None

    async def certify(self, secrets: Secrets, url: str) -> Secrets:
        """`secrets` with the certificate at `url`, and the roots that this computer trusts.

        Raises Outage if it cannot be had: it is not at one of PayPal's own addresses, in which case nobody is asked, or
        no certificate that is valid now comes from there within 5 s and 64 KiB.
        """
        pem = self._known(url) or await self._fetched(url)
        if pem is None:
            raise Outage(
                say("PayPal’s certificate cannot be fetched now."),
                say("PayPal is asked to send its message again later."),
                code="certificate-away",
            )
        return replace(secrets, certificates={url: pem}, trust=await self._trust())

    async def close(self) -> None:
        """Ask no more, and let go of all connections."""
        for task in tuple(self._asking.values()):
            task.cancel()
        await self._courier.close()

    def _known(self, url: str) -> str | None:
        pem, until = self._kept.get(url, ("", 0.0))
        if self._monotonic() < until and self._is_valid(pem):
            return pem
        self._kept.pop(url, None)
        return None

    def _is_valid(self, pem: str) -> bool:
        end = valid_until(pem)
        return end is not None and end > self._clock()

    async def _fetched(self, url: str) -> str | None:
        task = self._asking.get(url)
        if task is None:
            if not is_own_certificate(url) or not self._may_ask(url):
                return None
            task = self._asking[url] = spawn(self._fetch(url), "certificate")
            task.add_done_callback(partial(self._ended, url))
        # One sender that hangs up does not take it from the others.
        return await asyncio.shield(task)

    def _may_ask(self, url: str) -> bool:
        at = self._monotonic()
        self._failed = {each: until for each, until in self._failed.items() if at < until}
        return url not in self._failed and len(self._failed) < MOST_FAILED and len(self._asking) < _AT_ONCE

    def _ended(self, url: str, _: asyncio.Task[str | None]) -> None:
        self._asking.pop(url, None)

    async def _fetch(self, url: str) -> str | None:
        pem, trusted = "", False
        with suppress(ApiFailure, TimeoutError):
            async with asyncio.timeout(BOUNDS.total):
                pem = (await self._courier.perform(_file_at(url), HOSTS)).result.decode("ascii", "replace")
                trusted = await self._is_trusted(pem)
                if not trusted and (issuer := issuer_of(pem)):
                    above = (await self._courier.perform(_file_at(issuer), ISSUERS)).result
                    pem += ssl.DER_cert_to_PEM_cert(above)
                    trusted = await self._is_trusted(pem)
        if not self._is_valid(pem):
            self._failed[url] = self._monotonic() + REMEMBERED
            return None
        while len(self._kept) >= _MOST_KEPT:
            del self._kept[next(iter(self._kept))]
        # One that is not believed is judged so, and looked at again soon: its issuer may only have been away.
        self._kept[url] = pem, float("inf") if trusted else self._monotonic() + REMEMBERED
        return pem

    async def _is_trusted(self, pem: str) -> bool:
        return is_trusted(pem, await self._trust(), self._clock())

    async def _trust(self) -> str:
        if self._roots is None:
            self._roots = await asyncio.to_thread(_roots_of_this_computer)
        return self._roots


def _file_at(url: str) -> Asking[bytes]:
    response = yield ApiRequest("GET", url, {"Accept-Encoding": "identity"}, repeatable=False)
    if response.status != 200 or len(response.body) > MOST_BYTES:
        raise ApiFailure(Problem.UNREADABLE)
    return response.body


def _roots_of_this_computer() -> str:
    return "".join(map(ssl.DER_cert_to_PEM_cert, ssl.create_default_context().get_ca_certs(binary_form=True)))
