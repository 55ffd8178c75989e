from pathlib import Path

import pytest


@pytest.fixture
def place(file: Path) -> str:
    return f"sqlite:///{file}"
