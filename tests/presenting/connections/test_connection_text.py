"""What a card says of its source."""

from dataclasses import replace

import pytest

from shopwatch.domain.connection.endpoint import Endpoint, Registered
from shopwatch.domain.connection.reach import Reach, ReachState
from shopwatch.domain.errors import UserError
from shopwatch.domain.instant import DAY, HOUR, MINUTE
from shopwatch.domain.source import Tails
from shopwatch.presenting.connections.connection_text import (
    heard_text,
    keeping,
    lacking_text,
    lists_text,
    secret_text,
    sending_line,
)
from shopwatch.presenting.level import Level
from shopwatch.presenting.status.lamps import lamps
from shopwatch.presenting.times import local
from tests.ui.fake_ledger import NOON
from tests.ui.fake_shop import PAYNOW, FakeShop

TODAY = local(NOON).date()


def test_test_mode_is_told_where_the_sender_tells_it() -> None:
    said = heard_text(FakeShop(), PAYNOW, NOON - MINUTE, TODAY, testing=True)
    assert said.level is Level.OK
    assert said.text.endswith("Its last sale was in test mode.")
    assert "test mode" not in heard_text(FakeShop(), PAYNOW, NOON - MINUTE, TODAY).text


def test_a_provider_from_a_newer_shopwatch_is_told() -> None:
    said = heard_text(FakeShop(), replace(PAYNOW, provider="of-tomorrow"), NOON, TODAY)
    assert (said.level, said.text) == (Level.WARN, "This connection was made by a newer ShopWatch.")


def test_the_lamp_is_the_one_of_the_sales_screen_where_nothing_can_be_heard() -> None:
    locked = UserError("Your password store is locked.", "Unlock it.", code="vault-locked")
    deaf = FakeShop(reach=Reach(ReachState.SILENT, NOON))
    assert heard_text(deaf, PAYNOW, NOON, TODAY).level is Level.BAD
    deaf.health.vault_problem = locked
    said = heard_text(deaf, PAYNOW, NOON, TODAY)
    assert (said.level, said.level) == (Level.WARN, lamps(deaf, TODAY)[2].level)
    assert said.text.startswith("Cannot be checked. ")


def test_an_old_secret_is_told_with_its_end() -> None:
    tails = Tails(("n3w2",), ("0ld1",), NOON + 2 * DAY)
    assert secret_text(tails, "en_GB", TODAY).startswith("Ends with n3w2; the old one, 0ld1, counts until 26 Nov")


def test_how_long_an_old_secret_may_be_kept_is_said_with_the_day() -> None:
    offered = dict(keeping(NOON, "en_GB", TODAY))
    assert list(offered) == [0, HOUR, DAY, 7 * DAY]
    assert "25 Nov" in offered[DAY]
    assert "1 Dec" in offered[7 * DAY]


@pytest.mark.parametrize(
    ("allow", "block", "said"),
    [
        ("", "", "From anywhere; what counts is the check of each message."),
        ("10.0.0.0/8", "", "Only from 1 address or name"),
        ("", "a.example b.example", "Never from 2"),
        ("10.0.0.0/8 a.example", "10.0.0.9", "Only from 2 addresses or names, never from 1"),
    ],
)
def test_the_lists_are_told_in_short(allow: str, block: str, said: str) -> None:
    assert lists_text(allow, block) == said


def test_a_card_says_what_stands_in_the_way_of_counting() -> None:
    away = UserError("Its certificate cannot be fetched.", "ShopWatch asks again by itself.", code="api-away")
    shop = FakeShop()
    shop.receiver.problems = {PAYNOW.id: away}
    assert lacking_text(shop, replace(PAYNOW, provider="svix")) == str(away)
    assert lacking_text(shop, replace(PAYNOW, provider="stripe")) == ""
    custom = replace(PAYNOW, provider="custom", id="src-custom")
    assert lacking_text(shop, custom) == "It is not described yet. Its messages are kept, but not counted."


def test_a_problem_is_said_once_on_a_card() -> None:
    stripe = replace(PAYNOW, id="src-stripe", provider="stripe")
    registered = Registered(
        stripe.id, Endpoint("we_1", "https://shop.example/in"), NOON, NOON, problem="api-key-refused"
    )
    shop = FakeShop(sources=(stripe,), endpoints={stripe.id: registered})
    line = sending_line(shop, stripe, TODAY, stored=True)
    assert line is not None
    assert line.said.hint
    shop.receiver.problems = {stripe.id: UserError("Stripe refused the key.", code="api-key-refused")}
    line = sending_line(shop, stripe, TODAY, stored=True)
    assert line is not None
    assert (line.said.hint, line.by_hand) == ("", False)
    assert sending_line(shop, replace(PAYNOW, provider="svix"), TODAY, stored=False) is None
