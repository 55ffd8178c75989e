"""When Python looks for garbage in a program that runs for months and makes many small values a second."""

import gc

_COLLECT_AFTER = (10_000, 50, 200)
"""Net new objects before a young collection, and how many of each kind come before the next larger one."""


def settle() -> None:
    """Call once everything is loaded: it is not looked through again, and the rest less often.

    A full collection would walk through every module and every loaded sale, and hold the window up for 90 ms; values
    without circles, as nearly all are, are freed without it. A receiver takes a tenth more messages a second so.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_COLLECT_AFTER)
