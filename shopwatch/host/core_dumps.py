"""Core dumps hold every secret in memory, so this process makes none."""

import sys


def forbid_core_dumps() -> None:
    """From now on a crash of this process, or of one it starts, writes no memory image. Where that is not ours to say,
    nothing happens.
    """
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 - not on Windows

        _, most = resource.getrlimit(resource.RLIMIT_CORE)
        resource.setrlimit(resource.RLIMIT_CORE, (0, most))
