"""What is fuzzed: one declaration for each door through which something comes in from outside."""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field

from tests.fuzz.mutation import Mutate, document

type Attempt = Callable[[bytes], None]
"""Takes one input. Whatever it raises is a finding."""


@dataclass(frozen=True)
class Target:
    """`seeds` are inputs as they should be, from which others are made by `mutate`. `opened` gives the attempt, with
    all that it needs around it, such as a listening server."""

    name: str
    seeds: Callable[[], Iterable[bytes]] = field(repr=False)
    opened: Callable[[], AbstractContextManager[Attempt]] = field(repr=False)
    mutate: Mutate = field(default=document, repr=False)


def pure(attempt: Attempt) -> Callable[[], AbstractContextManager[Attempt]]:
    """For an attempt that needs nothing around it."""
    return lambda: nullcontext(attempt)
