"""The loop and the theme are those of the assistant's tests."""

from tests.ui.connections.desk import desk
from tests.ui.setup.conftest import run, theme

__all__ = ["desk", "run", "theme"]
