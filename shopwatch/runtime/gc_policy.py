"""When Python looks for garbage in a program that runs for months and makes many small values a second."""

import asyncio
import gc

from shopwatch.runtime.clock import in_step

_COLLECT_AFTER = (10_000, 50, 200)
"""Net new objects before a young collection, and how many of each kind come before the next larger one."""
_BUSY_PAUSE, _PAUSE, _QUIET_PAUSE = 0.1, 1.0, 6.0
"""Seconds between two looks; after some was found soon again, because all that came meanwhile is gone through."""
_QUIET = 1_000
"""Net new objects between two looks that are no reason to wake the computer every second."""


def settle() -> None:
    """Call once everything is loaded: it is not looked through again, and the rest less often.

    A full collection would walk through every module and every loaded sale, and hold the window up for 90 ms; values
    without circles, as nearly all are, are freed without it. A receiver takes a tenth more messages a second so.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_COLLECT_AFTER)


async def collect_here() -> None:
    """Look for garbage on this thread alone, as long as this runs.

    By itself Python does so on whichever thread needs room, and a widget that ends on another thread than its window's
    brings the program down.
    """
    gc.disable()
    pause, before = _PAUSE, 0
    try:
        while True:
            await asyncio.sleep(pause)
            made = gc.get_count()
            due = [many > most for many, most in zip(made, gc.get_threshold(), strict=True)]
            if any(due):
                gc.collect(max(generation for generation, wanted in enumerate(due) if wanted))
                pause = _BUSY_PAUSE
            else:
                pause = _PAUSE if abs(made[0] - before) > _QUIET else in_step(_QUIET_PAUSE)
            before = gc.get_count()[0]
    finally:
        gc.enable()
