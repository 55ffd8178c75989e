"""What the settings page asks of the shop."""

from typing import Protocol

from shopwatch.ui.rules.door import TargetsDoor
from shopwatch.ui.setup.door import SetupDoor


class SettingsDoor(SetupDoor, TargetsDoor, Protocol):
    """How the outside reaches this computer, and where the shop's own messages go."""
