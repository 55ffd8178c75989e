"""How much is tried: everyday a part of all cases, chosen evenly and always the same; by `make nightly` all of them."""

import os
from collections.abc import Sequence

FULL = os.environ.get("SHOPWATCH_FULL") == "1"


def portion[Case](cases: Sequence[Case], turn: int, of: int) -> Sequence[Case]:
    """Each `of`th of the cases, by turns: in `of` turns that follow each other every case has had one."""
    return cases if FULL else cases[turn % of :: of]
