"""The loop and the theme are those of the assistant's tests."""

from tests.ui.setup.conftest import run, theme

__all__ = ["run", "theme"]
