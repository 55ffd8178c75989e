"""What a window finds on this machine. Asked in a process of its own: Qt ends it where there is no screen."""

import json
import sys

LOOK = "look-at-desktop"
"""The hidden command that `doctor` starts."""


def look_at_desktop() -> None:
    """Say on stdout, as one JSON object, which Qt is here and whether there is a screen and a tray."""
    from PySide6 import __version__
    from PySide6.QtWidgets import QApplication, QSystemTrayIcon

    from shopwatch.ui.system.display import has_screen

    seen: dict[str, object] = {"qt": __version__, "screen": has_screen(), "tray": False}
    if seen["screen"]:
        app = QApplication([])
        seen["tray"] = QSystemTrayIcon.isSystemTrayAvailable()
        del app
    sys.stdout.write(json.dumps(seen))
