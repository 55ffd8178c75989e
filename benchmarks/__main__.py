"""`python -m benchmarks [receiver | rules | start | waiting | desktop | senders | popular | night]`: measure, print
the figures, and write RESULTS.md."""

import sys
from collections.abc import Callable, Iterator

from benchmarks import results
from benchmarks.desktop.measure import measure as desktop
from benchmarks.http.measure import measure as receiver
from benchmarks.http.rules import measure as rules
from benchmarks.http.start import measure as start
from benchmarks.http.waiting import measure as waiting
from benchmarks.night import measure as night
from benchmarks.popular import measure as popular
from benchmarks.results import Figure
from benchmarks.senders.measure import measure as senders

_PARTS: dict[str, tuple[str, Callable[[Callable[[str], None]], Iterator[Figure]]]] = {
    "receiver": ("The receiver: 128 connections, every request different and correctly signed", receiver),
    "rules": ("What rules cost: 128 connections, as above, each server alone and in turns", rules),
    "start": ("How soon the receiver hears again, after an end in order and after a kill under load", start),
    "waiting": ("What jobs cost that wait: 300 sales a second, each server alone and in turns", waiting),
    "desktop": ("The desktop program, its window on a display of its own", desktop),
    "senders": ("Every sender: judging, the worst messages, and what time tells", senders),
    "popular": ("Popular items: a ledger of a million sales", popular),
    "night": ("The watch: while nothing happens, when the address dies, and after a night", night),
}


def main(wanted: list[str]) -> int:
    print(results.machine(), flush=True)
    parts: list[tuple[str, list[Figure]]] = []
    for name, (title, measure) in _PARTS.items():
        if not wanted or name in wanted:
            figures = []
            for figure in measure(_say):
                _say(f"{figure.what:60} {figure.text:>12}  {figure.goal}")
                figures.append(figure)
            parts.append((title, figures))
    if not wanted:
        results.write(parts)
    return 0 if all(figure.reached is not False for _, figures in parts for figure in figures) else 1


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
