from collections.abc import Iterator

import pytest

from tests.desktop.program import Program
from tests.desktop.session import Session, desktop_session


@pytest.fixture
def program(desktop: Session) -> Iterator[Program]:
    program = Program(desktop)
    yield program
    program.close()


@pytest.fixture(scope="module")
def module_program(desktop_programs: None) -> Iterator[Program]:
    """One program and one session for all tests of a module."""
    with desktop_session() as session:
        program = Program(session)
        yield program
        program.close()
