"""What jobs that wait cost: `serve` with none, and with many for a program that hangs, in turns."""

import asyncio
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.http import servers
from benchmarks.results import Figure
from benchmarks.seed import seed
from shopwatch.ledger import Ledger
from shopwatch.runtime.clock import now

ROUNDS = 5
WAITING = 20_000
_RATE, _SECONDS = 300, 10
_NONE, _MANY = "no jobs", f"{WAITING:,} jobs waiting for a program that hangs"


def measure(say: Callable[[str], None], rounds: int = ROUNDS, waiting: int = WAITING) -> Iterator[Figure]:
    """Only the server that is measured runs. The ratio is the median of each round's own."""
    found: dict[str, list[float]] = {_NONE: [], _MANY: []}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        silence = stack.enter_context(servers.sinks())["silence"]
        runners = {
            _NONE: stack.enter_context(servers.shopwatch(folder / "none", lambda run: _passing_on(run, None))),
            _MANY: stack.enter_context(
                servers.shopwatch(folder / "many", lambda run: _owe(run, silence, folder, waiting))
            ),
        }
        for server in runners.values():
            server.pause()
        seeds = count(5_000_000, 100_000)
        for place in range(rounds + 1):
            for name, server in runners.items():
                server.go_on()
                p50, p99 = _sent(f"http://127.0.0.1:{server.port}{server.path}", next(seeds))
                server.pause()
                if place:  # the first round only warms up
                    found[name].append(p99)
                    say(f"round {place}: {name:45} p50 {p50:6.1f} ms  p99 {p99:7.1f} ms")
    for name, times in found.items():
        yield Figure(f"answer, p99: {name}", median(times), ".1f", "ms", at_most=50)
    ratios = [mine / theirs for mine, theirs in zip(found[_MANY], found[_NONE], strict=True)]
    yield Figure(f"{_MANY}, against none", median(ratios), ".2f", at_most=2)


def _passing_on(run: servers.Command, port: int | None) -> None:
    for rule in run("rule", "list"):
        run("rule", "remove", str(rule["id"]))
    if port is not None:
        options = ("--set", f"url=http://127.0.0.1:{port}/", "--set", "local=yes")
        (kept,) = run("target", "add", "forward", *options)
        step = {"do": "forward", "to": kept["id"]}
        run("rule", "add", stdin=json.dumps({"when": "sale-paid", "then": [step]}))


def _owe(run: servers.Command, port: int, folder: Path, waiting: int) -> None:
    async def fill() -> None:
        ledger = Ledger.open(folder / "many" / "data" / "ledger.sqlite3")
        await seed(ledger, waiting, until=now())
        ledger.close()

    _passing_on(run, port)
    asyncio.run(fill())


def _sent(url: str, first_seed: int) -> tuple[float, float]:
    """The median and the 99th percentile of how long answers took, in milliseconds."""
    sender = [sys.executable, "-m", "benchmarks.desktop.sender", url, str(_RATE), str(_RATE * _SECONDS)]
    done = subprocess.run([*sender, str(first_seed)], capture_output=True, text=True, check=True, timeout=120)
    sent: dict[str, Any] = json.loads(done.stdout)
    if set(sent["statuses"]) != {"200"}:
        raise RuntimeError(f"answers were {sent['statuses']}; no time counts then")
    waits = sorted((end - begin) * 1000 for begin, end in zip(sent["due"], sent["answered"], strict=True))
    return waits[len(waits) // 2], waits[int(len(waits) * 0.99)]
