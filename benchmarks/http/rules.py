"""What rules cost: `serve` with none, and with three on each sale that really send, in turns."""

import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from statistics import median

from benchmarks.http import servers
from benchmarks.http.load import Load, send, write_requests
from benchmarks.results import Figure

ROUNDS = 9
_SALES = 10_000
_NONE, _THREE, _HUNG = "no rules", "three rules on each sale", "three rules, and nobody answers"


def measure(say: Callable[[str], None], rounds: int = ROUNDS) -> Iterator[Figure]:
    """Each sale rings, is mailed and passed on. Only the server that is measured runs; what it still owes from the
    rounds before, it sends meanwhile. The ratio is the median of each round's own.
    """
    loads: dict[str, list[Load]] = {}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        ports = stack.enter_context(servers.sinks())
        runners = {
            _NONE: stack.enter_context(servers.shopwatch(folder / "none", _without_rules)),
            _THREE: stack.enter_context(
                servers.shopwatch(folder / "three", lambda run: _three(run, ports["mail"], ports["program"]))
            ),
            _HUNG: stack.enter_context(
                servers.shopwatch(folder / "hung", lambda run: _three(run, ports["mail"], ports["silence"]))
            ),
        }
        for server in runners.values():
            server.pause()
        seeds = count(1, 100_000)
        for place in range(rounds + 1):
            for name, server in runners.items():
                server.go_on()  # and take leave of the lines of the round before
                write_requests(folder / "requests", server.port, server.path, next(seeds), _SALES)
                load = send(folder / "requests", server.port, _SALES)
                server.pause()
                if load.refused or load.broken:
                    raise RuntimeError(f"{name}: {load.refused} refused, {load.broken} broken; no rate counts then")
                if place:  # the first round only warms up
                    loads.setdefault(name, []).append(load)
                    say(f"round {place}: {name:32} {load.rate:8,.0f}/s  p99 {load.p99_ms:7.1f} ms")
    for name, measured in loads.items():
        yield Figure(f"answers a second: {name}", median(load.rate for load in measured), ",.0f")
    for name in (_THREE, _HUNG):
        ratios = [mine.rate / theirs.rate for mine, theirs in zip(loads[name], loads[_NONE], strict=True)]
        yield Figure(f"{name}, against none", median(ratios), ".2f", at_least=0.6)


def _without_rules(run: servers.Command) -> None:
    for rule in run("rule", "list"):
        run("rule", "remove", str(rule["id"]))


def _three(run: servers.Command, mail: int, program: int) -> None:
    _without_rules(run)
    settings = {"host": "localhost", "port": str(mail), "security": "none", "from": "shop@bloom.example"}
    run("target", "add", "mail", *_set(settings | {"most_an_hour": "10000"}))
    (kept,) = run("target", "add", "forward", *_set({"url": f"http://127.0.0.1:{program}/", "local": "yes"}))
    mailed, passed_on = {"do": "email", "template": "thanks"}, {"do": "forward", "to": kept["id"]}
    for step in ({"do": "ring", "bell": "yes"}, mailed, passed_on):
        run("rule", "add", stdin=json.dumps({"when": "sale-paid", "then": [step]}))


def _set(settings: dict[str, str]) -> list[str]:
    return [word for name, value in settings.items() for word in ("--set", f"{name}={value}")]
