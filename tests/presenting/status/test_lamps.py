"""What the lamps say of each state."""

from dataclasses import replace
from datetime import date

import pytest

from shopwatch.domain.connection.endpoint import Endpoint, Registered, Standing
from shopwatch.domain.connection.reach import Reach, ReachState, TunnelKind, TunnelState, TunnelStatus
from shopwatch.domain.errors import UserError
from shopwatch.domain.instant import DAY, HOUR
from shopwatch.presenting.level import Level
from shopwatch.presenting.status.lamps import lamps, overall, sender_names
from shopwatch.presenting.times import local
from tests.ui.fake_ledger import NOON
from tests.ui.fake_shop import PAYNOW, FakeShop

TODAY: date = local(NOON).date()
URL = "https://lilac-heron.ngrok-free.app"


def ngrok(state: TunnelState, *, problem: UserError | None = None, progress: float | None = None) -> TunnelStatus:
    return TunnelStatus(TunnelKind.NGROK, state, URL, NOON - HOUR, problem, progress)


def test_all_is_well() -> None:
    shop = FakeShop(locale="de_DE", heard={PAYNOW.id: NOON})
    internet, address, sender = lamps(shop, TODAY)
    assert [lamp.level for lamp in (internet, address, sender)] == [Level.OK] * 3
    assert (internet.detail, address.detail) == ("Connected", "lilac-heron.ngrok-free.app")
    assert sender.name == "PayNow"
    assert sender.detail.startswith("Listening since ")
    assert "The last message arrived at" in sender.more


def test_listening_since_an_earlier_day_names_the_day() -> None:
    shop = FakeShop(locale="en_GB", listening_since=NOON - 3 * DAY)
    sender = lamps(shop, TODAY)[2]
    assert sender.detail == "Listening since 21 Nov"
    assert sender.more.startswith("Listening since 21 Nov, ")


@pytest.mark.parametrize(
    ("tunnel", "reach", "levels", "detail"),
    [
        (ngrok(TunnelState.STARTING), ReachState.UNKNOWN, "off off off", "Opening…"),
        (ngrok(TunnelState.STARTING, progress=0.4), ReachState.UNKNOWN, "off off off", "Fetching ngrok, 40 %"),
        (ngrok(TunnelState.RECONNECTING), ReachState.UNKNOWN, "off warn warn", "Reconnecting…"),
        (ngrok(TunnelState.ONLINE), ReachState.CHECKING, "ok warn warn", "Checking…"),
        (ngrok(TunnelState.ONLINE), ReachState.SILENT, "ok bad bad", "Unreachable since"),
        (ngrok(TunnelState.FAILED), ReachState.UNKNOWN, "off bad bad", "Closed since"),
        (ngrok(TunnelState.NEEDS_USER), ReachState.UNKNOWN, "off bad bad", "Needs you since"),
        (ngrok(TunnelState.URL_CHANGED), ReachState.ANSWERS, "ok warn warn", "Has changed"),
        (TunnelStatus(), ReachState.UNKNOWN, "off off off", "Practice mode"),
    ],
)
def test_each_state_has_its_level_and_words(tunnel: TunnelStatus, reach: ReachState, levels: str, detail: str) -> None:
    shop = FakeShop(tunnel=tunnel, reach=Reach(reach, NOON - HOUR))
    shown = lamps(shop, TODAY)
    assert " ".join(lamp.level for lamp in shown) == levels
    assert shown[1].detail.startswith(detail)


def test_no_internet_is_told_with_its_time() -> None:
    problem = UserError("This computer is not on the internet.", code="no-internet")
    shop = FakeShop(tunnel=ngrok(TunnelState.RECONNECTING, problem=problem), reach=Reach())
    internet = lamps(shop, TODAY)[0]
    assert internet.level is Level.BAD
    assert internet.more.startswith("This computer has no internet since ")


def test_a_locked_password_store_is_the_senders_lamp() -> None:
    shop = FakeShop(vault_problem=UserError("Your password store is locked.", "Unlock it.", code="vault-locked"))
    assert [lamp.level for lamp in lamps(shop, TODAY)] == [Level.OK, Level.OK, Level.WARN]


def test_who_sends_nothing_or_elsewhere_has_the_third_lamp() -> None:
    shop = FakeShop(sources=(PAYNOW, replace(PAYNOW, id="b", provider="kofi")))
    shop.ledger.endpoints.registered[PAYNOW.id] = Registered(
        PAYNOW.id, Endpoint("wh-1", URL, Standing.GONE), NOON, NOON
    )
    off = lamps(shop, TODAY)[2]
    assert (off.level, off.name, off.detail) == (Level.BAD, "PayNow", "Nothing comes")

    old = lamps(FakeShop(sources=shop.sources.all, stale_sources=shop.sources.all[1:]), TODAY)[2]
    assert (old.level, old.name, old.detail) == (Level.BAD, "Ko-fi", "Old address")
    assert old.more == "Your public address has changed. Copy the new one into Ko-fi."


def test_an_address_that_changed_says_who_is_told_by_whom() -> None:
    shop = FakeShop(tunnel=ngrok(TunnelState.URL_CHANGED))
    assert lamps(shop, TODAY)[1].more == "Your public address has changed. ShopWatch tells PayNow the new one."
    shop.address.stale = shop.sources.all
    assert lamps(shop, TODAY)[1].more == "Your public address has changed. Copy the new one into PayNow."


def test_the_tray_shows_the_worst_of_the_three() -> None:
    shop = FakeShop(reach=Reach(ReachState.SILENT, NOON))
    assert overall(shop, TODAY).level is Level.BAD
    assert overall(FakeShop(), TODAY).level is Level.OK
    assert overall(FakeShop(), TODAY).name == "PayNow"


def test_senders_are_named_or_counted() -> None:
    def shop(*providers: str) -> FakeShop:
        return FakeShop(sources=tuple(replace(PAYNOW, id=name, provider=name) for name in providers))

    assert sender_names(shop()) == "your shop"
    assert sender_names(shop("paynow", "paynow")) == "PayNow"
    assert sender_names(shop("paynow", "shopify")) == "PayNow and Shopify"
    assert sender_names(shop("paynow", "shopify", "stripe")) == "3 services"


def test_services_known_only_by_their_owner_s_name_are_called_by_it() -> None:
    tickets = replace(PAYNOW, id="a", provider="custom", name="Harbour Tickets")
    ferries = replace(PAYNOW, id="b", provider="custom", name="Harbour Ferries")
    assert sender_names(FakeShop(sources=(tickets,))) == "Harbour Tickets"
    shop = FakeShop(sources=(tickets, ferries))
    assert sender_names(shop) == "Harbour Tickets and Harbour Ferries"
    assert lamps(shop, TODAY)[2].name == "2 services"
