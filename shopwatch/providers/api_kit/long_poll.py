"""Providers that say by themselves when there is something to list, as long as somebody waits for it; described here,
performed by `recovery`."""

from collections.abc import Callable
from dataclasses import dataclass

from shopwatch.domain.source import Options
from shopwatch.providers.api import Asking


@dataclass(frozen=True, slots=True)
class Waited:
    """`changed`: there is something to list. `rest`: seconds before which it must not be waited for again."""

    changed: bool
    rest: float = 0


type Wait = Callable[[str, Options], Asking[Waited]]
"""Ends when something happened behind this mark of `Missed`, or after some minutes in which nothing did. It needs no
key. A mark that is not good any more is something to list."""
