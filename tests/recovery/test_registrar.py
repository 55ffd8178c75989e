"""What comes of making, moving and removing endpoints is kept, whatever is cut short in between."""

import asyncio
import types
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Generator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from shopwatch.domain.clock import DAY, HOUR, Instant, now
from shopwatch.domain.endpoint import Registered, Standing
from shopwatch.domain.facts import Bus
from shopwatch.domain.source import Secrets
from shopwatch.ledger import Ledger
from shopwatch.recovery.asker import Asker
from shopwatch.recovery.courier import Bounds, Courier
from shopwatch.recovery.registrar import Registrar, Unregistered
from shopwatch.settings.api_keys import ApiKeys
from shopwatch.settings.secrets import SecretStore
from shopwatch.settings.vault import MemoryVault
from tests.standin.registers import Register
from tests.standin.registers_all import ALL
from tests.standin.registers_payments import Stripe
from tests.standin.registers_shops import WooCommerce
from tests.standin.site import Handler, half, hang, raw, serving, status

KEY = "key-canaryCANARYcanary0123456789"
ONE, TWO, THREE = "https://one.shop.example", "https://two.shop.example", "https://three.shop.example"
QUICK = Bounds(connect=1, total=1, pauses=())
HOSTS = ("connect.squareupsandbox.com", "api-m.sandbox.paypal.com")
SIGNED_OTHERWISE = ("shopify", "bigcommerce")
"""Their messages are signed by what no endpoint has of its own."""


@dataclass
class Scene:
    """One provider's register, a ledger, a password store, and a registrar between them."""

    folder: Path
    register: Register
    vault: MemoryVault = field(default_factory=MemoryVault)
    ahead: Instant = 0
    changes: int = 0

    async def open(self) -> None:
        self.ledger = Ledger.open(f"sqlite:///{self.folder / 'sales.sqlite'}", tell=Bus().tell)
        self.book = self.ledger.endpoints
        await self.book.refresh()
        held = await self.ledger.sources()
        options = dict(self.register.options)
        self.source = held[0] if held else await self.ledger.add_source(self.register.provider_id, "Shop", options)
        self.keys, self.keeper = ApiKeys(self.vault), SecretStore(self.vault)
        if not held:
            if self.register.key == "the-key":
                self.register.key = KEY
            await self.keys.write(self.source.id, self.register.key)
        hosts = dict.fromkeys((*HOSTS, self.register.host), self.register.site.origin)
        self.courier = Courier(QUICK, stand_ins=hosts)
        self.registrar = Registrar(
            self.ledger,
            Asker(self.keys, self.courier),
            self.keeper,
            changed=self.on_changed,
            clock=lambda: now() + self.ahead,
        )

    async def close(self) -> None:
        await self.courier.close()
        self.ledger.close()

    async def on_changed(self) -> None:
        self.changes += 1

    def url(self, base: str) -> str:
        return base + self.source.path

    @property
    def known(self) -> Registered:
        return self.book.registered[self.source.id]

    async def make(self, base: str = ONE) -> None:
        await self.registrar.register(self.source, self.url(base))

    async def move(self, base: str = TWO) -> None:
        await self.registrar.move(self.source, self.url(base))

    @property
    def bases(self) -> list[str]:
        """The addresses that the provider sends to; some keep what is switched off for ever."""
        return sorted({line.url.removesuffix(self.source.path) for line in self.register.lines.values() if line.on})

    async def secrets(self) -> Secrets:
        return await self.keeper.read(self.source.id)

    async def counts(self, base: str, ahead: Instant = 0) -> bool:
        """Whether what is signed by at this address counts, or will."""
        signing = {line.secret for line in self.register.at(self.url(base))}
        if self.register.provider_id in SIGNED_OTHERWISE:
            return bool(signing)
        return bool(signing) and signing <= set((await self.secrets()).at(now() + self.ahead + ahead))

    async def whole(self, base: str) -> bool:
        """Whether one endpoint is at this address, known as it is, and its messages count."""
        lines, known = self.register.at(self.url(base)), self.known
        return (
            set(known.endpoint.id.split(" ")) == {line.id for line in lines}
            and len(lines) == len({(*sorted(line.types), line.id) for line in lines})
            and known.endpoint.url == self.url(base)
            and self.book.addresses[self.source.id] == base
            and known.endpoint.well
            and await self.counts(base)
        )


@pytest.fixture(params=ALL, ids=[kind.__name__ for kind in ALL])
async def scene(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Scene]:
    register = request.param()
    async with serving(register.site):
        scene = Scene(tmp_path, register)
        await scene.open()
        yield scene
        await scene.close()


at_stripe = pytest.mark.parametrize("scene", [Stripe], indirect=True)
at_two = pytest.mark.parametrize("scene", [Stripe, WooCommerce], indirect=True, ids=["given", "chosen"])
"""One gives a secret and tells it once, the other takes one."""


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
