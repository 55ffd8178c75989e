"""Ending the agent with all that it started, also one that outlived the ShopWatch that started it.

An agent that lives on holds the public address and the account's only place. The owner's ngrok may be a script around
the program, whose end is not the program's.
"""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import psutil

from shopwatch.settings.processes import started_as


def end_group(leader: subprocess.Popen[str]) -> None:
    """End a process of ours that has a session of its own, with all that it started; on Windows the process alone."""
    # Once it is reaped, the number may be that of another group.
    if sys.platform != "win32" and leader.returncode is None:
        with suppress(OSError):
            os.killpg(leader.pid, signal.SIGKILL)
    leader.kill()


def remember_agent(note: Path, pid: int) -> None:
    """Write down which process is ours, so that the next start can end it."""
    note.write_text(f"{pid}\n", encoding="ascii")


def end_orphan(note: Path, settings: Path) -> bool:
    """End the agent that `note` names with all that it started, if any of it still runs; True if it did.

    A number that the system has meanwhile given to another process is told apart by the arguments: only our agent names
    our settings file.
    """
    try:
        group = _group(int(note.read_text(encoding="ascii")))
        ours = any(str(settings) in started_as(process.pid) for process in group)
        if ours:
            for process in group:
                with suppress(psutil.NoSuchProcess):
                    process.kill()
            psutil.wait_procs(group, 5)
        note.unlink()
    except (OSError, ValueError, psutil.Error):
        return False
    return ours


def _group(leader: int) -> list[psutil.Process]:
    if sys.platform == "win32":
        process = psutil.Process(leader)
        return [process, *process.children(recursive=True)]
    # The leader may have ended before the others, which then have no parent to be found by.
    return [process for process in psutil.process_iter() if _is_in(leader, process.pid)]


def _is_in(group: int, pid: int) -> bool:
    try:
        return sys.platform != "win32" and os.getpgid(pid) == group
    except OSError:
        return False
