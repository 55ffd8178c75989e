"""Which problem the banner shows."""

from dataclasses import replace
from datetime import date

import pytest

from shopwatch.domain.clock import DAY, HOUR, MINUTE, Instant
from shopwatch.domain.errors import UserError
from shopwatch.domain.reach import Reach, ReachState, TunnelKind, TunnelState, TunnelStatus
from shopwatch.domain.skew import clock_problem
from shopwatch.ui.problem import Remedy, duration, problem_of
from shopwatch.ui.times import local
from tests.ui.fake_shop import NOON, PAYNOW, FakeShop

TODAY: date = local(NOON).date()
FULL = UserError("The disk is full.", "Free some space.", code="disk-full")
LOCKED = UserError("Your password store is locked.", "Unlock it.", code="vault-locked")
SILENT = Reach(ReachState.SILENT, NOON - HOUR)


def test_the_gravest_comes_first() -> None:
    shop = FakeShop(ledger_problem=FULL, vault_problem=LOCKED, reach=SILENT)
    seen = []
    while (problem := problem_of(shop, TODAY)) is not None:
        seen.append(problem.title)
        if shop.ledger_problem:
            shop.ledger_problem = None
        elif shop.vault_problem:
            shop.vault_problem = None
        else:
            shop.reach = Reach(ReachState.ANSWERS)
    assert seen[:2] == ["The disk is full", "Your password store is locked"]
    assert seen[2].startswith("ShopWatch has not heard from PayNow since ")
    assert len(seen) == 3


def test_a_wrong_clock_is_told_while_messages_can_come() -> None:
    slow = clock_problem(-9 * MINUTE)

    problem = problem_of(FakeShop(clock_problem=slow), TODAY)

    assert problem is not None
    assert problem.title == "This computer's clock is 9 minutes slow"
    assert problem.text.endswith("Set the clock to automatic.")
    assert problem_of(FakeShop(clock_problem=slow, sources=()), TODAY) is None


def test_a_locked_store_is_named_and_can_be_unlocked() -> None:
    problem = problem_of(FakeShop(vault_problem=LOCKED, vault_name="KWallet"), TODAY)
    assert problem is not None
    assert "KWallet" in problem.text
    assert problem.remedies == (Remedy.UNLOCK,)


def test_only_what_the_sender_promises_is_promised() -> None:
    shopify = replace(PAYNOW, provider="shopify")
    deaf = problem_of(FakeShop(sources=(shopify,), reach=SILENT), TODAY)
    assert deaf is not None
    assert "Shopify tries again for about 4 hours." in deaf.text
    silent_provider = problem_of(FakeShop(sources=(replace(PAYNOW, provider="unheard-of"),), reach=SILENT), TODAY)
    assert silent_provider is not None
    assert "may not send again" in silent_provider.text
    assert "Nothing is lost" not in deaf.text + silent_provider.text


def test_what_the_owner_must_do_comes_from_the_tunnel() -> None:
    cause = UserError("ngrok does not accept this token.", "Copy it again from your ngrok page.", code="ngrok-105")
    status = TunnelStatus(TunnelKind.NGROK, TunnelState.NEEDS_USER, since=NOON, problem=cause)
    problem = problem_of(FakeShop(tunnel=status, reach=Reach()), TODAY)
    assert problem is not None
    assert problem.text.startswith("ngrok does not accept this token.")
    assert problem.can_do == "Copy it again from your ngrok page."
    assert problem.remedies == (Remedy.TRY_AGAIN, Remedy.CHANGE_ADDRESS)


def test_a_changed_address_is_only_amber() -> None:
    status = TunnelStatus(TunnelKind.NGROK, TunnelState.URL_CHANGED, "https://new.example", NOON)
    problem = problem_of(FakeShop(tunnel=status), TODAY)
    assert problem is not None
    assert (problem.kind, problem.remedies[0]) == ("warn", Remedy.CHANGE_ADDRESS)


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


@pytest.mark.parametrize(
    ("length", "words"), [(MINUTE, "1 minute"), (45 * MINUTE, "45 minutes"), (4 * HOUR, "4 hours"), (3 * DAY, "3 days")]
)
def test_durations_are_said_in_one_unit(length: Instant, words: str) -> None:
    assert duration(length) == words
