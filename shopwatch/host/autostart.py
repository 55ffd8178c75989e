"""Starting with the computer: an entry of this user's own that the system runs at sign-in."""

import os
import plistlib
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import say
from shopwatch.host.files import write_whole

_NAME = "ShopWatch"
_LABEL = "shopwatch.desktop"

# The Desktop Entry Specification, "The Exec key": these need quotes, and of them these a backslash too.
_NEEDS_QUOTES = set(" \t\n\"'\\><~|&;$*?#()`")
_NEEDS_BACKSLASH = set('"`$\\')


def set_start_at_login(on: bool, command: Sequence[str]) -> None:
    """Let the system run `command` at sign-in, or no longer. Raises `UserError` if it cannot be arranged."""
    try:
        if sys.platform == "win32":
            _set_run_key(subprocess.list2cmdline(command) if on else None)
        elif on:
            file = _entry()
            file.parent.mkdir(parents=True, exist_ok=True)
            write_whole(file, _launch_agent(command) if sys.platform == "darwin" else _desktop_entry(command))
        else:
            _entry().unlink(missing_ok=True)
    except OSError as error:
        raise UserError(
            say("ShopWatch could not be set to start with this computer."),
            say("Add it in your system’s own settings for programs that start at sign-in."),
            code="start-at-login",
        ) from error


def starts_at_login() -> bool:
    """Whether the entry is there now."""
    if sys.platform == "win32":
        return _run_key() is not None
    return _entry().is_file()


def _entry() -> Path:
    if sys.platform == "darwin":
        return Path.home() / "Library" / "LaunchAgents" / f"{_LABEL}.plist"
    config = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(config) / "autostart" / "shopwatch.desktop"


def _desktop_entry(command: Sequence[str]) -> bytes:
    executable = " ".join(map(_quoted, command))
    # The whole value is then escaped once more, as every string of a desktop entry is.
    executable = executable.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t")
    lines = ["[Desktop Entry]", "Type=Application", f"Name={_NAME}", f"Exec={executable}", "Terminal=false", ""]
    return "\n".join(lines).encode("utf-8", "surrogateescape")


def _quoted(argument: str) -> str:
    argument = argument.replace("%", "%%")
    if argument and not _NEEDS_QUOTES.intersection(argument):
        return argument
    return '"' + "".join("\\" + each if each in _NEEDS_BACKSLASH else each for each in argument) + '"'


def _launch_agent(command: Sequence[str]) -> bytes:
    return plistlib.dumps({"Label": _LABEL, "ProgramArguments": list(command), "RunAtLoad": True})


if sys.platform == "win32":
    import winreg

    _RUN = r"Software\Microsoft\Windows\CurrentVersion\Run"

    def _set_run_key(command: str | None) -> None:
        with winreg.CreateKey(winreg.HKEY_CURRENT_USER, _RUN) as key:
            if command is not None:
                winreg.SetValueEx(key, _NAME, 0, winreg.REG_SZ, command)
            elif _run_key() is not None:
                winreg.DeleteValue(key, _NAME)

    def _run_key() -> str | None:
        try:
            with winreg.OpenKey(winreg.HKEY_CURRENT_USER, _RUN) as key:
                return str(winreg.QueryValueEx(key, _NAME)[0])
        except FileNotFoundError:
            return None
