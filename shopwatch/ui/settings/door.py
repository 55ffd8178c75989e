"""What the settings page asks of the shop."""

from pathlib import Path
from typing import Protocol

from shopwatch.ui.rules.door import TargetsDoor
from shopwatch.ui.setup.door import SetupDoor


class SettingsDoor(SetupDoor, TargetsDoor, Protocol):
    """How the outside reaches this computer, where the shop's own messages go, and where the shop itself is."""

    async def backup(self, file: Path, passphrase: str = "") -> None: ...
    async def move_out(self, file: Path, passphrase: str) -> None: ...
