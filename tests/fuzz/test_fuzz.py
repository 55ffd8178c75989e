"""What once reached something new is borne by every door, and the fuzzer finds what is planted (docs/attacks.md, P5,
P16)."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from random import Random

import pytest

from shopwatch.providers.described.custom import Anyone
from tests.fuzz import corpus, mutation
from tests.fuzz.engine import Coverage, Run
from tests.fuzz.every import TARGETS
from tests.fuzz.target import Target, pure
from tests.fuzz.targets.senders import Judging, known_of
from tests.providers.cases import BY_ID


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_what_is_known_is_borne(target: Target) -> None:
    run = Run(target)
    run.replay([*target.seeds(), *corpus.load(target.name)])
    assert [str(each) for each in run.findings.values()] == []


def test_every_kept_input_is_of_a_target_that_there_is() -> None:
    assert corpus.names() <= {each.name for each in TARGETS}


def _steps(data: bytes) -> None:
    if data[:1] != b"s":
        return
    if data[1:2] != b"h":
        return
    if data[2:3] != b"o":
        return
    if data[3:4] == b"p":
        raise LookupError


def _found(target: Target, inputs: int, within: str = __file__) -> list[str]:
    run, coverage = Run(target), Coverage(within)
    with coverage.watched():
        run.go(coverage, 0.0, Random(7), at_least=inputs)
    return [each.place.partition(" ")[0] for each in run.findings.values()]


def test_coverage_leads_to_what_chance_does_not_find() -> None:
    """Each of four letters alone is found easily; all at once would take some billions of tries."""
    target = Target("steps", lambda: [b"aaaa"], pure(_steps), mutation.raw)
    assert _found(target, 60_000) == ["LookupError"]
    assert _found(target, 60_000, within="/nowhere") == []


def test_what_takes_too_long_is_a_finding() -> None:
    def spin(_data: bytes) -> None:
        while True:
            pass

    run = Run(Target("spin", lambda: [b""], pure(spin)))
    run.replay([b"x"])
    assert [each.partition(" ")[0] for each in run.findings] == ["TooSlow"]


def test_a_sender_that_believes_everybody_is_a_finding() -> None:
    careless = replace(BY_ID["stripe"], recipe=Anyone())

    @contextmanager
    def judging() -> Iterator[Judging]:
        yield Judging(careless)

    target = Target("careless", lambda: [each.data for each in known_of(BY_ID["stripe"])], judging, mutation.message)
    assert _found(target, 500) == ["AssertionError"]


@pytest.mark.parametrize("mutate", [mutation.raw, mutation.document, mutation.message])
def test_any_input_makes_another(mutate: mutation.Mutate) -> None:
    random = Random(1)
    known = [
        b"",
        b"a",
        b'{"a": [1, {"b": "x"}]}',
        b"a=1&b={}",
        b"POST\nA: b\n\n[1, 2]",
        b"[" * 500,
        b"\xff" * 9,
        b"[%b]" % (b"9" * 4_299),
    ]
    made = {mutate(random.choice(known), known, random) for _ in range(2_000)}
    assert len(made) > 500
    assert all(len(each) <= 70_000 for each in made)
