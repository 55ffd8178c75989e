"""Probes: how ShopWatch asks itself whether its address answers, without a page that others could ask for."""

import secrets
import time
from collections.abc import Callable

PREFIX = "/probe/"
_LIVES_FOR = 60.0
_AT_MOST = 256


class Probes:
    """Hands out one-time paths. Whoever calls such a path gets its proof, once; every other path tells nothing."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._issued: dict[str, tuple[str, float]] = {}

    def issue(self) -> tuple[str, str]:
        """A new path and the proof that is its whole answer; the path lives for 60 s."""
        self._forget_old()
        path, proof = PREFIX + secrets.token_urlsafe(24), secrets.token_urlsafe(24)
        self._issued[path] = proof, self._monotonic() + _LIVES_FOR
        return path, proof

    def redeem(self, path: str) -> str | None:
        """The proof for a path that was issued here, not long ago and not called yet."""
        proof, until = self._issued.pop(path, (None, 0.0))
        return proof if self._monotonic() < until else None

    def _forget_old(self) -> None:
        moment = self._monotonic()
        for path in [path for path, (_, until) in self._issued.items() if until <= moment]:
            del self._issued[path]
        while len(self._issued) >= _AT_MOST:
            del self._issued[next(iter(self._issued))]
