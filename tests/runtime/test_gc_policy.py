"""Garbage is found by the loop's thread, whichever made it."""

import asyncio
import gc
import threading
import weakref
from collections.abc import Callable

from shopwatch.runtime import gc_policy
from shopwatch.runtime.tasks import spawn


class Ring:
    """Something in a circle, as widgets are: only a collection ends it."""

    def __init__(self) -> None:
        self.itself = self


def litter(end: Callable[[], None]) -> None:
    """Leave something in a circle behind, and make enough beside it to have Python look for garbage by itself."""
    weakref.finalize(Ring(), end)
    kept = [[number] for number in range(200_000)]
    kept.clear()


async def test_what_lies_in_circles_ends_on_the_loops_thread() -> None:
    loop, ended = asyncio.get_running_loop(), asyncio.Event()
    ends: list[int] = []

    def end() -> None:
        ends.append(threading.get_ident())
        loop.call_soon_threadsafe(ended.set)

    collecting = spawn(gc_policy.collect_here(), "collect garbage")
    await asyncio.sleep(0)
    try:
        await asyncio.to_thread(litter, end)
        kept = [[number] for number in range(200_000)]
        async with asyncio.timeout(30):
            await ended.wait()
    finally:
        collecting.cancel()
        await asyncio.gather(collecting, return_exceptions=True)
    assert kept
    assert ends == [threading.get_ident()]
    assert gc.isenabled()
