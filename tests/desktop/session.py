"""A desktop of its own for one test: display, window manager, tray, pop-ups, message bus and password store."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jeepney import DBusAddress, MessageType, new_method_call
from jeepney.io.blocking import DBusConnection, open_dbus_connection

from tests.desktop.waiting import wait_until
from tests.secrets.password_store import PasswordStore, configure_bus

PROGRAMS = ("Xvfb", "openbox", "stalonetray", "dunst", "dbus-daemon", "gnome-keyring-daemon", "xdotool", "import")

DUNST = DBusAddress("/org/freedesktop/Notifications", "org.freedesktop.Notifications", "org.dunstproject.cmd0")
BUS_ITSELF = DBusAddress("/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus")


def missing_programs() -> list[str]:
    return [program for program in PROGRAMS if shutil.which(program) is None]


@dataclass(frozen=True)
class PopUp:
    title: str
    body: str


class Session:
    """What a test does as a person would: look, type, read the pop-ups and the password store."""

    def __init__(self, folder: Path, display: str, bus: str) -> None:
        self.folder = folder
        self.store: PasswordStore | None = None
        self.env = {
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            "DISPLAY": display,
            "DBUS_SESSION_BUS_ADDRESS": bus,
            "QT_QPA_PLATFORM": "xcb",
            "HOME": str(folder / "home"),
            "XDG_RUNTIME_DIR": str(folder / "run"),
            "XDG_CONFIG_HOME": str(folder / "home/.config"),
            "XDG_DATA_HOME": str(folder / "home/.local/share"),
            "XDG_STATE_HOME": str(folder / "home/.local/state"),
            "XDG_CACHE_HOME": str(folder / "home/.cache"),
            "XDG_CURRENT_DESKTOP": "GNOME",
        }

    def run(self, *command: str) -> str:
        done = subprocess.run(command, env=self.env, check=True, capture_output=True, text=True, timeout=60)
        return done.stdout

    def press(self, *keys: str) -> None:
        self.run("xdotool", "key", "--clearmodifiers", "--delay", "30", *keys)

    def type(self, text: str) -> None:
        self.run("xdotool", "type", "--delay", "15", text)

    def window(self, title: str, seconds: float = 45) -> str:
        """The id of the visible window whose title matches; waits for it."""

        def found() -> str:
            search = ["xdotool", "search", "--onlyvisible", "--name", title]
            done = subprocess.run(search, env=self.env, capture_output=True, text=True, timeout=60, check=False)
            return done.stdout.strip().partition("\n")[0]

        return wait_until(found, f"a window named {title}", seconds)

    def active_window(self) -> str:
        return self.run("xdotool", "getactivewindow").strip()

    def screenshot(self, path: Path, window: str = "root") -> Path:
        self.run("import", "-window", window, str(path))
        return path

    def look(self, window: str, crop: str) -> tuple[int, str]:
        """How many colours a part (WIDTHxHEIGHT+X+Y) of a window shows, and a print that no other look has."""
        picture = self.screenshot(self.folder / "look.png", window)
        colours, mark = self.run("convert", str(picture), "-crop", crop, "-format", "%k %#", "info:").split()
        return int(colours), mark

    @contextmanager
    def bus(self) -> Iterator[DBusConnection]:
        with open_dbus_connection(self.env["DBUS_SESSION_BUS_ADDRESS"]) as connection:
            yield connection

    def _call(self, address: DBusAddress, method: str, signature: str = "", body: Sequence[object] = ()) -> Any:
        with self.bus() as connection:
            reply = connection.send_and_get_reply(
                new_method_call(address, method, signature or None, tuple(body)), timeout=10
            )
        assert reply.header.message_type is MessageType.method_return, reply.body
        return reply.body[0] if reply.body else None

    def owns(self, name: str) -> bool:
        return bool(self._call(BUS_ITSELF, "NameHasOwner", "s", [name]))

    def pop_ups(self) -> list[PopUp]:
        """All shown since the session began, newest first; closes those still on screen, as `dunstctl history` asks."""
        self._call(DUNST, "NotificationCloseAll")
        shown = self._call(DUNST, "NotificationListHistory")
        return [PopUp(entry["summary"][1], entry["body"][1]) for entry in shown]

    def pixel(self, window: str, x: int, y: int) -> str:
        """The colour at a place in the window, as #RRGGBB."""
        picture = self.screenshot(self.folder / "pixel.png", window)
        return self.run("convert", str(picture), "-depth", "8", "-format", f"#%[hex:p{{{x},{y}}}]", "info:")[:7]

    def clipboard(self) -> str:
        """What Ctrl+V would paste now, asked by a program of its own."""
        look = "from PySide6.QtGui import QGuiApplication as A; print(A([]).clipboard().text())"
        return self.run(sys.executable, "-c", look).strip()


@contextmanager
def desktop_session(*, tray: bool = True, pop_ups: bool = True, keyring: bool = True) -> Iterator[Session]:
    """A running session; parts may be left out. All of it ends with the block."""
    # A short path: a socket's name has room for 107 bytes.
    with ExitStack() as parts, tempfile.TemporaryDirectory(prefix="desk-") as name:
        folder = Path(name)
        for place in ("home/.config", "home/.local/share", "run"):
            (folder / place).mkdir(parents=True)
        (folder / "run").chmod(0o700)
        socket = folder / "run/bus"
        config = configure_bus(folder, socket, keyring=keyring)
        session = Session(folder, _start_display(parts, folder), f"unix:path={socket}")

        def start(*command: str) -> subprocess.Popen[bytes]:
            return _start(parts, folder, command, session.env, stdin=subprocess.DEVNULL)

        start("dbus-daemon", "--nofork", "--nopidfile", f"--config-file={config}")
        start("openbox", "--sm-disable")
        wait_until(socket.exists, "the bus")
        wait_until(lambda: _managed(session), "the window manager")
        if pop_ups:
            start("dunst")
        if keyring:
            session.store = PasswordStore(session.env)
            session.store.wait_until_open()
        if pop_ups:
            wait_until(lambda: session.owns("org.freedesktop.Notifications"), "dunst")
        if tray:
            _show_tray(session, lambda: start("stalonetray", "--geometry", "4x1+1200+0"))
        yield session


def _show_tray(session: Session, start: Callable[[], subprocess.Popen[bytes]]) -> None:
    """Start the tray; once in hundreds of times it never shows its window, and the next one does."""
    for seconds in (10, 10, 20):
        tray = start()
        try:
            session.window("stalonetray", seconds)
        except AssertionError:
            _stop(tray)
        else:
            return
    raise AssertionError((session.folder / "stalonetray.log").read_text())


def _managed(session: Session) -> bool:
    """Whether a window manager has said how many desktops there are."""
    command = ["xdotool", "get_num_desktops"]
    return subprocess.run(command, env=session.env, capture_output=True, timeout=60, check=False).returncode == 0


def _start_display(parts: ExitStack, folder: Path) -> str:
    """Xvfb on the first free display number, which it tells through a pipe once it listens."""
    read, write = os.pipe()
    command = ("Xvfb", "-displayfd", str(write), "-screen", "0", "1600x1000x24", "-nolisten", "tcp", "-noreset")
    _start(parts, folder, command, dict(os.environ), pass_fds=(write,))
    os.close(write)
    with os.fdopen(read) as pipe:
        number = pipe.readline().strip()
    assert number, (folder / "Xvfb.log").read_text()
    return f":{number}"


def _start(
    parts: ExitStack, folder: Path, command: Sequence[str], env: dict[str, str], **options: Any
) -> subprocess.Popen[bytes]:
    log = parts.enter_context((folder / f"{command[0]}.log").open("wb"))
    process = subprocess.Popen(command, env=env, stdout=log, stderr=log, **options)
    parts.callback(_stop, process)
    return process


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=60)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
