"""What the cards say of the addresses that providers have, and how that is mended."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from shopwatch.domain.connection.endpoint import Endpoint, Registered, Standing
from shopwatch.domain.connection.reach import TunnelKind, TunnelState, TunnelStatus
from shopwatch.domain.connection.silence import Silence
from shopwatch.domain.errors import UserError
from shopwatch.domain.facts import SilencesChanged
from shopwatch.domain.instant import DAY, HOUR
from shopwatch.presenting.level import Level
from shopwatch.presenting.times import local, stamp
from shopwatch.runtime.clock import now
from shopwatch.ui.connections.card import ConnectionCard
from shopwatch.ui.connections.sending_row import SendingRow
from tests.ui.conftest import Run
from tests.ui.connections.desk import Desk
from tests.ui.setup.conftest import focused, press, until, write

# What Qt's offscreen windows say whenever one is shown.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints", extend=True)

KEY = "rk_live_that-may-make-endpoints"


def row_of(card: ConnectionCard) -> SendingRow:
    assert card.sending is not None
    return card.sending


def said(card: ConnectionCard) -> tuple[Level, str]:
    row = row_of(card)
    return row.lamp.level, row.value.whole_text()


def endpoint(desk: Desk, card: ConnectionCard, **changes: object) -> Registered:
    """One as it should be, but for `changes`."""
    at = Endpoint("we_1", desk.shop.address.of(card.source))
    return Registered(card.source.id, replace(at, **changes), now() - HOUR, now())  # type: ignore[arg-type]


async def stands(desk: Desk, **changes: object) -> ConnectionCard:
    """A card of Stripe whose endpoint stands like this."""
    card = await desk.shows("stripe")
    desk.shop.connections.api_keys[card.source.id] = KEY
    card.read()
    assert card.api is not None
    value = card.api.value
    await until(lambda: value.whole_text().startswith("Stored."), "the key is known")
    desk.shop.ledger.endpoints.tell(endpoint(desk, card, **changes))
    return card


@pytest.mark.parametrize(
    ("changes", "level", "told"),
    [
        ({}, Level.OK, ("Stripe sends to ShopWatch. Looked at ", "")),
        ({"standing": Standing.OFF}, Level.BAD, ("Stripe has switched ShopWatch off. Seen at ", "Switch on")),
        ({"standing": Standing.GONE}, Level.BAD, ("Stripe does not know ShopWatch any more.", "Connect again")),
        ({"lacking": ("charge.refunded",)}, Level.WARN, ("Stripe does not tell of refunds.", "Ask for it")),
        (
            {"standing": Standing.FAILING},
            Level.WARN,
            ("Stripe says that not all of its messages arrive.", "Look again"),
        ),
        ({"url": "https://before.ngrok-free.app/in/x"}, Level.WARN, ("Stripe is told the new address.", "Tell it now")),
    ],
)
def test_each_standing_has_its_lamp_its_sentence_and_its_one_button(
    run: Run, desk: Desk, changes: dict[str, object], level: Level, told: tuple[str, str]
) -> None:
    async def look() -> None:
        sentence, verb = told
        card = await stands(desk, **changes)
        assert said(card)[0] is level
        assert said(card)[1].startswith(sentence)
        button = row_of(card).button
        assert (button.text(), button.isVisible()) == (verb, bool(verb))
        if verb:
            assert button.accessibleName() == f"{verb} Sending, Stripe"

    run(look())


def test_since_when_it_stands_so_is_told(run: Run, desk: Desk) -> None:
    async def look() -> None:
        card = await stands(desk, standing=Standing.OFF)
        first = now() - 3 * DAY
        desk.shop.ledger.endpoints.tell(replace(endpoint(desk, card, standing=Standing.OFF), since=first))
        time = stamp(first, desk.shop.locale, local(now()).date())
        assert said(card)[1] == f"Stripe has switched ShopWatch off. First seen at {time}."

    run(look())


def test_what_is_switched_off_is_switched_on_by_its_button(run: Run, desk: Desk) -> None:
    async def mend() -> None:
        card = await stands(desk, standing=Standing.OFF)
        desk.shop.script.refuses["register"] = UserError("Stripe cannot be asked now.", "Try again in a few minutes.")
        row_of(card).button.setFocus()
        press(Qt.Key.Key_Space)
        await until(lambda: "cannot be asked" in row_of(card).problem.text(), "why not")
        assert said(card)[0] is Level.BAD
        press(Qt.Key.Key_Space)
        await until(lambda: said(card)[0] is Level.OK, "it sends again")
        assert row_of(card).problem.text() == ""

    run(mend())


def test_a_key_that_is_not_accepted_is_replaced_where_it_is_told(run: Run, desk: Desk) -> None:
    async def mend() -> None:
        card = await stands(desk)
        desk.shop.ledger.endpoints.tell(replace(endpoint(desk, card), problem="api-key-refused"))
        assert said(card) == (Level.WARN, "Stripe does not accept the API key.")
        assert "Copy it again" in row_of(card).problem.text()
        row_of(card).button.click()
        write("rk_live_the-new-one")
        press(Qt.Key.Key_Tab)
        row_of(card).save.click()
        await until(lambda: said(card)[0] is Level.OK, "it can be read again")
        assert desk.shop.connections.api_keys[card.source.id] == "rk_live_the-new-one"
        assert row_of(card).fields.field.text() == ""
        assert not row_of(card).is_open
        assert row_of(card).problem.text() == ""

    run(mend())


def test_a_source_made_by_hand_is_switched_over_by_an_api_key(run: Run, desk: Desk) -> None:
    async def switch() -> None:
        card = await desk.shows("stripe")
        assert said(card) == (Level.OFF, "ShopWatch can tell Stripe its address by itself, with an API key.")
        row_of(card).button.click()
        write(KEY)
        row_of(card).save.click()
        await until(lambda: said(card)[0] is Level.OK, "Stripe is told")
        assert desk.shop.connections.api_keys == {card.source.id: KEY}
        assert card.source.id in desk.shop.ledger.endpoints.registered

    run(switch())


def test_an_endpoint_that_the_owner_made_is_seen_and_can_be_switched_over(run: Run, desk: Desk) -> None:
    async def switch() -> None:
        card = await stands(desk)
        desk.shop.ledger.endpoints.tell(replace(endpoint(desk, card), made_at=0))
        assert said(card) == (Level.OK, "Stripe sends to ShopWatch. Its address is as you gave it.")
        assert row_of(card).button.text() == "Switch over"
        row_of(card).button.click()
        await until(
            lambda: bool(desk.shop.ledger.endpoints.registered[card.source.id].made_at), "ShopWatch has made it its own"
        )
        assert row_of(card).button.text() == ""

    run(switch())


def test_with_a_key_it_is_one_click_and_says_which_secret_counts_then(run: Run, desk: Desk) -> None:
    async def switch() -> None:
        card = await desk.shows("shopify", {"shop": "bloom.myshopify.com"})
        desk.shop.connections.api_keys[card.source.id] = "shpat_0123456789"
        card.read()
        await until(lambda: row_of(card).button.text() == "Switch over", "the key is known")
        row_of(card).button.click()
        await until(lambda: said(card)[0] is Level.OK, "Shopify is told")
        assert "the app’s own client secret" in row_of(card).problem.text()

    run(switch())


def test_who_cannot_be_told_has_no_such_line(run: Run, desk: Desk) -> None:
    async def look() -> None:
        assert (await desk.shows("kofi")).sending is None
        card = await desk.shows("stripe")
        desk.shop.receiver.tell_tunnel(TunnelStatus(TunnelKind.NONE, TunnelState.STOPPED))
        assert not row_of(card).isVisible()

    run(look())


def test_an_old_address_is_a_red_line_until_the_owner_says_done(run: Run, desk: Desk) -> None:
    async def tell() -> None:
        card = await desk.shows("kofi")
        assert not card.place.told.isVisible()
        desk.shop.address.tell_stale(card.source)
        assert card.place.old.text() == "Ko-fi still has the old address. Copy this one into Ko-fi’s settings."
        card.address.button.click()
        assert QApplication.clipboard().text() == desk.shop.address.of(card.source)
        desk.page.show_source(card.source.id)
        assert focused() is card.place.told
        desk.shop.script.refuses["address_told"] = UserError("The disk is full.")
        press(Qt.Key.Key_Space)
        await until(lambda: "The disk is full." in words(card), "why not")
        press(Qt.Key.Key_Space)
        await until(lambda: not card.place.told.isVisible(), "that is settled")
        assert "The disk is full." not in words(card)

    run(tell())


def test_an_api_key_is_named_where_it_would_spare_the_owner_that(run: Run, desk: Desk) -> None:
    async def look() -> None:
        card = await desk.shows("stripe")
        desk.shop.address.tell_stale(card.source)
        assert card.place.old.text().endswith("With an API key, ShopWatch does it by itself.")

    run(look())


def test_what_stays_at_the_provider_is_told_when_a_source_goes(run: Run, desk: Desk) -> None:
    async def part() -> None:
        card = await stands(desk)
        desk.shop.endpoints.left_there = UserError(
            "Stripe still has the address of this source.", "Remove it there yourself."
        )
        card.remove.click()
        assert card.question is not None
        assert "ShopWatch has Stripe send nothing more." in words(card.question)
        card.question.action.click()
        await until(lambda: desk.page.cards == [], "the card is gone")
        assert desk.page.note.text() == str(desk.shop.endpoints.left_there)

    run(part())


def test_unusual_silence_is_named_on_the_card(run: Run, desk: Desk) -> None:
    async def look() -> None:
        card = await desk.shows("kofi")
        desk.shop.health.heard[card.source.id] = now() - 5 * HOUR
        desk.shop.silences.told = {card.source.id: Silence(card.source.id, now() - 5 * HOUR, now(), 14)}
        desk.shop.bus.tell(SilencesChanged((card.source.id,)))
        assert card.heard.whole_text().endswith("Usually about 14 messages would have come by now.")

    run(look())


def words(inside: QWidget) -> str:
    labels = inside.findChildren(QLabel)
    return "\n".join(label.text() for label in labels if label.isVisible())
