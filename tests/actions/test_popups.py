import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

import pytest

from shopwatch.actions.ring.coalescing import NotificationPreferences
from shopwatch.actions.ring.popups import PopUps, check, hidden
from shopwatch.domain.check import Check
from shopwatch.domain.errors import UserError
from shopwatch.domain.facts import Bus, NotificationsDue
from shopwatch.domain.instant import DAY, MINUTE
from shopwatch.domain.messages.happening import Contact, TextMessage
from shopwatch.domain.rules.popup import DesktopNotification, Destination, Service, Topic
from shopwatch.domain.sales.money import Money
from tests.actions.happenings import happening
from tests.actions.sales import sale


class FakeScreen:
    """A notification service; `fails` refuses every pop-up, `open` shut holds them up for ever."""

    def __init__(self) -> None:
        self.shown: list[DesktopNotification] = []
        self.tries = 0
        self.fails = False
        self.open = asyncio.Event()
        self.open.set()
        self.asked = asyncio.Condition()

    async def show(self, notice: DesktopNotification) -> None:
        await self.open.wait()
        async with self.asked:
            self.tries += 1
            if not self.fails:
                self.shown.append(notice)
            self.asked.notify_all()
        if self.fails:
            raise hidden() from OSError("no bus")

    async def check(self) -> Service:
        await self.open.wait()
        return Service("fake 1.0", buttons=True)

    async def until(self, reached: Callable[[], bool]) -> None:
        async with asyncio.timeout(30), self.asked:
            await self.asked.wait_for(reached)


@dataclass
class Desk:
    """Pop-ups with everything around them made by hand."""

    bus: Bus = field(default_factory=Bus)
    screen: FakeScreen = field(default_factory=FakeScreen)
    preferences: NotificationPreferences = field(default_factory=NotificationPreferences)
    now: int = 1_000_000
    seconds: float = 0.0
    bells: int = 0
    sounds: list[str] = field(default_factory=list)
    copied: list[str] = field(default_factory=list)
    opened: list[Destination] = field(default_factory=list)
    quiet: int = 0
    problems: list[UserError | None] = field(default_factory=list)
    told: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.popups = PopUps(
            self.bus,
            self.screen,
            preferences=lambda: self.preferences,
            name_of={"paynow": "PayNow"}.__getitem__,
            on_bell=self.ring,
            on_open=self.opened.append,
            on_copy=self.copied.append,
            on_quiet=self.hush,
            on_problem=self.hear,
            clock=lambda: self.now,
            steady=lambda: self.seconds,
        )

    def ring(self, sound: str) -> None:
        self.bells += 1
        self.sounds.append(sound)

    def hush(self) -> None:
        self.quiet += 1

    def hear(self, problem: UserError | None) -> None:
        self.problems.append(problem)
        self.told.set()

    async def hears(self) -> None:
        await asyncio.wait_for(self.told.wait(), 30)
        self.told.clear()

    async def sells(self, count: int = 1, *, practice: bool = False) -> None:
        shown = len(self.screen.shown)
        self.bus.tell(NotificationsDue(tuple(sale(practice=practice) for _ in range(count))))
        await self.screen.until(lambda: len(self.screen.shown) > shown)


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    made = Desk()
    made.popups.start()
    yield made
    await made.popups.stop()


async def test_a_sale_pops_up_and_rings(desk: Desk) -> None:
    await desk.sells()
    (notice,) = desk.screen.shown
    assert notice.title == "$120.00"
    assert [button.label for button in notice.buttons] == ["Open", "Copy order no.", "Quiet for 1 hour"]
    assert desk.bells == 1


async def test_its_buttons_open_the_sale_copy_its_number_and_ask_for_quiet(desk: Desk) -> None:
    row = sale()
    desk.bus.tell(NotificationsDue((row,)))
    await desk.screen.until(lambda: bool(desk.screen.shown))
    (notice,) = desk.screen.shown
    notice.clicked()
    for button in notice.buttons:
        button.pressed()
    assert desk.opened == [Destination(Topic.SALE, row.id)] * 2
    assert desk.copied == [row.sale.number]
    assert desk.quiet == 1


async def test_a_burst_leads_to_the_list(desk: Desk) -> None:
    await desk.sells(14)
    (notice,) = desk.screen.shown
    assert [button.label for button in notice.buttons] == ["Show all 14"]
    notice.buttons[0].pressed()
    assert desk.opened == [Destination(Topic.SALE)]
    assert desk.bells == 1


async def test_a_practice_sale_has_no_buttons(desk: Desk) -> None:
    await desk.sells(practice=True)
    assert desk.screen.shown[0].buttons == ()
    assert desk.bells == 1


async def test_what_is_off_stays_off(desk: Desk) -> None:
    desk.preferences = replace(desk.preferences, bell=False)
    await desk.sells()
    assert desk.bells == 0
    desk.preferences = replace(desk.preferences, bell=True, popups=False)
    desk.bus.tell(NotificationsDue((sale(),)))
    assert desk.bells == 1
    desk.preferences = replace(desk.preferences, popups=True, quiet_until=desk.now + 1)
    desk.bus.tell(NotificationsDue((sale(),)))
    assert desk.bells == 1
    desk.now += 1
    desk.seconds = 60.0
    await desk.sells()
    assert desk.bells == 2
    assert len(desk.screen.shown) == 2


async def test_quiet_that_a_clock_a_year_ahead_has_set_is_none(desk: Desk) -> None:
    desk.preferences = replace(desk.preferences, quiet_until=desk.now + 365 * DAY)
    await desk.sells()
    assert desk.bells == 1


async def test_a_contact_pops_up_without_the_bell_if_the_rule_says_so_and_leads_to_the_person(desk: Desk) -> None:
    maya = happening(Contact("c", "Maya Lindqvist"), source="paynow", person=7)
    desk.bus.tell(NotificationsDue(happenings=(maya,), bell=False))
    await desk.screen.until(lambda: bool(desk.screen.shown))
    (notice,) = desk.screen.shown
    assert notice.title == "New contact from PayNow: Maya Lindqvist"
    assert desk.bells == 0
    notice.clicked()
    assert desk.opened == [Destination(Topic.PERSON, 7)]


async def test_sales_and_texts_have_bursts_of_their_own(desk: Desk) -> None:
    texts = tuple(happening(TextMessage(str(n), "+15550102030"), source="paynow") for n in range(5))
    desk.bus.tell(NotificationsDue(tuple(sale() for _ in range(5))))
    desk.bus.tell(NotificationsDue(happenings=texts, bell=False))
    await desk.screen.until(lambda: len(desk.screen.shown) == 2)
    assert [notice.title for notice in desk.screen.shown] == ["5 sales, $600.00", "5 texts"]
    desk.seconds = 1.95
    desk.bus.tell(NotificationsDue(happenings=texts[:1], bell=False))
    desk.seconds = 2.75
    await desk.screen.until(lambda: len(desk.screen.shown) == 3)
    assert desk.screen.shown[-1].title == "6 texts"
    assert desk.bells == 1


async def test_nothing_pops_up_in_quiet_hours_whatever_it_is(desk: Desk) -> None:
    desk.preferences = replace(desk.preferences, quiet_until=desk.now + 1)
    desk.bus.tell(NotificationsDue(happenings=(happening(Contact("c", "Maya"), source="paynow"),)))
    desk.preferences = replace(desk.preferences, quiet_until=0)
    await desk.sells()
    assert len(desk.screen.shown) == 1


async def test_what_needs_a_look_stays_and_rings_as_its_rule_says(desk: Desk) -> None:
    desk.bus.tell(NotificationsDue(refunds=(sale(given_back=Money(3400, "USD")),), bell=False))
    desk.bus.tell(NotificationsDue(disputes=(sale(6400),), stays=True, sound="special"))
    await desk.screen.until(lambda: len(desk.screen.shown) == 2)
    back, disputed = desk.screen.shown
    assert (back.title, back.stays) == ("$34.00 given back", 7)
    assert (disputed.title, disputed.stays) == ("A sale of $64.00 is disputed", 0)
    assert desk.sounds == ["special"]


async def test_what_stays_is_folded_only_with_what_stays(desk: Desk) -> None:
    desk.bus.tell(NotificationsDue(tuple(sale() for _ in range(3)), stays=True))
    desk.bus.tell(NotificationsDue(tuple(sale() for _ in range(3))))
    await desk.screen.until(lambda: len(desk.screen.shown) == 6)
    desk.bus.tell(NotificationsDue((sale(),), stays=True))
    await desk.screen.until(lambda: len(desk.screen.shown) == 7)
    assert (desk.screen.shown[-1].title, desk.screen.shown[-1].stays) == ("4 sales, $480.00", 0)
    assert set(desk.screen.shown[-1].ends) == {notice.key for notice in desk.screen.shown[:3]}


async def test_what_was_missed_is_one_pop_up_and_one_bell_at_most(desk: Desk) -> None:
    desk.bus.tell(NotificationsDue((sale(9000), sale(4200), sale(4400, "EUR")), missed=True))
    await desk.screen.until(lambda: bool(desk.screen.shown))
    (notice,) = desk.screen.shown
    assert notice.title == "While you were away, 3 sales came in"
    assert notice.text == "$132.00 and €44.00, all safely stored"
    desk.seconds = 2.0
    desk.bus.tell(NotificationsDue(tuple(sale(0) for _ in range(500)), missed=True))
    await desk.screen.until(lambda: len(desk.screen.shown) == 2)
    assert desk.screen.shown[-1].title == "While you were away, 503 sales came in"
    assert desk.bells == 1


async def test_quiet_hours_come_every_day(desk: Desk) -> None:
    at = datetime.fromtimestamp(desk.now / 1000)  # noqa: DTZ006 - as the pop-ups see it
    minute = at.hour * 60 + at.minute
    desk.preferences = replace(desk.preferences, quiet_from=(minute - 1) % 1440, quiet_to=(minute + 1) % 1440)
    for day in range(2):
        desk.now += day * DAY
        desk.bus.tell(NotificationsDue((sale(),)))
    assert desk.bells == 0
    desk.now += MINUTE
    await desk.sells()
    assert (desk.bells, len(desk.screen.shown)) == (1, 1)


async def test_the_owner_is_reminded_once_of_what_nobody_opened(desk: Desk) -> None:
    desk.preferences = replace(desk.preferences, remind_after=5)
    await desk.sells()
    desk.seconds = 299.95
    await desk.sells()
    desk.seconds = 300.0
    await desk.screen.until(lambda: len(desk.screen.shown) == 3)
    assert desk.screen.shown[-1].title == "2 sales wait for a look"
    assert desk.bells == 2


@pytest.mark.parametrize("looks", ["opens", "sees"])
async def test_nobody_is_reminded_of_what_they_have_seen(desk: Desk, looks: str) -> None:
    desk.preferences = replace(desk.preferences, remind_after=5)
    await desk.sells()
    if looks == "opens":
        desk.screen.shown[0].clicked()
    else:
        desk.popups.seen()
    desk.seconds = 301
    await desk.sells()
    desk.seconds = 600.95
    await desk.sells()
    desk.seconds = 601
    await desk.screen.until(lambda: len(desk.screen.shown) == 4)
    assert desk.screen.shown[-1].title == "2 sales wait for a look"


async def test_a_burst_comes_to_its_last_count_by_itself(desk: Desk) -> None:
    await desk.sells(4)
    desk.seconds = 1.95
    desk.bus.tell(NotificationsDue((sale(),)))
    assert len(desk.screen.shown) == 1
    desk.seconds = 2.0
    await desk.screen.until(lambda: len(desk.screen.shown) == 2)
    assert desk.screen.shown[-1].title == "5 sales, $600.00"
    assert desk.screen.shown[-1].key == desk.screen.shown[0].key
    assert desk.bells == 1


@pytest.mark.loud
async def test_a_screen_that_fails_is_told_of_once_and_again_when_it_works(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    desk.screen.fails = True
    for count in range(1, 4):
        desk.seconds += 60
        desk.bus.tell(NotificationsDue((sale(),)))
        await desk.screen.until(lambda: desk.screen.tries == count)  # noqa: B023 - awaited within the loop
        assert desk.bells == count
    await desk.hears()
    problem = desk.popups.problem
    assert problem is not None
    assert str(problem) == (
        "Your system hides pop-ups from ShopWatch. Sales still arrive; allow pop-ups in the system settings."
    )
    desk.screen.fails = False
    desk.seconds += 60
    await desk.sells()
    await desk.hears()
    assert [problem is None for problem in desk.problems] == [False, True]
    warnings = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert [record.getMessage() for record in warnings] == ["pop-ups are not shown: no bus"]
    assert "Priya" not in caplog.text


async def test_a_screen_that_hangs_holds_nobody_up_and_little_waits(desk: Desk) -> None:
    desk.screen.open.clear()
    for _ in range(200):
        desk.seconds += 60
        desk.bus.tell(NotificationsDue((sale(),)))
    assert desk.bells == 200
    await asyncio.sleep(0)
    desk.screen.open.set()
    await desk.sells()
    assert len(desk.screen.shown) <= 10


async def test_a_waiting_pop_up_that_is_folded_is_never_shown(desk: Desk) -> None:
    desk.screen.open.clear()
    for _ in range(4):
        desk.bus.tell(NotificationsDue((sale(),)))
        desk.seconds += 1
    desk.screen.open.set()
    await desk.screen.until(lambda: any("4 sales" in notice.title for notice in desk.screen.shown))
    assert len(desk.screen.shown) <= 2


async def test_the_check_names_the_service() -> None:
    assert await check(FakeScreen()) == Check("pop-ups", ok=True, sentence="Pop-ups are shown by fake 1.0.")
