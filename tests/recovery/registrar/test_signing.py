"""What endpoints sign by counts as long as it must, is had again once it is lost, and is written nowhere."""

import pytest

from shopwatch.domain.instant import DAY, HOUR
from shopwatch.recovery.registrar import Unregistered
from shopwatch.runtime.clock import now
from tests.recovery.registrar.conftest import ONE, TWO, Scene, at_stripe


@at_stripe
async def test_what_the_old_endpoint_signed_by_counts_for_a_day(scene: Scene) -> None:
    await scene.make()
    [old] = scene.register.lines.values()
    await scene.move()
    held = await scene.secrets()
    assert old.secret in held.at(now() + DAY - HOUR)
    assert old.secret not in held.at(now() + DAY + HOUR)
    assert await scene.counts(TWO, ahead=30 * DAY)


@at_stripe
async def test_a_secret_that_was_lost_is_had_again(scene: Scene) -> None:
    await scene.make()
    await scene.keeper.forget(scene.source.id)
    await scene.make()
    assert await scene.whole(ONE)
    assert scene.bases == [ONE]


@at_stripe
async def test_what_nobody_can_check_any_more_goes_once_its_successor_is_heard_of(scene: Scene) -> None:
    await scene.make()
    await scene.keeper.forget(scene.source.id)
    await scene.make(TWO)
    assert await scene.whole(TWO)
    assert scene.bases == [ONE, TWO]
    await scene.registrar.drop_old(scene.source)
    assert scene.bases == [TWO]


@at_stripe
async def test_what_can_be_no_secret_is_no_answer(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scene.register, "secret_of", lambda number: f"short{number}")
    with pytest.raises(Unregistered) as failure:
        await scene.make()
    assert failure.value.code == "api-unreadable"
    assert scene.source.id not in scene.book.registered
    monkeypatch.undo()
    await scene.make()
    assert await scene.whole(ONE)
    assert scene.bases == [ONE]


@at_stripe
async def test_the_secrets_are_written_nowhere(scene: Scene) -> None:
    await scene.make()
    await scene.move()
    scene.ledger.close()
    for file in scene.folder.iterdir():
        assert b"canary" not in file.read_bytes().lower()
