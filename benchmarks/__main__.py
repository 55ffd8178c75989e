"""`python -m benchmarks`: measure everything, print the figures and write RESULTS.md."""

import sys

from benchmarks import results
from benchmarks.http.measure import measure


def main() -> int:
    print(results.machine(), flush=True)
    parts = [("The receiver: 128 connections, every request different and correctly signed", list(measure(_say)))]
    for _, figures in parts:
        for figure in figures:
            print(f"{figure.what:60} {figure.text:>12}  {figure.goal}")
    results.write(parts)
    return 0 if all(figure.reached is not False for _, figures in parts for figure in figures) else 1


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
