"""The rail says how many e-mails and posts need a look."""

from pytestqt.qtbot import QtBot

from shopwatch.domain.facts import JobsChanged
from shopwatch.domain.rules.job import JobState
from shopwatch.ui.bridge import Bridge
from shopwatch.ui.outbox.watch import OutboxWatch
from tests.ui.conftest import run_now
from tests.ui.rules.samples import full_shop, job


def test_what_needs_a_look_is_counted_and_counted_again(qtbot: QtBot) -> None:
    shop = full_shop()
    shop.ledger.outbox.kept = [
        job(1, JobState.FAILED),
        job(2, JobState.HELD),
        job(3, JobState.WAITING),
        job(4, JobState.DONE),
    ]
    shop.ledger.outbox.kept.append(job(5, JobState.FAILED, action="ring"))
    bridge = Bridge(shop.bus)
    watch = OutboxWatch(shop.ledger.outbox, bridge, run_now)
    told: list[int] = []
    watch.counted.connect(told.append)
    watch.look()
    assert told == [2]
    shop.ledger.outbox.kept.append(job(6, JobState.UNCERTAIN))
    for _ in range(20):
        shop.bus.tell(JobsChanged())
    qtbot.waitUntil(lambda: told == [2, 3])
    bridge.close()
