"""An agent that outlived the ShopWatch that started it: it holds the public address and the account's only place."""

from pathlib import Path

import psutil

from shopwatch.settings.processes import started_as


def remember_agent(note: Path, pid: int) -> None:
    """Write down which process is ours, so that the next start can end it."""
    note.write_text(f"{pid}\n", encoding="ascii")


def end_orphan(note: Path, settings: Path) -> bool:
    """End the agent that `note` names, if it still runs; True if there was one.

    A number that the system has meanwhile given to another process is told apart by the arguments: only our agent names
    our settings file.
    """
    try:
        process = psutil.Process(int(note.read_text(encoding="ascii")))
        ours = str(settings) in started_as(process.pid)
        if ours:
            process.kill()
            process.wait(5)
        note.unlink()
    except (OSError, ValueError, psutil.Error):
        return False
    return ours
