from collections.abc import Iterator

import pytest

from tests.desktop.program import Program
from tests.desktop.session import Session


@pytest.fixture
def program(desktop: Session) -> Iterator[Program]:
    program = Program(desktop)
    yield program
    program.close()
