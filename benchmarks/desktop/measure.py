"""The desktop figures, each from the real program with its window on a display of its own."""

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from bisect import bisect_left
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.desktop.missed import COUNT as MISSED
from benchmarks.desktop.window import SILENT
from benchmarks.http import keys
from benchmarks.http.servers import sinks
from benchmarks.idle import IDLE, idle
from benchmarks.results import Figure
from benchmarks.seed import seed
from shopwatch.domain.rules.rule import Rule, RuleStep, Trigger
from shopwatch.host.paths import Paths
from shopwatch.ledger import Ledger
from shopwatch.runtime.clock import now
from shopwatch.settings.settings import fresh, save

RATE, SECONDS = 1_000, 30
SINGLE = 60
WAITING, HUNG_SECONDS = 10_000, 20
MILLION = 1_000_000
STARTS = 5
_ROOT = Path(__file__).parents[2]
_PATIENCE = 180.0


def measure(say: Callable[[str], None], million: int = MILLION) -> Iterator[Figure]:
    """Every desktop figure. Needs Xvfb, openbox, dunst and dbus-daemon."""
    with _display() as environment, tempfile.TemporaryDirectory() as folder:
        say(f"{RATE} sales a second for {SECONDS} s, window visible")
        yield from _burst(environment, Path(folder) / "burst")
        say(f"{SINGLE} sales, one a second")
        yield from _singles(environment, Path(folder) / "singles")
        say(f"{WAITING:,} jobs waiting for a program that hangs, and {RATE} sales a second for {HUNG_SECONDS} s")
        yield from _owing(environment, Path(folder) / "owing")
        say(f"{MISSED:,} missed events to be brought in, window visible")
        yield from _missed(environment, Path(folder) / "missed")
        say(f"the program, and {IDLE:.0f} s in which nothing happens")
        yield from _idle(environment, Path(folder) / "idle")
        say(f"a ledger of {million:,} sales")
        yield from _large(environment, Path(folder) / "large", million, say)


def _burst(environment: dict[str, str], folder: Path) -> Iterator[Figure]:
    count = RATE * SECONDS
    with _window(environment, folder) as window:
        url = window.ready()["url"]
        window.ask("report")
        sent = _send(url, RATE, count, 1)
        report = window.ask("report")
        deadline = time.monotonic() + 10
        while report["rows"] < count and time.monotonic() < deadline:
            report |= {"rows": window.ask("report")["rows"]}
    yield Figure("answers of 200, of 30,000", float(sent["statuses"].get("200", 0)), ",.0f", at_least=count)
    yield Figure("answer, p99", _percentile(_waits(sent["due"], sent["answered"]), 0.99), ".1f", "ms", at_most=25)
    yield Figure("the window's lag, p99", _percentile(report["lags"], 0.99), ".1f", "ms", at_most=16)
    yield Figure("the window's lag, longest", max(report["lags"]), ".1f", "ms", at_most=60)
    yield Figure("rows in the table, of 30,000", float(report["rows"]), ",.0f", at_least=count)


def _singles(environment: dict[str, str], folder: Path) -> Iterator[Figure]:
    with _window(environment, folder) as window:
        url = window.ready()["url"]
        window.ask("report")
        sent = _send(url, 1, SINGLE, 1_000_000)
        time.sleep(1)
        report = window.ask("report")
    painted = [at for at, _ in report["painted"]]
    newest = [row for _, row in report["painted"]]
    lines = [
        (painted[bisect_left(newest, number + 1)] - at) * 1000
        for number, at in enumerate(sent["answered"])
        if newest and newest[-1] > number
    ]
    popped = sorted(report["popped"])
    # A pop-up may be on its way before the sender has read the answer.
    handed = [popped[index] for due in sent["due"] if (index := bisect_left(popped, due)) < len(popped)]
    popups = _waits(sent["answered"], handed)
    yield Figure("sale answered to line visible, p99", _percentile(lines, 0.99), ".0f", "ms", at_most=150)
    yield Figure("lines seen, of 60", float(len(lines)), ".0f", at_least=SINGLE)
    yield Figure("sale answered to pop-up handed over, p99", _percentile(popups, 0.99), ".0f", "ms", at_most=250)
    yield Figure("pop-ups, of 60", float(len(popped)), ".0f", at_least=SINGLE)


def _owing(environment: dict[str, str], folder: Path) -> Iterator[Figure]:
    count = RATE * HUNG_SECONDS
    paths = _shop(folder)
    asyncio.run(_owe(paths.ledger))
    with sinks() as ports, _window(environment, folder, f"http://127.0.0.1:{ports['silence']}/") as window:
        url = window.ready()["url"]
        window.ask("report")
        sent = _send(url, RATE, count, 2_000_000)
        report = window.ask("report")
    yield Figure(
        "with jobs waiting: answers of 200, of 20,000", float(sent["statuses"].get("200", 0)), ",.0f", at_least=count
    )
    waits = _waits(sent["due"], sent["answered"])
    yield Figure("with jobs waiting: answer, p99", _percentile(waits, 0.99), ".1f", "ms", at_most=25)
    yield Figure("with jobs waiting: the window's lag, p99", _percentile(report["lags"], 0.99), ".1f", "ms", at_most=16)


def _missed(environment: dict[str, str], folder: Path) -> Iterator[Figure]:
    provider = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.desktop.missed"], cwd=_ROOT, stdout=subprocess.PIPE, text=True
    )
    try:
        assert provider.stdout
        origin = provider.stdout.readline().strip()
        with _window(environment, folder) as window:
            window.ready()
            window.ask("report")
            brought = window.ask(f"missed {origin}")
            report = window.ask("report")
    finally:
        provider.kill()
        provider.communicate()
    yield Figure("missed events brought in, of 10,000", float(brought["brought_in"]), ",.0f", at_least=MISSED)
    yield Figure("bringing in 10,000 missed events", brought["seconds"], ".1f", "s", at_most=60)
    yield Figure("meanwhile: the window's lag, p99", _percentile(report["lags"], 0.99), ".1f", "ms", at_most=16)


def _idle(environment: dict[str, str], folder: Path) -> Iterator[Figure]:
    environment = environment | keys.in_file(folder / "keys.json") | {"SHOPWATCH_DATA_DIR": str(_shop(folder).data_dir)}
    with subprocess.Popen([sys.executable, "-m", "shopwatch"], cwd=_ROOT, env=environment) as program:
        used = idle(program.pid)
        program.terminate()
    yield Figure("of one core, while nothing happens", used, ".2f", "%", at_most=0.5)


async def _owe(file: Path) -> None:
    ledger = Ledger.open(f"sqlite:///{file}")
    await ledger.outbox.put_rule(Rule("on", Trigger.SALE_PAID, steps=(RuleStep("forward", {"to": SILENT}),)))
    await seed(ledger, WAITING, until=now())
    ledger.close()


def _large(environment: dict[str, str], folder: Path, million: int, say: Callable[[str], None]) -> Iterator[Figure]:
    paths = _shop(folder)
    begun = time.monotonic()
    asyncio.run(_seed(paths.ledger, million))
    say(f"made in {time.monotonic() - begun:.0f} s")
    starts, memory = [], []
    for number in range(STARTS + 1):
        begun = time.monotonic()
        with _window(environment, folder) as window:
            first = (window.line()["painted"] or float("inf")) - begun
            rss = window.line()["rss"] / 2**20
            if number:  # the first start warms the disk's cache
                starts.append(first)
                memory.append(rss)
            if number == STARTS:
                times = window.ask("ledger")
    yield Figure("start to first painted rows, median", sorted(starts)[len(starts) // 2], ".2f", "s", at_most=1.2)
    yield Figure("resident memory, listening", max(memory), ".0f", "MiB", at_most=200)
    yield Figure("next page in any sort, p99", _percentile(times["pages"], 0.99), ".1f", "ms", at_most=30)
    yield Figure("search as you type, p99", _percentile(times["searches"], 0.99), ".1f", "ms", at_most=100)


async def _seed(file: Path, sales: int) -> None:
    ledger = Ledger.open(f"sqlite:///{file}")
    await seed(ledger, sales, until=now())
    ledger.close()


class Window:
    """The program in its process."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def line(self) -> dict[str, Any]:
        assert self._process.stdout
        said: dict[str, Any] = json.loads(self._process.stdout.readline())
        return said

    def ready(self) -> dict[str, Any]:
        self.line()
        return self.line()

    def ask(self, what: str) -> dict[str, Any]:
        assert self._process.stdin
        self._process.stdin.write(what + "\n")
        self._process.stdin.flush()
        return self.line()


def _shop(folder: Path) -> Paths:
    paths = Paths(folder)
    paths.prepare()
    if not paths.settings.exists():
        save(paths.settings, replace(fresh(), shop_name="Bloom & Stem", setup_done=True))
    return paths


@contextmanager
def _window(environment: dict[str, str], folder: Path, *more: str) -> Iterator[Window]:
    _shop(folder)
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.desktop.window", str(folder), *more],
        cwd=_ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        yield Window(process)
        assert process.stdin
        process.stdin.write("end\n")
        process.stdin.flush()
        process.wait(20)
    finally:
        process.kill()
        process.communicate()


def _send(url: str, rate: float, count: int, first_seed: int) -> dict[str, Any]:
    sender = [sys.executable, "-m", "benchmarks.desktop.sender", url, str(rate), str(count), str(first_seed)]
    done = subprocess.run(sender, cwd=_ROOT, capture_output=True, text=True, check=True, timeout=_PATIENCE)
    sent: dict[str, Any] = json.loads(done.stdout)
    return sent


def _waits(since: list[float], until: list[float]) -> list[float]:
    return [max(0.0, end - begin) * 1000 for begin, end in zip(since, until, strict=False)]


def _percentile(values: list[float], part: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * part))] if values else float("nan")


@contextmanager
def _display() -> Iterator[dict[str, str]]:
    read, write = os.pipe()
    screen = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1600x1000x24", "-nolisten", "tcp"],
        pass_fds=[write], stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(write)
    with os.fdopen(read) as said:
        display = f":{said.readline().strip()}"
    bus = subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--print-address"], stdout=subprocess.PIPE, text=True
    )
    assert bus.stdout
    environment = {
        **os.environ,
        "DISPLAY": display,
        "QT_QPA_PLATFORM": "xcb",
        "DBUS_SESSION_BUS_ADDRESS": bus.stdout.readline().strip(),
        "PYTHONPATH": str(_ROOT),
    }
    others: list[subprocess.Popen[Any]] = [
        subprocess.Popen([program], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for program in ("openbox", "dunst")
    ]
    try:
        yield environment
    finally:
        for process in [*others, bus, screen]:
            process.kill()
            process.wait(10)
        bus.stdout.close()
