"""Ending the agent with all that it started, also one that outlived the ShopWatch that started it.

An agent that lives on holds the public address and the account's only place. The owner's ngrok may be a script around
the program, whose end is not the program's.
"""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import psutil

from shopwatch.host.processes import started_as

_PATIENCE = 5.0
_GLANCE = 0.01


def end_group(leader: subprocess.Popen[str]) -> None:
    """Kill a process of ours that has a session of its own, with all that it started; on Windows the process alone."""
    # Once it is reaped, the number may be that of another group.
    if sys.platform != "win32" and leader.returncode is None:
        with suppress(OSError):
            os.killpg(leader.pid, signal.SIGKILL)
    leader.kill()


def wait_for_group(leader: subprocess.Popen[str], patience: float = _PATIENCE) -> None:
    """Return once nothing that `end_group` killed runs any more; what takes longer than `patience` is let go. Blocks.

    A killed process runs on until the system comes to end it, and it is not for us to reap what our child started.
    """
    # While anything of the group is there, its number is not given to another one, whether the leader is reaped or not.
    with suppress(psutil.Error):
        _wait_for(_group(leader.pid), patience)
    with suppress(subprocess.TimeoutExpired):
        leader.wait(patience)


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
            _wait_for(group, _PATIENCE)
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


def _wait_for(killed: list[psutil.Process], patience: float) -> None:
    give_up = time.monotonic() + patience
    while any(_runs(process) for process in killed) and time.monotonic() < give_up:
        time.sleep(_GLANCE)


def _runs(process: psutil.Process) -> bool:
    try:
        # What has ended and is not reaped holds nothing any more, and may stay so for as long as the computer runs.
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
