from tests.ui.connections.desk import desk

__all__ = ["desk"]
