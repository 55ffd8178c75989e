"""Background work that is never lost and never fails in silence."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

type Run = Callable[[Coroutine[Any, Any, None], str], object]
"""Whoever has work to be done beside it calls this with the work and its name: `spawn`, where nobody else is meant."""

QUICK_BYTES = 65_536
"""What is longer takes long enough to read that the loop's thread, which is the window's, must not do it."""

_running: set[asyncio.Task[Any]] = set()


def spawn(work: Coroutine[Any, Any, Any], name: str) -> asyncio.Task[Any]:
    """Run `work` beside the caller, on the running loop.

    The task is kept until it ends, and a failure is reported at once to the loop's exception handler. Cancelling it is
    silent.
    """
    task = asyncio.get_running_loop().create_task(work, name=name)
    _running.add(task)
    task.add_done_callback(_ended)
    return task


async def call_off(*tasks: asyncio.Task[Any] | None) -> None:
    """Cancel these, and return once all have ended, however they end."""
    under_way = [task for task in tasks if task is not None]
    for task in under_way:
        task.cancel()
    if under_way:
        await asyncio.wait(under_way)


async def finished[T](work: Coroutine[Any, Any, T], patience: float) -> T:
    """The outcome of `work`, which cannot be cut off halfway: whoever is cancelled meanwhile ends after it, unless it
    takes longer than `patience` seconds from then on.
    """
    task = asyncio.get_running_loop().create_task(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task}, timeout=patience)
        await call_off(task)
        if not task.cancelled():
            task.exception()  # nobody is left who would want to know
        raise


def report(failure: Exception, what: str) -> None:
    """Tell the loop's exception handler of a failure that ends nothing: whoever does `what` goes on."""
    asyncio.get_running_loop().call_exception_handler({"message": f"{what} failed", "exception": failure})


def _ended(task: asyncio.Task[Any]) -> None:
    _running.discard(task)
    if not task.cancelled() and (failure := task.exception()) is not None:
        task.get_loop().call_exception_handler(
            {"message": f"{task.get_name()} failed", "exception": failure, "task": task}
        )
