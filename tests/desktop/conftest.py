import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whole programs beside each other would starve their deadlines: one worker runs them all."""
    for item in items:
        if "desktop" in item.path.parts:
            item.add_marker(pytest.mark.xdist_group("desktop"))
