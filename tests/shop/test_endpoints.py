"""Providers are told of the public address by their API, and of each other one that it becomes."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from shopwatch.domain.connection.endpoint import Standing
from shopwatch.domain.connection.gap import Cause, Gap
from shopwatch.domain.connection.reach import TunnelKind, TunnelState
from shopwatch.domain.errors import UserError
from shopwatch.domain.facts import GapEnded
from shopwatch.domain.instant import MINUTE
from shopwatch.runtime.clock import now
from shopwatch.secrets.vault import MemoryVault
from tests.shop.registering import KEY, NARROW, ONE, THREE, TWO, Registering, Stripe
from tests.standin.agent import StandIn, ask
from tests.standin.site import Handler, hang, serving, status
from tests.standin.stripe import event

WRONG = "rk_live_wrongWRONGwrong0123456789"


@pytest.fixture
async def stripe() -> AsyncIterator[Stripe]:
    stripe = Stripe()
    async with serving(stripe.site):
        yield stripe


@pytest.fixture
async def shop(tmp_path: Path, stripe: Stripe) -> AsyncIterator[Registering]:
    async with Registering(tmp_path, stripe) as shop:
        yield shop


async def test_one_click_makes_the_endpoint_and_its_messages_fit_at_once(shop: Registering, stripe: Stripe) -> None:
    assert shop.shop.endpoints.can_register(shop.source)
    await shop.register()
    [line] = stripe.lines.values()
    assert line.url == ONE + shop.source.path == shop.known.endpoint.url
    assert shop.known.endpoint.well
    assert await shop.hear(ONE, line.secret) == 200
    await shop.until(lambda: bool(shop.known.confirmed_at))
    assert shop.shop.address.stale == ()


async def test_the_address_is_followed_and_the_old_endpoint_goes_once_a_message_came_to_the_new_one(
    shop: Registering, stripe: Stripe
) -> None:
    await shop.register()
    [old] = stripe.lines.values()
    await shop.move(TWO)
    await shop.until(lambda: shop.known.old is not None)
    assert stripe.bases == [ONE, TWO]
    assert shop.shop.address.stale == ()
    new = stripe.lines[shop.known.endpoint.id]
    assert await shop.hear(TWO, old.secret, 1) == 200
    assert await shop.hear(TWO, new.secret, 2) == 200
    await shop.until(lambda: shop.known.old is None)
    assert stripe.bases == [TWO]


async def test_what_still_comes_by_the_old_address_is_heard_as_long_as_somebody_has_it(
    shop: Registering, stripe: Stripe
) -> None:
    await shop.register()
    [old] = stripe.lines.values()
    await shop.until(lambda: bool(shop.shop.ledger.endpoints.bases))
    await shop.move(TWO)
    await shop.until(lambda: shop.known.old is not None)
    assert await shop.hear(ONE, old.secret, 1) == 200
    assert shop.known.old is not None
    assert await shop.hear(TWO, stripe.lines[shop.known.endpoint.id].secret, 2) == 200
    await shop.until(lambda: shop.known.old is None)
    assert await shop.hear(ONE, old.secret, 3) == 403


async def test_practice_at_the_new_address_is_a_message_too(shop: Registering, stripe: Stripe) -> None:
    await shop.register()
    await shop.move(f"http://localhost:{shop.port}")
    await shop.until(lambda: shop.known.old is not None)
    await shop.shop.practice.send(shop.source.id)
    await shop.until(lambda: shop.known.old is None)
    assert stripe.bases == [f"http://localhost:{shop.port}"]


async def test_what_is_missed_meanwhile_is_asked_for_once_the_provider_is_told(
    shop: Registering, stripe: Stripe
) -> None:
    await shop.register()
    await shop.until(lambda: shop.source.id in shop.shop.catching_up.results)
    stripe.events.append(event(7, (now() + MINUTE) // 1000))
    before = len(stripe.site.asked)
    await shop.move(TWO)
    await shop.until(lambda: shop.known.old is not None)
    told = [each.method for each in stripe.site.asked[before:]].index("POST")
    await shop.until(lambda: any(each.path == "/v1/events" for each in stripe.site.asked[before + told :]))
    await shop.until(lambda: bool(shop.sold))
    assert shop.sold == ["cs_7"]


async def test_a_provider_that_is_away_is_told_after_a_restart(tmp_path: Path, stripe: Stripe) -> None:
    vault = MemoryVault()
    async with Registering(tmp_path, stripe, vault) as shop:
        await shop.register()
        stripe.site.faults.extend([status(503)] * 50)
        await shop.move(TWO)
        await shop.until(lambda: shop.known.problem == "api-away")
        assert shop.known.endpoint.url.startswith(ONE)
        assert shop.shop.address.stale == ()
    stripe.site.faults.clear()
    async with Registering(tmp_path, stripe, vault) as shop:
        await shop.until(lambda: shop.known.endpoint.url.startswith(TWO))
        assert (shop.known.problem, stripe.bases) == ("", [ONE, TWO])


async def test_a_key_that_is_no_longer_taken_leaves_it_to_the_owner_until_there_is_another(
    shop: Registering, stripe: Stripe
) -> None:
    await shop.register()
    await shop.shop.connections.set_api_key(shop.source.id, WRONG)
    await shop.move(TWO)
    await shop.until(lambda: shop.known.problem == "api-key-refused")
    assert shop.shop.address.stale
    problem = shop.shop.endpoints.problem(shop.source)
    assert problem is not None
    assert "Stripe does not accept the API key." in str(problem)
    await shop.shop.connections.set_api_key(shop.source.id, KEY)
    await shop.until(lambda: shop.known.endpoint.url.startswith(TWO))
    assert not shop.shop.address.stale


async def test_a_gap_has_every_endpoint_read_again(shop: Registering, stripe: Stripe) -> None:
    await shop.register()
    [line] = stripe.lines.values()
    line.on = False
    shop.shop.bus.tell(GapEnded(Gap(1, Cause.ASLEEP, now() - MINUTE, now())))
    await shop.until(lambda: shop.known.endpoint.standing is Standing.OFF)
    assert not line.on


async def test_an_endpoint_made_by_hand_is_watched_and_moved_only_by_the_owner(tmp_path: Path, stripe: Stripe) -> None:
    vault = MemoryVault()
    async with Registering(tmp_path, stripe, vault, hears=False) as shop:
        stripe.add(ONE + shop.source.path, ["checkout.session.completed"])
        await shop.shop.connections.set_secrets(shop.source.id, ("whsec_made_up_for_this_test_0123456789",))
    async with Registering(tmp_path, stripe, vault) as shop:
        await shop.until(lambda: shop.source.id in shop.shop.ledger.endpoints.registered)
        assert (shop.known.made_at, stripe.changes()) == (0, 0)
        assert "charge.refunded" in shop.known.endpoint.lacking
        await shop.move(TWO)
        await shop.until(lambda: shop.shop.address.stale == (shop.source,))
        assert stripe.changes() == 0
        await shop.shop.endpoints.register(shop.source.id)
        assert (stripe.bases, len(shop.shop.address.stale)) == ([TWO], 0)
        assert shop.known.endpoint.well


async def test_who_cannot_be_told_is_named_until_the_owner_says_done(tmp_path: Path, stripe: Stripe) -> None:
    async with Registering(tmp_path, stripe, key="") as shop:
        other = await shop.shop.connections.add("kofi")
        await shop.until(lambda: len(shop.shop.ledger.endpoints.addresses) == 2)
        assert not shop.shop.address.stale
        await shop.move(TWO)
        assert shop.shop.address.stale == tuple(shop.shop.sources.all)
        await shop.shop.address.note_told(other.id)
        assert [each.id for each in shop.shop.address.stale] == [shop.source.id]
        await shop.shop.connections.set_options(shop.source.id, {"poll": "60"})
        assert not shop.shop.address.stale


async def test_a_genuine_message_at_the_new_address_says_done_by_itself(tmp_path: Path, stripe: Stripe) -> None:
    secret = "whsec_made_up_for_this_test_0123456789"
    async with Registering(tmp_path, stripe, key="") as shop:
        await shop.shop.connections.set_secrets(shop.source.id, (secret,))
        await shop.until(lambda: shop.source.id in shop.shop.ledger.endpoints.addresses)
        await shop.move(TWO)
        assert await shop.hear(TWO, "whsec_of_somebody_else_9876543210", 1) == 401
        assert await shop.hear(f"http://127.0.0.1:{shop.port}", secret, 2) == 200
        assert shop.shop.address.stale == (shop.source,)
        assert await shop.hear(TWO, secret, 3) == 200
        await shop.until(lambda: shop.shop.address.stale == ())


async def test_what_is_wrong_there_is_told_and_mended_with_one_click(shop: Registering, stripe: Stripe) -> None:
    await shop.register()
    [line] = stripe.lines.values()
    line.on = False
    await shop.shop.endpoints.check()
    assert shop.known.endpoint.standing is Standing.OFF
    await shop.shop.endpoints.register(shop.source.id)
    assert (line.on, shop.known.endpoint.well) == (True, True)


async def test_a_source_that_is_removed_leaves_nothing_there(shop: Registering, stripe: Stripe) -> None:
    await shop.register()
    await shop.move(TWO)
    await shop.until(lambda: shop.known.old is not None)
    assert await shop.shop.endpoints.remove_source(shop.source.id) is None
    assert stripe.lines == {}
    assert shop.shop.ledger.endpoints.registered == {}


@pytest.mark.parametrize("fault", [status(500), status(403), hang], ids=["away", "narrow", "silent"])
async def test_a_source_goes_even_if_its_endpoint_does_not_and_the_owner_is_told(
    shop: Registering, stripe: Stripe, fault: Handler
) -> None:
    await shop.register()
    stripe.site.faults.extend([fault] * 20)
    left = await shop.shop.endpoints.remove_source(shop.source.id)
    assert left is not None
    assert left.title == "Stripe still has the address of this source."
    assert "yourself" in left.hint
    assert shop.shop.sources.all == ()


@pytest.mark.parametrize(
    ("key", "code"), [(NARROW, "api-key-narrow"), (WRONG, "api-key-refused"), ("", "api-key-missing")]
)
async def test_a_key_that_does_not_do_makes_nothing(tmp_path: Path, stripe: Stripe, key: str, code: str) -> None:
    async with Registering(tmp_path, stripe, key=key) as shop:
        with pytest.raises(UserError) as failure:
            await shop.register()
        assert failure.value.code == code
        assert failure.value.hint
        assert (stripe.lines, shop.shop.ledger.endpoints.registered) == ({}, {})


async def test_without_a_public_address_nothing_is_made(tmp_path: Path, stripe: Stripe) -> None:
    async with Registering(tmp_path, stripe, tunnel={"tunnel": TunnelKind.NONE}) as shop:
        with pytest.raises(UserError) as failure:
            await shop.register()
        assert failure.value.code == "no-address"
        assert stripe.lines == {}


async def test_what_another_process_has_registered_is_followed(tmp_path: Path, stripe: Stripe) -> None:
    vault = MemoryVault()
    async with Registering(tmp_path, stripe, vault) as shop:
        async with Registering(tmp_path, stripe, vault, hears=False) as command:
            await command.register()
        await shop.move(TWO)
        await shop.until(lambda: shop.source.id in shop.shop.ledger.endpoints.registered and shop.known.old is not None)
        assert stripe.bases == [ONE, TWO]


async def test_a_new_address_of_ngroks_is_settled_once_everybody_has_it(tmp_path: Path, stripe: Stripe) -> None:
    program = tmp_path / "program"
    program.mkdir()
    agent = StandIn(program)
    chosen = {"tunnel": TunnelKind.NGROK, "tunnel_program": str(agent.path)}
    vault = MemoryVault()
    await vault.set("tunnel/ngrok", "2canaryTOKENcanary_9fQ4zKx7Lm")
    async with Registering(tmp_path / "shop", stripe, vault, tunnel=chosen) as shop:
        await shop.until(lambda: shop.shop.receiver.tunnel.state is TunnelState.ONLINE)
        first = shop.shop.receiver.tunnel.public_url
        other = await shop.shop.connections.add("kofi")
        await shop.register()
        await shop.until(lambda: len(shop.shop.ledger.endpoints.addresses) == 2)
        await ask(first, "new-url?told=1")
        await shop.until(lambda: shop.shop.receiver.tunnel.state is TunnelState.URL_CHANGED, patience=30)
        second = shop.shop.receiver.tunnel.public_url
        await shop.until(lambda: shop.known.old is not None)
        assert (shop.shop.address.stale, shop.shop.receiver.tunnel.state) == ((other,), TunnelState.URL_CHANGED)
        assert shop.shop.settings.current.known_url == first

        line = stripe.lines[shop.known.endpoint.id]
        assert await shop.hear(second, line.secret, to=second) == 200
        await shop.until(lambda: shop.known.old is None)
        await shop.shop.address.note_told(other.id)
        await shop.until(lambda: shop.shop.receiver.tunnel.state is TunnelState.ONLINE)
        assert (shop.shop.settings.current.known_url, stripe.bases) == (second, [second])


async def test_of_an_address_that_changes_again_and_again_the_last_one_is_told(
    shop: Registering, stripe: Stripe
) -> None:
    await shop.register()
    for base in (TWO, THREE, ONE, THREE):
        await shop.move(base)
        await asyncio.sleep(0)
    await shop.until(lambda: shop.known.endpoint.url.startswith(THREE) and shop.known.problem == "")
    await shop.until(lambda: THREE in stripe.bases)
    assert len(stripe.bases) <= 2
    assert await shop.hear(THREE, stripe.lines[shop.known.endpoint.id].secret) == 200
