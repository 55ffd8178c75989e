"""The loop is that of the assistant's tests."""

from tests.ui.setup.conftest import run

__all__ = ["run"]
