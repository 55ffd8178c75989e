"""Whether there is a screen to show a window on, asked before Qt, which ends the process where there is none."""

import ctypes
import os
import socket
import sys
from pathlib import Path

from shopwatch.domain.errors import Outage
from shopwatch.domain.i18n import say


def has_screen() -> bool:
    """Whether a window can be opened: always on Windows and macOS, elsewhere if a display server answers."""
    if sys.platform in ("win32", "darwin") or os.environ.get("QT_QPA_PLATFORM") in ("offscreen", "minimal", "vnc"):
        return True
    return _wayland_answers() or _x11_answers()


def no_screen() -> Outage:
    """What to tell somebody who starts the window where there is none."""
    return Outage(
        say("There is no screen here to show ShopWatch on."),
        say("Start it on your desktop, or use `shopwatch serve`, which needs no window."),
        code="no-screen",
    )


def _wayland_answers() -> bool:
    name = os.environ.get("WAYLAND_DISPLAY")
    if not name:
        return False
    place = Path(os.environ.get("XDG_RUNTIME_DIR", "/")) / name
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
        line.settimeout(2)
        try:
            line.connect(str(place))
        except OSError:
            return False
    return True


def _x11_answers() -> bool:
    if not os.environ.get("DISPLAY"):
        return False
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return False
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connection_has_error.argtypes = [ctypes.c_void_p]
    xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    line = xcb.xcb_connect(None, None)
    failed = bool(xcb.xcb_connection_has_error(line))
    xcb.xcb_disconnect(line)
    return not failed
