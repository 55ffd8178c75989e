"""The command line by which this program starts itself again."""

import sys


def own_command(*words: str) -> tuple[str, ...]:
    """It, frozen or not, with these words behind it."""
    return (sys.executable, *(() if getattr(sys, "frozen", False) else ("-m", "shopwatch")), *words)
