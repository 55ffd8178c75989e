"""Whatever is cut short while an endpoint is made or moved, the next try makes it whole."""

import asyncio
import types
from collections.abc import Coroutine, Generator
from itertools import count
from typing import Any

import pytest
from aiohttp import web

from shopwatch.domain.instant import DAY
from shopwatch.recovery.registrar import Unregistered
from tests.recovery.registrar.conftest import ONE, THREE, TWO, Scene, at_stripe, at_two
from tests.standin.site import half


async def cut(work: Coroutine[Any, Any, None], steps: int) -> bool:
    """Let `work` go on until it has waited so many times, then end it; whether it came to its end before."""

    @types.coroutine
    def run() -> Generator[Any, Any, bool]:
        going = work.__await__()
        for _ in range(steps):
            try:
                waiting = going.send(None)
            except StopIteration:
                return True
            yield waiting
        try:
            going.throw(asyncio.CancelledError())
        except (StopIteration, asyncio.CancelledError):
            return False
        return False

    return bool(await run())


@at_two
async def test_wherever_making_is_cut_short_the_next_try_makes_it_whole(scene: Scene) -> None:
    for steps in count():
        await scene.registrar.remove(scene.source)
        await scene.keeper.forget(scene.source.id)
        done = await cut(scene.registrar.register(scene.source, scene.url(ONE)), steps)
        await scene.close()
        await scene.open()
        await scene.make()
        assert await scene.whole(ONE), steps
        assert scene.bases == [ONE]
        if done:
            break
    assert steps > 4


@at_two
async def test_wherever_moving_is_cut_short_the_next_try_makes_it_whole(scene: Scene) -> None:
    await scene.make("https://0.shop.example")
    for steps in count(1):
        before, base = f"https://{steps - 1}.shop.example", f"https://{steps}.shop.example"
        done = await cut(scene.registrar.move(scene.source, scene.url(base)), steps)
        await scene.close()
        await scene.open()
        await scene.move(base)
        assert await scene.whole(base), steps
        assert scene.bases == sorted([before, base])
        if done:
            break
    assert steps > 4


@at_two
async def test_what_is_cut_short_leaves_nothing_behind_although_the_address_is_another_by_then(scene: Scene) -> None:
    await scene.make("https://0.shop.example")
    for steps in count(1):
        before, base = f"https://{steps - 1}.shop.example", f"https://{steps}.shop.example"
        done = await cut(scene.registrar.move(scene.source, scene.url(TWO)), steps)
        await scene.close()
        await scene.open()
        await scene.move(base)
        assert await scene.whole(base), steps
        assert scene.known.old is not None
        assert scene.known.old.url in (scene.url(before), scene.url(TWO))
        assert scene.bases == sorted([scene.known.old.url.removesuffix(scene.source.path), base])
        if done:
            break
    assert steps > 4


@at_stripe
async def test_what_is_cut_short_leaves_the_endpoint_of_before_with_a_secret_that_lasts(scene: Scene) -> None:
    await scene.make(ONE)
    for steps in count(1):
        done = await cut(scene.registrar.move(scene.source, scene.url(TWO)), steps)
        await scene.close()
        await scene.open()
        await scene.move(ONE)
        assert await scene.whole(ONE), steps
        assert await scene.counts(ONE, ahead=30 * DAY), steps
        if done:
            break
        if scene.known.old is not None:
            await scene.registrar.drop_old(scene.source)
        assert scene.bases == [ONE]
    assert steps > 4


@at_two
@pytest.mark.parametrize("last", [ONE, TWO, THREE])
async def test_what_was_made_and_not_heard_of_goes_with_the_next_address(scene: Scene, last: str) -> None:
    await scene.make()
    handle = scene.register.site.handle

    async def made_but_not_said(request: web.Request) -> web.StreamResponse:
        done = await handle(request)
        return await half(request) if request.method == "POST" else done

    scene.register.site.handle = made_but_not_said
    with pytest.raises(Unregistered):
        await scene.move(TWO)
    scene.register.site.handle = handle
    assert TWO in scene.bases
    await scene.move(last)
    assert await scene.whole(last)
    assert scene.bases == sorted({ONE, last})
