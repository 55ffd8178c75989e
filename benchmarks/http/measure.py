"""One run of the comparison: the servers take turns, so that whatever else the machine does meets all of them."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from statistics import median

from benchmarks.http import servers
from benchmarks.http.load import Load, send, write_requests
from benchmarks.results import Figure

ROUNDS = 5
_EMPTY, _SHOPWATCH, _WEBHOOK = "aiohttp, empty handler", "shopwatch serve, SQLite", "webhook 2.8, /bin/true"


@dataclass(frozen=True, slots=True)
class _Runner:
    name: str
    server: servers.Server
    requests: int


def measure(say: Callable[[str], None], rounds: int = ROUNDS) -> Iterator[Figure]:
    """Rates are medians of all rounds, ratios medians of each round's own ratio."""
    loads: dict[str, list[Load]] = {}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        ours = stack.enter_context(servers.shopwatch(folder))
        runners = [
            _Runner(_EMPTY, stack.enter_context(servers.empty(ours.path)), 40_000),
            _Runner(_SHOPWATCH, ours, 20_000),
            _Runner(_WEBHOOK, stack.enter_context(servers.webhook(folder)), 2_000),
        ]
        seeds = count(1, 100_000)
        for place in range(rounds + 1):
            for runner in runners:
                load = _send(runner, folder / "requests", next(seeds))
                if place:  # the first round only warms up
                    loads.setdefault(runner.name, []).append(load)
                    say(f"round {place}: {runner.name:26} {load.rate:8,.0f}/s  p99 {load.p99_ms:7.1f} ms")
        _complain(loads[_SHOPWATCH])
    for name, measured in loads.items():
        yield Figure(f"answers a second: {name}", median(load.rate for load in measured), ",.0f")
    for other, least in ((_EMPTY, 0.35), (_WEBHOOK, 4.0)):
        ratios = [mine.rate / theirs.rate for mine, theirs in zip(loads[_SHOPWATCH], loads[other], strict=True)]
        yield Figure(f"ShopWatch against {other}", median(ratios), ".2f", at_least=least)


def _send(runner: _Runner, file: Path, seed: int) -> Load:
    write_requests(file, runner.server.port, runner.server.path, seed, runner.requests)
    return send(file, runner.server.port, runner.requests)


def _complain(loads: list[Load]) -> None:
    refused, broken = sum(load.refused for load in loads), sum(load.broken for load in loads)
    if refused or broken:
        raise RuntimeError(f"ShopWatch refused {refused} sales and broke {broken} connections; no rate counts then")
