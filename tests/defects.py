"""What the window would be told of defects in background work."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def defects() -> Iterator[list[BaseException]]:
    """The failures that are told to the loop's exception handler meanwhile, which are then not logged."""
    told: list[BaseException] = []
    loop = asyncio.get_running_loop()
    before = loop.get_exception_handler()
    loop.set_exception_handler(lambda _, about: told.append(about["exception"]))
    try:
        yield told
    finally:
        loop.set_exception_handler(before)
