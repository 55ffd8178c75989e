"""A source that works by asking alone hears of what happens at once, where its provider says so."""

import asyncio
import dataclasses
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from aiohttp import web

from shopwatch.domain.facts import Bus, CatchUpChanged, HappeningsKept
from shopwatch.domain.instant import DAY, HOUR, MINUTE
from shopwatch.domain.messages.delivery import Delivery, Headers, Request
from shopwatch.domain.messages.happening import FileChange
from shopwatch.ledger import Ledger
from shopwatch.providers.api import Api
from shopwatch.providers.apis.dropbox import DROPBOX_API
from shopwatch.recovery.api_client import ApiClient
from shopwatch.recovery.api_transport import ApiTransport, Bounds
from shopwatch.recovery.catchup import CatchUp
from shopwatch.recovery.catchup_scheduler import CatchUpScheduler
from shopwatch.recovery.long_poll import LongPoll
from shopwatch.runtime.clock import now
from shopwatch.secrets.api_keys import ApiKeys
from shopwatch.secrets.vault import MemoryVault
from tests.standin.dropbox import NOTIFY, Dropbox
from tests.standin.site import Handler, raw, serving, status

QUICK = Bounds(connect=10, total=5, pauses=())
SELDOM = {"poll": "86400"}


@dataclass
class Scene:
    """A ledger, a stand-in for Dropbox, and a scheduler that waits for it."""

    folder: Path
    dropbox: Dropbox
    keys: ApiKeys = field(default_factory=lambda: ApiKeys(MemoryVault()))

    async def open(self, options: dict[str, str]) -> None:
        self.bus = Bus()
        self._told = asyncio.Event()
        self.looks = 0
        self.files: list[str] = []
        """The paths of all files that were told, in the order in which they were."""
        self.bus.listen(HappeningsKept, self._on_happenings_kept)
        self.bus.listen(CatchUpChanged, self._on_caught_up)
        self.ledger = Ledger.open(
            f"sqlite:///{self.folder / 'sales.sqlite'}", tell=self.bus.tell, clock=lambda: now() - 2 * DAY
        )
        self.source = await self.ledger.sources.add("dropbox", "Dropbox", options)
        await self.keys.write(self.source.id, self.dropbox.key)
        origin = self.dropbox.site.origin
        self.transport = ApiTransport(QUICK, stand_ins={self.dropbox.host: origin, NOTIFY: origin})
        self.catch_up = CatchUp(self.ledger, ApiClient(self.keys, self.transport), self.bus)
        find: Callable[[str], Api | None] = {"dropbox": DROPBOX_API}.get
        waiting = LongPoll(self.ledger.catchup, self.transport, find_api=find, least=0.01)
        self.scheduler = CatchUpScheduler(
            self.ledger.sources.all,
            self.catch_up.look_at,
            self.bus,
            find_api={"dropbox": dataclasses.replace(DROPBOX_API, pace=0.01)}.get,
            until_told=waiting.until_told,
            pauses=(0.01,),
        )

    async def begin(self) -> None:
        """Look for the first time, then wait."""
        self.scheduler.start()
        await self.until(lambda: self.looks == 1)

    async def close(self) -> None:
        await self.scheduler.stop()
        await self.catch_up.stop()
        await self.transport.close()
        self.ledger.close()

    async def until(self, true: Callable[[], bool], patience: float = 30) -> None:
        """Wait until something is true that a look changes."""
        async with asyncio.timeout(patience):
            while not true():
                self._told.clear()
                await self._told.wait()

    async def until_waiting(self, times: int, patience: float = 30) -> None:
        """Wait until Dropbox was asked so often to say when something changes."""
        async with asyncio.timeout(patience):
            while sum("longpoll" in path for path in self.dropbox.site.paths) < times:
                await self.dropbox.site.until_asked(len(self.dropbox.site.asked) + 1)

    def asked(self, step: str) -> int:
        return sum(path.endswith(step) for path in self.dropbox.site.paths)

    def _on_happenings_kept(self, fact: HappeningsKept) -> None:
        told = [row.happening for row in fact.rows]
        self.files += [file.path for each in told if isinstance(each, FileChange) for file in each.files]
        self._told.set()

    def _on_caught_up(self, fact: CatchUpChanged) -> None:
        self.looks += bool(fact.result.ended_at)
        self._told.set()


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    dropbox = Dropbox()
    async with serving(dropbox.site):
        scene = Scene(tmp_path, dropbox)
        await scene.open(SELDOM)
        yield scene
        await scene.close()


def second(ago: int = 0) -> int:
    return (now() - ago) // 1000


async def test_what_changes_is_told_at_once_and_asked_for_once(scene: Scene) -> None:
    await scene.begin()
    await scene.until_waiting(1)
    await scene.dropbox.add(1, second())
    await scene.until_waiting(2)
    await scene.dropbox.add(2, second())
    await scene.until_waiting(3)
    assert scene.files == ["/Orders/1.jpg", "/Orders/2.jpg"]
    assert scene.asked("/continue") <= 4


async def test_while_nothing_changes_it_is_only_waited_for(scene: Scene) -> None:
    await scene.begin()
    for times in range(1, 4):
        await scene.until_waiting(times)
        await scene.dropbox.let_go()
    await scene.until_waiting(4)
    assert (scene.looks, scene.asked("/continue")) == (1, 0)


async def test_it_is_left_alone_for_as_long_as_it_wants_to_be(scene: Scene) -> None:
    scene.dropbox.backoff = 1
    await scene.begin()
    await scene.until_waiting(1)
    before = asyncio.get_running_loop().time()
    await scene.dropbox.let_go()
    await scene.until_waiting(2)
    assert asyncio.get_running_loop().time() - before >= 1


async def test_a_cursor_that_is_lost_while_it_waits_loses_no_file_and_tells_none_twice(scene: Scene) -> None:
    await scene.dropbox.add(0, second(HOUR))
    await scene.begin()
    await scene.until_waiting(1)
    await scene.dropbox.add(1, second(-2 * MINUTE))
    await scene.until_waiting(2)
    scene.dropbox.entries.append(scene.dropbox.entry(2, second(-3 * MINUTE)))
    await scene.dropbox.reset()
    await scene.until_waiting(3)
    assert set(scene.files) == {"/Orders/1.jpg", "/Orders/2.jpg"}
    assert scene.asked("/list_folder") == 1


@pytest.mark.parametrize("fault", [raw(b'{"entries": ['), raw(b"[]"), status(409), status(404)])
async def test_an_answer_that_is_of_no_use_loses_no_file(scene: Scene, fault: Handler) -> None:
    assert await scene.catch_up.look_at(scene.source)
    await scene.dropbox.add(1, second())
    scene.dropbox.site.faults += [scene.dropbox.handle, fault]
    result = await scene.catch_up.look_at(scene.source)
    assert result is not None
    assert result.problem is None
    assert scene.files == ["/Orders/1.jpg"]


async def test_all_pages_of_a_list_that_is_told_anew_are_read(scene: Scene) -> None:
    for number in range(150):
        scene.dropbox.entries.append(scene.dropbox.entry(number, second(DAY)))
    assert await scene.catch_up.look_at(scene.source)
    for number in range(150, 300):
        scene.dropbox.entries.append(scene.dropbox.entry(number, second()))
    await scene.dropbox.reset()
    assert await scene.catch_up.look_at(scene.source)
    assert scene.files == [f"/Orders/{number}.jpg" for number in range(150, 300)]


async def test_a_file_that_was_only_moved_is_told_whenever_it_was_written(scene: Scene) -> None:
    assert await scene.catch_up.look_at(scene.source)
    await scene.dropbox.add(1, second(400 * DAY))
    assert await scene.catch_up.look_at(scene.source)
    assert scene.files == ["/Orders/1.jpg"]


async def test_where_it_cannot_be_waited_for_it_is_asked_again_and_again(scene: Scene) -> None:
    async def without_notice(request: web.Request) -> web.StreamResponse:
        return await (status(500)(request) if "longpoll" in request.path else scene.dropbox.handle(request))

    scene.dropbox.site.handle = without_notice
    await scene.ledger.sources.set_options(scene.source.id, {"poll": "1"})
    await scene.begin()
    await scene.dropbox.add(1, second())
    await scene.until(lambda: bool(scene.files))
    assert len(scene.files) == 1


async def test_a_message_that_only_hints_is_a_reason_to_look(scene: Scene) -> None:
    await scene.begin()
    await scene.until_waiting(1)
    scene.dropbox.entries.append(scene.dropbox.entry(1, second()))
    body = json.dumps(scene.dropbox.message({})[1]).encode()
    request = Request("POST", "https://shop.example/in/x/y", Headers(), body)
    verdict = scene.dropbox.provider.judge_practice(request, now())
    await scene.ledger.record(Delivery(scene.source.id, request, now()), verdict)
    await scene.until(lambda: bool(scene.files))
    assert scene.files == ["/Orders/1.jpg"]
