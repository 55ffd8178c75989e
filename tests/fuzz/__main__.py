"""`make fuzz`: gives every target, or those that are named, inputs for so many minutes in all, and says what it found.

What reached something new is kept in `tests/fuzz/corpus`, unless `--forget` is said. Ends with 1 if there are findings.
"""

import argparse
import logging
import sys
import time
from random import Random, SystemRandom

from tests.fuzz import corpus
from tests.fuzz.engine import Coverage, Run
from tests.fuzz.every import TARGETS

_LONGEST_TURN = 20.0
"""Seconds: each target has its turn several times, so that none waits for long."""
_SPARE = 1.3
"""Turns take longer than what they give inputs for: what is known is given again first."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="make fuzz")
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=None, help="the same seed begins with the same inputs")
    parser.add_argument("--forget", action="store_true", help="keep nothing that reached something new")
    parser.add_argument("targets", nargs="*", help="parts of the names of targets")
    told = parser.parse_args()
    chosen = [each for each in TARGETS if not told.targets or any(part in each.name for part in told.targets)]
    if not chosen:
        parser.error("no target is called so")
    seed = told.seed if told.seed is not None else SystemRandom().randrange(2**32)
    print(f"{len(chosen)} targets, {told.minutes:g} minutes, seed {seed}", flush=True)
    logging.disable()
    runs = [Run(each, kept=corpus.load(each.name)) for each in chosen]
    fuzz(runs, told.minutes * 60, seed, keep=not told.forget)
    return report(runs)


def fuzz(runs: list[Run], seconds: float, seed: int, *, keep: bool) -> None:
    """Give each its turns, until the time is over and everybody had one. What a target is given in a turn begins alike
    on a slow machine and a quick one.
    """
    coverage, end = Coverage(), time.monotonic() + seconds
    turns = max(1, round(seconds / (_LONGEST_TURN * len(runs))))
    with coverage.watched():
        for turn in range(turns):
            for place, run in enumerate(Random(f"{seed} {turn}").sample(runs, len(runs))):
                left = (turns - turn) * len(runs) - place
                known = run.kept[:]
                random = Random(f"{seed} {turn} {run.target.name}")
                run.go(coverage, max(0.0, end - time.monotonic()) / left / _SPARE, random)
                if keep and run.kept != known:
                    run.minimise(coverage)
                    corpus.save(run.target.name, run.kept)


def report(runs: list[Run]) -> int:
    """Say what became of it."""
    print(f"{'target':32} {'inputs':>10} {'a second':>9} {'lines':>6} {'kept':>5} {'findings':>8}")
    for run in sorted(runs, key=lambda run: run.target.name):
        speed = run.inputs / run.seconds if run.seconds else 0
        found = len(run.findings)
        print(f"{run.target.name:32} {run.inputs:10} {speed:9.0f} {run.reached:6} {len(run.kept):5} {found:8}")
    findings = [each for run in runs for each in run.findings.values()]
    inputs, spent = sum(run.inputs for run in runs), sum(run.seconds for run in runs)
    print(f"{inputs} inputs in {spent / 60:.1f} minutes, {len(findings)} findings")
    for each in findings:
        print(f"\n{each}")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
