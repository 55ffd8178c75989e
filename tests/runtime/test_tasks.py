import asyncio

import pytest

from shopwatch.runtime.tasks import call_off, spawn


async def test_what_is_called_off_has_ended_with_its_last_deeds() -> None:
    ended: list[str] = []

    async def work(name: str) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            ended.append(name)

    tasks = [spawn(work(name), name) for name in ("one", "two")]
    await asyncio.sleep(0)
    await call_off(*tasks, None)
    assert sorted(ended) == ["one", "two"]
    assert all(task.cancelled() for task in tasks)


async def test_what_has_failed_already_is_called_off_like_any_other() -> None:
    async def fail() -> None:
        raise ValueError

    async def succeed() -> None: ...

    failed, succeeded = asyncio.get_running_loop().create_task(fail()), spawn(succeed(), "success")
    await asyncio.wait([failed, succeeded])
    await call_off(failed, succeeded)
    assert isinstance(failed.exception(), ValueError)
    assert not succeeded.cancelled()


async def test_whoever_waits_for_what_is_called_off_can_be_cancelled_itself() -> None:
    held, reached = asyncio.Event(), asyncio.Event()

    async def stubborn() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            reached.set()
            await held.wait()

    task = spawn(stubborn(), "stubborn")
    await asyncio.sleep(0)
    caller = spawn(call_off(task), "caller")
    await reached.wait()
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    held.set()
    await asyncio.wait([task])
