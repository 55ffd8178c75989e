"""How long `serve` takes until it hears: ended in order, and killed under load, in turns."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from statistics import median

import psutil

from benchmarks.http import keys, servers
from benchmarks.results import Figure

ROUNDS = 5
_RATE, _LOADED = 300, 5.0
_ROOT = Path(__file__).parents[2]
_ENDED, _KILLED = "ended in order", "killed under load"


def measure(say: Callable[[str], None], rounds: int = ROUNDS) -> Iterator[Figure]:
    """The ledger grows with every round; a start after a kill also finds the log that was left. The ratio is the median
    of each round's own.
    """
    found: dict[str, list[float]] = {_ENDED: [], _KILLED: []}
    used: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        with servers.shopwatch(Path(folder)) as made:
            path = made.path
        seeds = count(7_000_000, 100_000)
        for place in range(rounds + 1):
            for name, ends in ((_KILLED, psutil.Process.terminate), (_ENDED, psutil.Process.kill)):
                seconds, cpu = _started(Path(folder), path, next(seeds), ends)
                if place:  # the first round only warms up
                    found[name].append(seconds)
                    used.append(cpu)
                    say(f"round {place}: {name:20} {seconds:5.2f} s, {cpu:.2f} s of a core")
    for name, times in found.items():
        yield Figure(f"{name}: until it hears", median(times), ".2f", "s", at_most=2)
    ratios = [mine / theirs for mine, theirs in zip(found[_KILLED], found[_ENDED], strict=True)]
    yield Figure(f"{_KILLED}, against {_ENDED}", median(ratios), ".2f", at_most=1.5)
    yield Figure("of a core, until it hears", median(used), ".2f", "s", at_most=1.5)


def _started(folder: Path, path: str, seed: int, ends: Callable[[psutil.Process], None]) -> tuple[float, float]:
    """Seconds until it hears, and those of a core; then it gets sales, and in the midst of them it `ends`."""
    own = keys.in_file(folder / "keys.json") | {"SHOPWATCH_DATA_DIR": str(folder / "data"), "PYTHONPATH": str(_ROOT)}
    begun = time.monotonic()
    command = [sys.executable, "-m", "shopwatch", "serve", "--port", "0", "--tunnel", "none"]
    process = subprocess.Popen(command, cwd=_ROOT, env=os.environ | own, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    port = json.loads(process.stdout.readline())["port"]
    seconds, program = time.monotonic() - begun, psutil.Process(process.pid)
    times = program.cpu_times()
    url, sales = f"http://127.0.0.1:{port}{path}", str(int(_RATE * _LOADED * 2))
    sender = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.desktop.sender", url, str(_RATE), sales, str(seed)],
        cwd=_ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    time.sleep(_LOADED)
    ends(program)
    process.wait(30)
    process.stdout.close()
    sender.kill()
    sender.wait()
    return seconds, times.user + times.system
