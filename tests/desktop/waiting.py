import time
from collections.abc import Callable


def wait_until[T](look: Callable[[], T], what: str, seconds: float = 60) -> T:
    """What `look` returns as soon as it is true; AssertionError naming `what` once `seconds` have passed."""
    deadline = time.monotonic() + seconds
    while not (seen := look()):
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        time.sleep(0.02)
    return seen
