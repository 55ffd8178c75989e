from collections.abc import Iterator

import pytest

from tests.desktop.program import Program
from tests.desktop.session import Session


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whole programs beside each other would starve their deadlines: one worker runs them all."""
    for item in items:
        if "desktop" in item.path.parts:
            item.add_marker(pytest.mark.xdist_group("desktop"))


@pytest.fixture
def program(desktop: Session) -> Iterator[Program]:
    program = Program(desktop)
    yield program
    program.close()
