"""What the system is asked to open."""

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices


class Opening:
    """Opens pages of the web and `folder`; nothing else, wherever the address came from."""

    def __init__(self, folder: Path) -> None:
        self._folder = QUrl.fromLocalFile(str(folder)).toString()

    def __call__(self, address: str) -> bool:
        """Let the system show what is at `address`; whether it does."""
        may_open = address.startswith("https://") or address == self._folder
        return may_open and QDesktopServices.openUrl(QUrl(address))
