"""Providers are told of the public address by their API, and of each other one that it becomes."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from shopwatch.domain.endpoint import Standing
from shopwatch.domain.errors import UserError
from shopwatch.settings.vault import MemoryVault
from tests.shop.registering import ONE, TWO, Registering
from tests.standin.site import serving
from tests.standin.stripe_hooks import StripeHooks


@pytest.fixture
async def stripe() -> AsyncIterator[StripeHooks]:
    stripe = StripeHooks()
    async with serving(stripe.site):
        yield stripe


@pytest.fixture
async def shop(tmp_path: Path, stripe: StripeHooks) -> AsyncIterator[Registering]:
    async with Registering(tmp_path, stripe, MemoryVault()) as shop:
        yield shop


async def test_one_click_makes_the_endpoint_and_its_messages_fit_at_once(
    shop: Registering, stripe: StripeHooks
) -> None:
    assert shop.shop.can_register(shop.source)
    await shop.shop.register(shop.source.id)
    [hook] = stripe.hooks.values()
    assert hook.url == ONE + shop.source.path == shop.known.endpoint.url
    assert shop.known.endpoint.well
    assert await shop.hear(ONE, hook.secret) == 200
    await shop.until(lambda: bool(shop.known.confirmed_at))
    assert shop.shop.stale_sources == ()


async def test_the_address_is_followed_and_the_old_endpoint_goes_once_a_message_came_to_the_new_one(
    shop: Registering, stripe: StripeHooks
) -> None:
    await shop.shop.register(shop.source.id)
    [old] = stripe.hooks.values()
    await shop.move(TWO)
    await shop.until(lambda: shop.known.old is not None)
    assert stripe.urls == [ONE + shop.source.path, TWO + shop.source.path]
    new = stripe.hooks[shop.known.endpoint.id]
    assert await shop.hear(TWO, old.secret, 1) == 200
    assert await shop.hear(TWO, new.secret, 2) == 200
    await shop.until(lambda: shop.known.old is None)
    assert stripe.urls == [TWO + shop.source.path]
    assert shop.shop.stale_sources == ()


async def test_what_is_wrong_there_is_told_and_mended_with_one_click(shop: Registering, stripe: StripeHooks) -> None:
    await shop.shop.register(shop.source.id)
    [hook] = stripe.hooks.values()
    hook.status = "disabled"
    await shop.shop.check_endpoints()
    assert shop.known.endpoint.standing is Standing.OFF
    await shop.shop.mend_endpoint(shop.source.id)
    assert (hook.status, shop.known.endpoint.well) == ("enabled", True)


async def test_a_source_that_is_removed_leaves_nothing_there(shop: Registering, stripe: StripeHooks) -> None:
    await shop.shop.register(shop.source.id)
    assert await shop.shop.remove_source(shop.source.id) is None
    assert stripe.hooks == {}
    assert shop.shop.endpoints == {}


@pytest.mark.parametrize(
    ("key", "code"),
    [
        ("rk_live_narrowNARROWnarrow0123456789", "api-key-narrow"),
        ("rk_live_wrongWRONGwrong0123456789", "api-key-refused"),
        ("", "api-key-missing"),
    ],
)
async def test_a_key_that_does_not_do_makes_nothing(tmp_path: Path, stripe: StripeHooks, key: str, code: str) -> None:
    async with Registering(tmp_path, stripe, MemoryVault(), key=key) as shop:
        with pytest.raises(UserError) as failure:
            await shop.shop.register(shop.source.id)
        assert failure.value.code == code
        assert failure.value.hint
        assert (stripe.hooks, shop.shop.endpoints) == ({}, {})
