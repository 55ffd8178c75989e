"""Endpoints are made, moved, found, looked at and removed, and what comes of it is kept."""

from collections.abc import Awaitable, Callable

import pytest

from shopwatch.domain.connection.endpoint import Standing
from shopwatch.domain.instant import DAY, HOUR
from shopwatch.recovery.registrar import Unregistered
from tests.recovery.registrar.conftest import ONE, SIGNED_OTHERWISE, THREE, TWO, Scene, at_stripe, at_two
from tests.standin.site import Handler, half, hang, raw, status


async def test_it_is_made_and_its_messages_count(scene: Scene) -> None:
    await scene.make()
    assert await scene.whole(ONE)
    assert scene.known.made_at
    assert scene.changes or scene.register.provider_id in SIGNED_OTHERWISE


async def test_the_old_one_stays_until_it_is_dropped(scene: Scene) -> None:
    await scene.make()
    await scene.move()
    assert await scene.whole(TWO)
    if scene.known.old is not None:
        assert scene.bases == [ONE, TWO]
        assert await scene.counts(ONE)
        await scene.registrar.drop_old(scene.source)
    assert scene.known.old is None
    assert scene.bases == [TWO]
    assert await scene.whole(TWO)


async def test_an_address_that_comes_back_has_its_endpoint_again(scene: Scene) -> None:
    await scene.make()
    await scene.move(TWO)
    await scene.move(ONE)
    assert await scene.whole(ONE)
    assert await scene.counts(ONE, ahead=30 * DAY)
    if scene.known.old is not None:
        assert scene.known.old.url == scene.url(TWO)
        await scene.registrar.drop_old(scene.source)
    assert scene.bases == [ONE]


@at_two
async def test_of_several_old_addresses_only_the_last_one_stays(scene: Scene) -> None:
    await scene.make()
    await scene.move(TWO)
    await scene.move(THREE)
    assert await scene.whole(THREE)
    assert scene.bases in ([THREE], sorted([TWO, THREE]))


@at_two
async def test_nothing_is_left_of_what_is_removed(scene: Scene) -> None:
    await scene.make()
    await scene.move()
    await scene.registrar.remove(scene.source)
    assert scene.bases == []
    assert scene.source.id not in scene.book.registered
    await scene.registrar.remove(scene.source)


async def test_one_made_by_hand_is_found_and_mended_only_when_it_is_wanted(scene: Scene) -> None:
    await scene.make()
    await scene.book.forget(scene.source.id)
    asked = len(scene.register.site.asked)
    await scene.registrar.find(scene.source, scene.url(TWO))
    assert scene.source.id not in scene.book.registered
    await scene.registrar.find(scene.source, scene.url(ONE))
    assert (scene.known.made_at, scene.known.endpoint.well) == (0, True)
    changed = [each for each in scene.register.site.asked[asked:] if each.method in ("PUT", "PATCH", "DELETE")]
    assert changed == []
    await scene.make()
    assert scene.known.made_at
    assert await scene.whole(ONE)


@at_two
async def test_how_it_stands_is_noted(scene: Scene) -> None:
    await scene.make()
    scene.register.lines.clear()
    scene.ahead = HOUR
    await scene.registrar.check(scene.source)
    assert scene.known.endpoint.standing is Standing.GONE
    assert scene.known.checked_at == scene.known.since > scene.known.made_at
    first = scene.known.since
    scene.ahead = 2 * HOUR
    await scene.registrar.check(scene.source)
    assert scene.known.checked_at > scene.known.since == first
    await scene.make()
    assert scene.known.since == scene.known.made_at > first
    assert await scene.whole(ONE)


@at_stripe
async def test_an_endpoint_that_somebody_has_sent_elsewhere_is_seen_and_brought_back(scene: Scene) -> None:
    await scene.make()
    [line] = scene.register.lines.values()
    line.url = "https://elsewhere.example/"
    await scene.registrar.check(scene.source)
    assert scene.known.endpoint.url == "https://elsewhere.example/"
    await scene.make()
    assert await scene.whole(ONE)


@at_stripe
@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (status(401), "api-key-refused"),
        (status(403), "api-key-narrow"),
        (status(429, Retry_After="90"), "api-limit"),
        (status(500), "api-away"),
        (half, "api-away"),
        (hang, "api-away"),
        (raw(b'{"data": ['), "api-unreadable"),
        (raw(b"[]"), "api-unreadable"),
    ],
)
async def test_what_stands_in_the_way_is_one_sentence_and_is_noted(scene: Scene, fault: Handler, code: str) -> None:
    await scene.make()
    if fault is hang:
        await scene.hurry()
    before = scene.known.endpoint
    tries: tuple[Callable[[], Awaitable[None]], ...] = (
        scene.make,
        scene.move,
        lambda: scene.registrar.check(scene.source),
    )
    for again in tries:
        scene.register.site.faults.append(fault)
        with pytest.raises(Unregistered) as failure:
            await again()
        assert failure.value.code == scene.known.problem == code
        assert failure.value.title.endswith(".")
        assert "Stripe" in failure.value.title
        assert failure.value.wait == (90 if code == "api-limit" else 0)
        assert scene.known.endpoint == before
    assert scene.bases == [ONE]
    await scene.registrar.check(scene.source)
    assert scene.known.problem == ""
