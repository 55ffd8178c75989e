"""What a column of a list is: what stands over it, how wide it is, how what it holds is painted."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

EDGE = 24
GAP = 8
TILE = 20


@dataclass(frozen=True, slots=True)
class Column:
    """`width` is in pixels at the usual text size, 0 for a share of what is left; `least` is the list's width below
    which the column gives way. What it holds begins `lead` pixels after it and stops `end` before its end; `before` is
    what something painted before the words takes.

    Words are of this `weight` and `ink`, `figures` of one width, cut in the `middle` or at their end; they are faint
    where the row is, if they `fade`. A `pill` is its text's `pill`, and a `tile` that of its `provider`, before the
    words. `tip` says more of a row's words than the cell does.
    """

    title: str
    width: int = 0
    trailing: bool = False
    least: int = 0
    lead: int | None = None
    end: int | None = None
    before: int = 0
    weight: int = 0
    ink: str = "text2"
    figures: bool = False
    middle: bool = False
    fades: bool = True
    pill: bool = False
    tile: bool = False
    tip: Callable[[Any], str] | None = None
