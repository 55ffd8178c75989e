"""docs/attacks.md, P12: the clock of the computer is set while the program runs, and no server has told the time."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import SECRET, Program
from tests.desktop import paynow

_PLACES = [
    *Path("/usr/lib").glob("*/faketime/libfaketime.so.1"),
    *Path("/opt").glob("*/lib/faketime/libfaketime.1.dylib"),
]
_LIBRARY = os.environ.get("LIBFAKETIME", str(_PLACES[0]) if _PLACES else "")

pytestmark = pytest.mark.skipif(not _LIBRARY, reason="libfaketime, which sets the clock of one program, is not here")

HOUR = 3600


@pytest.fixture
def heard(shopwatch: Program, tmp_path: Path) -> Callable[[int], Callable[[int, int], int]]:
    """Starts `serve` with a clock that is so many seconds off. What it gives tells the answer to a sale after the clock
    was set to be so many seconds off."""
    added = shopwatch.add_paynow()
    file = tmp_path / "clock"

    def set_clock(off: int) -> None:
        made = file.with_suffix(".new")
        made.write_text(f"{off:+d}s\n")
        made.replace(file)

    def start(off: int) -> Callable[[int, int], int]:
        set_clock(off)
        faked = {"LD_PRELOAD": _LIBRARY, "FAKETIME_TIMESTAMP_FILE": str(file), "FAKETIME_NO_CACHE": "1"}
        shopwatch.env |= faked | {"FAKETIME_DONT_FAKE_MONOTONIC": "1", "DONT_FAKE_MONOTONIC": "1"}
        _, ready = shopwatch.start("--port", "0")

        def answer(off: int, number: int) -> int:
            set_clock(off)
            return paynow.post(f"{ready['public_url']}{added['path']}", paynow.order(number), SECRET)

        return answer

    return start


def test_no_genuine_message_is_refused(heard: Callable[[int], Callable[[int, int], int]]) -> None:
    answer = heard(0)

    for number, step in enumerate((600, HOUR, 24 * HOUR, 365 * 24 * HOUR, -HOUR, -24 * HOUR)):
        first, second = f"{step} s: 1", f"{step} s: 2"
        assert {first: answer(step, 2 * number), second: answer(step, 2 * number + 1)} == {first: 503, second: 503}
        assert {first: answer(0, 2 * number), second: answer(0, 2 * number)} == {first: 200, second: 200}


@pytest.mark.parametrize("wrong", [5 * HOUR, -365 * 24 * HOUR])
def test_a_clock_that_is_put_right_counts_at_once(
    wrong: int, heard: Callable[[int], Callable[[int, int], int]]
) -> None:
    answer = heard(wrong)

    assert [answer(0, number) for number in (1, 2)] == [200, 200]
