"""Whether the time of a refusal tells how much of a signature or a secret was right (PROMISES, D12)."""

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from math import sqrt
from statistics import fmean, variance

from shopwatch.domain.delivery import Headers, Request
from shopwatch.domain.verdict import Rejected
from shopwatch.providers.foursquare import FOURSQUARE
from shopwatch.providers.paynow import PAYNOW
from shopwatch.providers.provider import Provider
from tests.providers.cases import NOW, keys_of, practice, secret_of

_SAMPLES = 1_000_000
_COPIES = 64
_FAR = 30
_OWN = 0.9  # of the times: the longest are other programs' doing


def separation(say: Callable[[str], None]) -> Iterator[tuple[str, float]]:
    """How far apart the times of two wrong messages are, one wrong in its first byte and one further on: Welch's t,
    above 4.5 of which nobody calls it chance."""
    for what, provider, requests in (
        ("a signature", PAYNOW, [(_signed(0), _signed(_FAR)) for _ in range(_COPIES)]),
        ("a shown secret", FOURSQUARE, [(_shown(0), _shown(_FAR)) for _ in range(_COPIES)]),
    ):
        times = _times(provider, requests)
        say(f"{what}: {fmean(times[0]):.1f} ns wrong in the first byte, {fmean(times[1]):.1f} ns further on")
        yield what, abs(fmean(times[0]) - fmean(times[1])) / sqrt(sum(variance(each) / len(each) for each in times))


def _times(provider: Provider, pairs: list[tuple[Request, Request]]) -> list[list[int]]:
    """By copies of either message, for the time tells where in memory a message lies sooner than what is in it."""
    held, check, chance = keys_of(provider), provider.recipe.check, random.Random(12)
    spent: tuple[list[int], list[int]] = ([], [])
    for _ in range(_SAMPLES):
        turn = chance.getrandbits(1)
        request = chance.choice(pairs)[turn]
        begun = time.perf_counter_ns()
        verdict = check(request, held, NOW, {})
        spent[turn].append(time.perf_counter_ns() - begun)
        assert isinstance(verdict, Rejected)
    return [sorted(each)[: int(len(each) * _OWN)] for each in spent]


def _signed(place: int) -> Request:
    """PayNow's signature, wrong in this place."""
    request = practice(PAYNOW)
    lines = [
        (name, _wrong(value, place) if name.lower() == b"paynow-signature" else value)
        for name, value in request.headers.lines
    ]
    return replace(request, headers=Headers(tuple(lines)))


def _shown(place: int) -> Request:
    """Foursquare's secret, wrong in this place."""
    secret = _wrong(secret_of(FOURSQUARE).encode(), place).decode()
    return FOURSQUARE.practise(FOURSQUARE.practises[0], secret, NOW, 7)


def _wrong(value: bytes, place: int) -> bytes:
    """With a letter of the same kind there, so that it is as well written as before."""
    changed = bytearray(value)
    changed[place] = ord("B") if value[place] != ord("B") else ord("C")
    return bytes(changed)
