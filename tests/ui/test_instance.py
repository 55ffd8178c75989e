"""docs/attacks.md, E14: a second start, and who else may stand at its door."""

import os
import socket
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from shopwatch.ui.system.instance import FrontDoor, knock
from tests.stranger import stranger, try_as_stranger

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has named pipes")

_WAITS = """
import socket, sys
door = socket.socket(socket.AF_UNIX)
door.bind(sys.argv[1])
door.listen()
print("waiting")
door.accept()
print("somebody came")
door.accept()
"""
_KNOCKS = """
import socket, sys
socket.socket(socket.AF_UNIX).connect(sys.argv[1])
print("connected")
"""


@pytest.fixture
def shared() -> Iterator[Path]:
    """A folder like /tmp, with a path short enough for a socket."""
    with tempfile.TemporaryDirectory(prefix="door-") as name:
        folder = Path(name)
        folder.chmod(0o1777)
        yield folder


def test_a_second_start_is_heard(qtbot: QtBot, shared: Path) -> None:
    place = str(shared / "door")
    front = FrontDoor([place])
    assert front.problem is None
    with qtbot.waitSignal(front.knocked):
        assert knock([str(shared / "nobody"), place])
    front.close()
    assert not knock([place])


def test_a_place_that_a_killed_run_left_is_taken_over(qtbot: QtBot, shared: Path) -> None:
    place = str(shared / "door")
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(place)
    front = FrontDoor([place])
    with qtbot.waitSignal(front.knocked):
        assert knock([place])
    front.close()


def test_a_place_that_cannot_be_had_leaves_the_next_and_else_is_told(qtbot: QtBot, shared: Path) -> None:
    taken, free = shared / "taken", shared / "free"
    (taken / "by a folder").mkdir(parents=True)
    alone = FrontDoor([str(taken)])
    assert alone.problem is not None
    assert alone.problem.title == "Starting ShopWatch again will not bring this window to the front."
    assert alone.problem.hint
    front = FrontDoor([str(taken), str(free)])
    assert front.problem is None
    with qtbot.waitSignal(front.knocked):
        assert knock([str(taken), str(free)])
    front.close()


def test_another_user_who_waits_at_the_door_is_not_taken_for_the_window(qtbot: QtBot, shared: Path) -> None:
    place = str(shared / "door")
    with stranger(_WAITS, place) as said:
        os.chmod(place, 0o777)  # noqa: PTH101 - as its owner can
        assert not knock([place])
        assert said.readline() == "somebody came\n"


def test_another_user_who_knocks_is_not_heard(qtbot: QtBot, shared: Path) -> None:
    place = shared / "door"
    front = FrontDoor([str(place)])
    assert "PermissionError" in try_as_stranger(_KNOCKS, str(place))
    place.chmod(0o777)  # were that lock not there
    with qtbot.assertNotEmitted(front.knocked, wait=300):
        assert try_as_stranger(_KNOCKS, str(place)) == "connected"
    front.close()
