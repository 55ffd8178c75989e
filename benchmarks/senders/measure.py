"""The figures of judging, in time of the processor, so that whatever else the machine does counts for little."""

import asyncio
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from benchmarks.results import Figure
from benchmarks.senders.shapes import shapes
from benchmarks.senders.timing import separation
from shopwatch.domain.messages.delivery import Request
from shopwatch.domain.messages.verdict import Accepted, Verdict
from shopwatch.domain.sales.sale import Part, fold
from shopwatch.ledger import Ledger
from shopwatch.listener.intake import Intake
from shopwatch.listener.routes import ReadyRoute
from shopwatch.providers import PROVIDERS
from shopwatch.providers.provider import Provider
from shopwatch.runtime.tasks import spawn
from tests.providers.cases import NOW, files, keys_of, opened, options_of, practice, redrafted, signed

_ROOT = Path(__file__).parents[2]
_ROUNDS = 5
_MESSAGES = 500
_SIZE = 2_048
_CASES = 300
# Who signs with a pair of keys; all others hash.
_KEY_PAIRS = frozenset({"paypal", "discord", "wix", "adobe-commerce", "ebay"})
_EXACT = frozenset({"paynow-zw", "braintree"})  # any field more would make it another's message, or none
_IMPORT = """
import time
begun = time.process_time()
import shopwatch.providers
print(time.process_time() - begun)
"""


def measure(say: Callable[[str], None]) -> Iterator[Figure]:
    """Every figure of the senders."""
    yield from _judging(say)
    yield Figure("importing all providers", _importing(), ".0f", "ms", at_most=60)
    yield from asyncio.run(_worst(say))
    yield from _verifying(say)
    for what, found in separation(say):
        yield Figure(f"{what}: Welch's t of right against wrong first byte", found, ".1f", at_most=4.5)


def _judging(say: Callable[[str], None]) -> Iterator[Figure]:
    rates = sorted((max(_rate(each) for _ in range(_ROUNDS)), each.id) for each in PROVIDERS)
    for rate, name in rates[:8]:
        say(f"{name:26} {rate:8,.0f}/s")
    for rate, name in rates:
        if name in _KEY_PAIRS:
            yield Figure(f"judged, read and folded, 2 kB, by a pair of keys: {name}", rate, ",.0f", "/s")
    rate, name = next(each for each in rates if each[1] not in _KEY_PAIRS)
    yield Figure(f"judged, read and folded, 2 kB, the slowest: {name}", rate, ",.0f", "/s", at_least=10_000)


def _rate(provider: Provider) -> float:
    request, secrets, options = _of_size(provider), keys_of(provider), options_of(provider)
    begun = time.process_time()
    for _ in range(_MESSAGES):
        # What nobody signs is practice, or a hint, which is not read.
        practised = provider.secretless and provider.judge_practice(request, NOW, options)
        _fold(practised or provider.judge(request, secrets, NOW, options))
    return _MESSAGES / (time.process_time() - begun)


def _fold(verdict: Verdict) -> None:
    if not isinstance(verdict, Accepted):
        raise RuntimeError(f"a practice message was not accepted: {verdict}")
    event = verdict.event
    if event.claim is not None:
        fold([Part(event.id, event.type, event.occurred_at, event.claim, live=event.live)])


def _of_size(provider: Provider) -> Request:
    """A practice message that tells more than is asked for, as real ones do, until it has 2 kB; as it is where a sender
    never tells more."""
    request = practice(provider)
    if provider.id in _EXACT:
        return request
    if request.body[:1] == b"<":
        return signed(provider, request.body + b" " * (_SIZE - len(request.body)))
    body = opened(request.body)
    told = _members(body)
    told["attributes"] = []
    while len(request.body) < _SIZE:
        told["attributes"].append({"name": f"field_{len(told['attributes'])}", "value": "as it was", "shown": True})
        request = redrafted(provider, provider.practises[0], 7, body)
    return request


def _members(body: Any) -> dict[str, Any]:
    """Those of the first thing that a message tells of, or of the message itself."""
    if isinstance(body, list):
        return _members(body[0])
    inner = [each for each in body.values() if isinstance(each, dict)]
    listed = [each[0] for each in body.values() if isinstance(each, list) and each and isinstance(each[0], dict)]
    found: dict[str, Any] = next(iter([*inner, *listed]), body)
    return found


def _importing() -> float:
    """The least of many, in milliseconds."""
    return min(
        float(subprocess.run([sys.executable, "-c", _IMPORT], cwd=_ROOT, check=True, capture_output=True).stdout) * 1000
        for _ in range(3 * _ROUNDS)
    )


async def _worst(say: Callable[[str], None]) -> list[Figure]:
    """The worst message of every sender, as the listener takes it in, and how long its loop does not answer meanwhile.

    What took long is tried again, for another program may have held the processor.
    """
    found: list[tuple[float, float, str]] = []
    with tempfile.TemporaryDirectory() as folder:
        ledger = Ledger.open(f"sqlite:///{Path(folder) / 'ledger.db'}")
        intake = Intake(ledger, clock=lambda: NOW)
        for provider in PROVIDERS:
            source = await ledger.sources.add(provider.id, provider.name, dict(options_of(provider)))
            route = ReadyRoute(source, provider, keys_of(provider))
            for shape, body in shapes():
                for request in (signed(provider, body), replace(practice(provider), body=body)):
                    tries = [await _settled(intake, route, request)]
                    while len(tries) < _ROUNDS and min(lag for lag, _ in tries) > 0.05:
                        tries.append(await _settled(intake, route, request))
                    lag, took = (min(each) for each in zip(*tries, strict=True))
                    found.append((lag * 1000, took, f"{provider.name}, {shape}"))
        intake.close()
        ledger.close()
    for lag, took, what in sorted(found, reverse=True)[:8]:
        say(f"{lag:6.1f} ms lag, answered in {took:.2f} s: {what}")
    return [
        Figure(
            "the worst message of 1 MiB, until its answer", max(took for _, took, _ in found), ".2f", "s", at_most=1
        ),
        Figure("the loop's longest lag meanwhile", max(lag for lag, _, _ in found), ".0f", "ms", at_most=100),
    ]


async def _settled(intake: Intake, route: ReadyRoute, request: Request) -> tuple[float, float]:
    """The loop's longest lag, and how long the answer took; in seconds."""
    lags: list[float] = []

    async def beat() -> None:
        while True:
            begun = time.perf_counter()
            await asyncio.sleep(0.002)
            lags.append(time.perf_counter() - begun - 0.002)

    beating = spawn(beat(), "heartbeat")
    await asyncio.sleep(0.01)
    begun = time.perf_counter()
    await intake.settle(route, request)
    took = time.perf_counter() - begun
    await asyncio.sleep(0.01)
    beating.cancel()
    with suppress(asyncio.CancelledError):
        await beating
    return max(lags), took


def _verifying(say: Callable[[str], None]) -> Iterator[Figure]:
    """300 cases of every file of vectors, each file by a program of its own."""
    spent: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "cases.json"
        for vectors, provider in files().items():
            cases = json.loads(vectors.read_text())["cases"]
            named = [each | {"name": str(number)} for number, each in enumerate((cases * _CASES)[:_CASES])]
            file.write_text(json.dumps({"cases": named}))
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            program = [sys.executable, "-m", "shopwatch", "verify", provider.id, str(file)]
            secret = next((each["secret"] for each in cases if isinstance(each.get("secret"), str)), "")
            # It is asked for where a case, such as a check of the address, brings none of its own.
            done = subprocess.run(program, cwd=_ROOT, input=secret, capture_output=True, text=True, check=False)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            # A message that tells several events has a line for each.
            if len({json.loads(line)["name"] for line in done.stdout.splitlines()}) != _CASES:
                raise RuntimeError(f"{vectors.name} was not judged: {done.stderr}")
            spent[vectors.stem] = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    slowest = max(spent, key=lambda name: spent[name])
    say(f"{len(spent)} files, {min(spent.values()):.2f} to {max(spent.values()):.2f} s")
    yield Figure(f"shopwatch verify, 300 cases, the slowest: {slowest}", spent[slowest], ".2f", "s", at_most=3)
