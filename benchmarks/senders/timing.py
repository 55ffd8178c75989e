"""Whether the time of a refusal tells how much of a signature or a secret was right (docs/attacks.md, D12)."""

import random
import time
from collections.abc import Callable, Iterator
from math import sqrt
from statistics import fmean, variance

from msgspec.structs import replace

from shopwatch.domain.messages.delivery import Headers, Request
from shopwatch.domain.messages.verdict import Rejected
from shopwatch.providers.provider import Provider
from shopwatch.providers.senders.foursquare import FOURSQUARE
from shopwatch.providers.senders.paynow import PAYNOW
from tests.providers.cases import NOW, keys_of, practice, secret_of

_SAMPLES = 1_000_000
_COPIES = 500
_FAR = 30
_OWN = 0.9  # of the times: the longest are other programs' doing


def separation(say: Callable[[str], None]) -> Iterator[tuple[str, float]]:
    """How far apart the times of two wrong messages are, one wrong in its first byte and one further on: Welch's t,
    above 4.5 of which nobody calls it chance."""
    for what, provider, make in (("a signature", PAYNOW, _signed), ("a shown secret", FOURSQUARE, _shown)):
        first, later = _times(provider, make)
        say(f"{what}: {fmean(first):.1f} ns wrong in the first byte, {fmean(later):.1f} ns further on")
        spread = variance(first) / len(first) + variance(later) / len(later)
        yield what, abs(fmean(first) - fmean(later)) / sqrt(spread)


def _times(provider: Provider, make: Callable[[int], Request]) -> tuple[list[float], list[float]]:
    """What many copies of either message take, each asked about often: where in memory a copy lies is told from its
    time sooner than what is in it, so that only many of them can tell anything."""
    held, check, chance = keys_of(provider), provider.recipe.check, random.Random(12)
    places = [0, _FAR] * _COPIES
    chance.shuffle(places)
    copies: list[tuple[int, Request, list[int]]] = [(place, make(place), []) for place in places]
    for _ in range(_SAMPLES):
        _, request, spent = chance.choice(copies)
        begun = time.perf_counter_ns()
        verdict = check(request, held, NOW, {})
        spent.append(time.perf_counter_ns() - begun)
        assert isinstance(verdict, Rejected)
    means = [(place, fmean(sorted(spent)[: int(len(spent) * _OWN)])) for place, _, spent in copies]
    return [mean for place, mean in means if not place], [mean for place, mean in means if place]


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
