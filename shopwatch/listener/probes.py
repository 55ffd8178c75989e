"""Probes: how ShopWatch asks itself whether its address answers, without a page that others could ask for."""

import hashlib
import hmac
import secrets
from collections import deque

from shopwatch.domain.instant import MINUTE, Clock, Instant
from shopwatch.runtime.clock import now

PREFIX = "/probe/"
_LIVES_FOR: Instant = MINUTE
_AT_MOST = 256


class Probes:
    """Hands out one-time paths. Whoever calls such a path gets its proof, once; every other path tells nothing.

    The paths of all who `share` a key are known to each of them: behind a balancer another one may be asked.
    """

    def __init__(self, clock: Clock = now) -> None:
        self._clock = clock
        self._key = secrets.token_bytes(32)
        self._redeemed: deque[str] = deque(maxlen=_AT_MOST)

    def share(self, key: str) -> None:
        """Know the paths of others who have this key too."""
        self._key = key.encode()

    def issue(self) -> tuple[str, str]:
        """A new path and the proof that is its whole answer; the path lives for a minute."""
        told = f"{secrets.token_urlsafe(24)}.{self._clock() + _LIVES_FOR}"
        return f"{PREFIX}{told}.{self._mark('path', told)}", self._mark("proof", told)

    def redeem(self, path: str) -> str | None:
        """The proof for a path that was issued not long ago and was not called here yet."""
        told, _, mark = path.removeprefix(PREFIX).rpartition(".")
        if not hmac.compare_digest(_raw(mark), _raw(self._mark("path", told))) or told in self._redeemed:
            return None
        if int(told.rpartition(".")[2]) <= self._clock():
            return None
        self._redeemed.append(told)
        return self._mark("proof", told)

    def _mark(self, what: str, told: str) -> str:
        return hmac.new(self._key, _raw(f"{what} {told}"), hashlib.sha256).hexdigest()


def _raw(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")  # a stranger's path may be no UTF-8
