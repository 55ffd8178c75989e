"""What this program is, and the command line by which it starts itself again."""

import sys


def is_frozen() -> bool:
    """Whether this is the program as it is given to owners, with everything in it, and no checkout."""
    return bool(getattr(sys, "frozen", False))


def own_command(*words: str) -> tuple[str, ...]:
    """It, frozen or not, with these words behind it."""
    return (sys.executable, *(() if is_frozen() else ("-m", "shopwatch")), *words)
