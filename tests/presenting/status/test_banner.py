"""Which problem the banner shows."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from shopwatch.domain.connection.allowance import running_out
from shopwatch.domain.connection.endpoint import Endpoint, Registered, Standing
from shopwatch.domain.connection.ownership import At, Home
from shopwatch.domain.connection.reach import Reach, ReachState, TunnelKind, TunnelState, TunnelStatus
from shopwatch.domain.errors import UserError
from shopwatch.domain.instant import DAY, HOUR, MINUTE
from shopwatch.domain.source import Source
from shopwatch.presenting.status.banner import BannerRemedy, problem_of
from shopwatch.presenting.status.lamps import lamps
from shopwatch.presenting.times import local, stamp
from shopwatch.runtime.clock_skew import clock_problem
from tests.ui.fake_ledger import NOON
from tests.ui.fake_shop import PAYNOW, FakeShop

TODAY: date = local(NOON).date()
FULL = UserError("The disk is full.", "Free some space.", code="disk-full")
LOCKED = UserError("Your password store is locked.", "Unlock it.", code="vault-locked")
KOFI = Source("src-kofi", "kofi", "Ko-fi", "/in/kofi", NOON - DAY)
SILENT = Reach(ReachState.SILENT, NOON - HOUR)


def test_the_gravest_comes_first() -> None:
    shop = FakeShop(ledger_problem=FULL, vault_problem=LOCKED, reach=SILENT)
    seen = []
    while (problem := problem_of(shop, TODAY)) is not None:
        seen.append(problem.title)
        if shop.health.ledger_problem:
            shop.health.ledger_problem = None
        elif shop.health.vault_problem:
            shop.health.vault_problem = None
        else:
            shop.receiver.reach = Reach(ReachState.ANSWERS)
    assert seen[:2] == ["The disk is full", "Your password store is locked"]
    assert seen[2].startswith("ShopWatch has not heard from PayNow since ")
    assert len(seen) == 3


def test_a_shop_that_is_elsewhere_says_so_first_and_can_be_taken_back() -> None:
    shop = FakeShop(ledger_problem=FULL, reach=SILENT)
    shop.settings.change(home=Home(At.AWAY, NOON), shop_name="Bloom")

    problem = problem_of(shop, TODAY)

    assert problem is not None
    assert problem.title == "Bloom works on another computer now"
    assert problem.remedies == (BannerRemedy.WORK_HERE,)
    assert [lamp.detail for lamp in lamps(shop, TODAY)][2] == "Heard elsewhere"


def test_a_shop_that_has_moved_in_says_what_it_waits_for() -> None:
    shop = FakeShop(reach=SILENT)
    shop.settings.change(home=Home(At.MOVING_IN, NOON))
    deaf = problem_of(shop, TODAY)
    assert deaf is not None
    assert deaf.title.startswith("ShopWatch has not heard from PayNow")

    shop.receiver.reach = Reach(ReachState.CHECKING)
    problem = problem_of(shop, TODAY)
    assert problem is not None
    assert problem.title == "Your shop has come to this computer"


def test_a_wrong_clock_is_told_while_messages_can_come() -> None:
    slow = clock_problem(-9 * MINUTE)

    problem = problem_of(FakeShop(clock_problem=slow), TODAY)

    assert problem is not None
    assert problem.title == "This computer’s clock is 9 minutes slow"
    assert problem.text.endswith("Set the clock to automatic.")
    assert problem_of(FakeShop(clock_problem=slow, sources=()), TODAY) is None


def test_free_requests_that_run_out_are_told_with_the_way_to_the_settings() -> None:
    problem = problem_of(FakeShop(allowance_problem=running_out(16_412, "en_US")), TODAY)

    assert problem is not None
    assert problem.kind == "warn"
    assert problem.title == "16,412 of this month’s 20,000 free requests of ngrok are used"
    assert problem.remedies == (BannerRemedy.CHANGE_ADDRESS,)


def test_a_locked_store_is_named_and_can_be_unlocked() -> None:
    problem = problem_of(FakeShop(vault_problem=LOCKED, vault_name="KWallet"), TODAY)
    assert problem is not None
    assert "KWallet" in problem.text
    assert problem.remedies == (BannerRemedy.UNLOCK,)


def test_only_what_the_sender_promises_is_promised() -> None:
    shopify = replace(PAYNOW, provider="shopify")
    deaf = problem_of(FakeShop(sources=(shopify,), reach=SILENT), TODAY)
    assert deaf is not None
    assert "Shopify tries again for about 4 hours." in deaf.text
    paynow = problem_of(FakeShop(sources=(PAYNOW,), reach=SILENT), TODAY)
    assert paynow is not None
    assert "PayNow tries again, but does not say for how long." in paynow.text
    two = problem_of(FakeShop(sources=(PAYNOW, shopify), reach=SILENT), TODAY)
    assert two is not None
    assert "PayNow and Shopify try again, but do not say for how long." in two.text
    silent_provider = problem_of(FakeShop(sources=(replace(PAYNOW, provider="unheard-of"),), reach=SILENT), TODAY)
    assert silent_provider is not None
    assert "may not send again" in silent_provider.text
    assert "Nothing is lost" not in deaf.text + silent_provider.text


@pytest.mark.parametrize(
    ("ids", "said"),
    [
        (
            ("paynow", "shopify", "stripe", "unheard-of"),
            "unheard-of may not send again what it could not deliver. "
            "The others try again, but do not say for how long.",
        ),
        (
            ("shopify", "unheard-of"),
            "unheard-of may not send again what it could not deliver. Shopify tries again for about 4 hours.",
        ),
        (
            ("shopify", "stripe", "one", "two"),
            "one and two may not send again what they could not deliver. "
            "Shopify and Stripe try again for about 4 hours.",
        ),
    ],
)
def test_who_never_sends_again_is_told_apart_from_who_does(ids: tuple[str, ...], said: str) -> None:
    sources = tuple(replace(PAYNOW, id=each, provider=each) for each in ids)
    locked = problem_of(FakeShop(sources=sources, vault_problem=LOCKED), TODAY)
    assert locked is not None
    assert locked.text.endswith(said)


def test_what_the_owner_must_do_comes_from_the_tunnel() -> None:
    cause = UserError("ngrok does not accept this token.", "Copy it again from your ngrok page.", code="ngrok-105")
    status = TunnelStatus(TunnelKind.NGROK, TunnelState.NEEDS_USER, since=NOON, problem=cause)
    problem = problem_of(FakeShop(tunnel=status, reach=Reach()), TODAY)
    assert problem is not None
    assert problem.text.startswith("ngrok does not accept this token.")
    assert problem.can_do == "Copy it again from your ngrok page."
    assert problem.remedies == (BannerRemedy.TRY_AGAIN, BannerRemedy.CHANGE_ADDRESS)


def test_only_who_is_told_by_the_owner_needs_the_owner_when_the_address_changes() -> None:
    status = TunnelStatus(TunnelKind.NGROK, TunnelState.URL_CHANGED, "https://new.example", NOON)
    assert problem_of(FakeShop(tunnel=status), TODAY) is None

    problem = problem_of(FakeShop(tunnel=status, stale_sources=(PAYNOW, KOFI)), TODAY)

    assert problem is not None
    assert problem.title == "PayNow still has the old address"
    assert problem.text.endswith("After that: Ko-fi.")
    assert (problem.kind, problem.source_id) == ("bad", PAYNOW.id)
    assert problem.remedies == (BannerRemedy.COPY_ADDRESS, BannerRemedy.ADDRESS_TOLD)


@pytest.mark.parametrize(
    ("standing", "title", "verb"),
    [
        (Standing.OFF, "PayNow has switched ShopWatch off", "Switch on"),
        (Standing.GONE, "PayNow does not know ShopWatch any more", "Connect again"),
    ],
)
def test_who_sends_nothing_any_more_goes_before_old_addresses_and_clocks(
    standing: Standing, title: str, verb: str
) -> None:
    slow = clock_problem(-9 * MINUTE)
    shop = FakeShop(sources=(PAYNOW, KOFI), stale_sources=(KOFI,), clock_problem=slow)
    shop.ledger.endpoints.registered[PAYNOW.id] = endpoint(standing=standing)

    problem = problem_of(shop, TODAY)

    assert problem is not None
    assert (problem.kind, problem.title, problem.verb) == ("bad", title, verb)
    assert problem.remedies == (BannerRemedy.MEND, BannerRemedy.SHOW_CONNECTION)
    assert problem.text == f"Seen at {stamp(NOON, shop.locale, TODAY)}. Its messages do not come until that is mended."

    shop.ledger.endpoints.registered[PAYNOW.id] = replace(
        shop.ledger.endpoints.registered[PAYNOW.id], since=NOON - HOUR
    )
    problem = problem_of(shop, TODAY)
    assert problem is not None
    assert problem.text.startswith(f"First seen at {stamp(NOON - HOUR, shop.locale, TODAY)}. ")


def test_what_stands_in_the_way_of_mending_is_said_and_the_key_comes_first() -> None:
    shop = FakeShop()
    shop.ledger.endpoints.registered[PAYNOW.id] = replace(endpoint(standing=Standing.OFF), problem="api-key-refused")

    problem = problem_of(shop, TODAY)

    assert problem is not None
    assert "PayNow does not accept the API key." in problem.text
    assert problem.remedies[0] is BannerRemedy.SHOW_CONNECTION


def test_what_a_provider_does_not_tell_of_is_named() -> None:
    shop = FakeShop()
    shop.ledger.endpoints.registered[PAYNOW.id] = endpoint(
        lacking=("ON_REFUND", "ON_CHARGEBACK", "ON_CHARGEBACK_CLOSED")
    )

    problem = problem_of(shop, TODAY)

    assert problem is not None
    assert (problem.kind, problem.title) == ("warn", "PayNow does not tell of refunds and disputes")
    shop.ledger.endpoints.registered[PAYNOW.id] = replace(shop.ledger.endpoints.registered[PAYNOW.id], made_at=0)
    assert problem_of(shop, TODAY) is None


def endpoint(**changes: Any) -> Registered:
    """One at PayNow that is as it should be, but for `changes`."""
    at = FakeShop().address.of(PAYNOW)
    return Registered(PAYNOW.id, replace(Endpoint("wh-1", at), **changes), NOON - DAY, NOON)


@pytest.mark.parametrize(
    "shop",
    [
        FakeShop(),
        FakeShop(tunnel=TunnelStatus(), reach=SILENT),
        FakeShop(sources=(), vault_problem=LOCKED, reach=SILENT),
        FakeShop(tunnel=TunnelStatus(TunnelKind.NGROK, TunnelState.STARTING), reach=SILENT),
    ],
    ids=["well", "practice", "nothing connected", "opening"],
)
def test_no_banner_without_need(shop: FakeShop) -> None:
    assert problem_of(shop, TODAY) is None
