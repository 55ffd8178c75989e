import os
from collections.abc import Iterator

import pytest

from tests.desktop.session import Session, desktop_session, missing_programs


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Real sessions start programs that are heavy beside each other: one worker runs them all."""
    for item in items:
        if "desktop" in item.path.parts:
            item.add_marker(pytest.mark.xdist_group("desktop"))


@pytest.fixture(scope="session")
def desktop_programs() -> None:
    if missing := missing_programs():
        reason = f"no real desktop session without {', '.join(missing)}: run `make setup`"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)


@pytest.fixture
def session(desktop_programs: None) -> Iterator[Session]:
    with desktop_session() as running:
        yield running
