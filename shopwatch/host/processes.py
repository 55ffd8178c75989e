"""Telling a process apart from a later one to which the system has given the same number."""

import psutil


def started_as(pid: int) -> tuple[str, ...]:
    """The words with which this process was started, which stay the same while it lives; none if there is no such
    process. (Its start time would not do: it shifts when the clock is set.)
    """
    try:
        return tuple(psutil.Process(pid).cmdline())
    except (ValueError, OverflowError, psutil.Error):
        return ()
