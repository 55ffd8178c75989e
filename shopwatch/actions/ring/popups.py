"""Pop-ups and the bell: one for whatever the rules ring for, on the desktop's own service."""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from shopwatch.actions.ring.coalescing import Decision, NotificationPreferences, PopUp, Realm, joined
from shopwatch.actions.ring.happening_popups import HappeningPopUps
from shopwatch.actions.ring.reminder import Reminder
from shopwatch.actions.ring.sale_popups import SalePopUps
from shopwatch.domain.check import Check
from shopwatch.domain.errors import UserError
from shopwatch.domain.facts import Bus, NotificationsDue, Subscriptions
from shopwatch.domain.i18n import say, say_n
from shopwatch.domain.instant import Clock
from shopwatch.domain.rules.popup import Button, DesktopNotification, Destination, NotificationService, Service
from shopwatch.runtime.clock import now
from shopwatch.runtime.tasks import call_off, spawn

_log = logging.getLogger(__name__)

_PATIENCE = 5.0
_MOST_WAITING = 8


class PopUps:
    """Listens for what rings and shows each once; never holds up or fails whoever tells of it.

    At most eight pop-ups wait; beyond that the oldest is dropped, because what it tells is on the screens anyway.
    `on_bell` hears the sound that is wished for, `on_copy` the order number that is to be copied. `problem` is set
    while the desktop does not take pop-ups, and `on_problem` is told when that changes.
    """

    def __init__(
        self,
        bus: Bus,
        screen: NotificationService,
        *,
        preferences: Callable[[], NotificationPreferences],
        name_of: Callable[[str], str],
        on_bell: Callable[[str], None],
        on_open: Callable[[Destination], None],
        on_copy: Callable[[str], None],
        on_quiet: Callable[[], None],
        on_problem: Callable[[UserError | None], None] = lambda _: None,
        clock: Clock = now,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self._subscriptions = Subscriptions(bus)
        self._screen = screen
        self._preferences = preferences
        self._sales = SalePopUps(name_of)
        self._happenings = HappeningPopUps(name_of)
        self._reminder = Reminder()
        self._on_bell = on_bell
        self._on_open = on_open
        self._on_copy = on_copy
        self._on_quiet = on_quiet
        self._on_problem = on_problem
        self._clock = clock
        self._steady = steady
        self._waiting: dict[str, PopUp] = {}
        self._something = asyncio.Event()
        self._timer: asyncio.TimerHandle | None = None
        self._worker: asyncio.Task[None] | None = None
        self.problem: UserError | None = None

    def start(self) -> None:
        """Begin to listen, on the running loop."""
        self._subscriptions.listen(NotificationsDue, self.on_rung)
        self._worker = spawn(self._show_all(), "pop-ups")

    async def stop(self) -> None:
        """Listen no more, and give up what still waits."""
        self._subscriptions.close()
        if self._timer is not None:
            self._timer.cancel()
        await call_off(self._worker)

    def on_rung(self, batch: NotificationsDue) -> None:
        preferences = self._preferences()
        if preferences.quiet(self._clock()):
            return
        decision = self._join_decisions([each.add(batch, self._steady(), preferences) for each in self._all_deciding])
        if decision.bell and batch.bell and preferences.bell:
            self._on_bell(batch.sound)
        self._take_decision(decision, preferences)

    def seen(self) -> None:
        """The owner has looked at the sales."""
        self._reminder.seen()

    def _settle_due(self) -> None:
        preferences = self._preferences()
        decision = self._join_decisions([each.settle(self._steady(), preferences) for each in self._all_deciding])
        if not preferences.quiet(self._clock()):
            self._take_decision(decision, preferences)

    @property
    def _all_deciding(self) -> tuple[SalePopUps, HappeningPopUps, Reminder]:
        return self._sales, self._happenings, self._reminder

    def _join_decisions(self, decisions: Sequence[Decision]) -> Decision:
        decision = joined(decisions, [each.due for each in decisions])
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if decision.due is not None:
            self._timer = asyncio.get_running_loop().call_later(
                max(0.0, decision.due - self._steady()), self._settle_due
            )
        return decision

    def _take_decision(self, decision: Decision, preferences: NotificationPreferences) -> None:
        if not preferences.popups:
            return
        for popup in decision.popups:
            earlier = self._waiting.pop(popup.key, None)
            self._waiting[popup.key] = replace(popup, ends=earlier.ends + popup.ends) if earlier else popup
        while len(self._waiting) > _MOST_WAITING:
            del self._waiting[next(iter(self._waiting))]
        if self._waiting:
            self._something.set()

    async def _show_all(self) -> None:
        while True:
            await self._something.wait()
            self._something.clear()
            while self._waiting:
                popup = self._waiting.pop(next(iter(self._waiting)))
                if not any(popup.key in later.ends for later in self._waiting.values()):
                    await self._show_popup(popup)

    async def _show_popup(self, popup: PopUp) -> None:
        try:
            async with asyncio.timeout(_PATIENCE):
                await self._screen.show(self._make_notification(popup))
        except TimeoutError:
            self._note_service(hidden(), "the notification service did not answer in time")
        except UserError as problem:
            self._note_service(problem, str(problem.__cause__ or problem))
        else:
            self._note_service(None, "")

    def _note_service(self, problem: UserError | None, why: str) -> None:
        if (problem is None) == (self.problem is None):
            return
        self.problem = problem
        if problem is not None:
            _log.warning("pop-ups are not shown: %s", why)
        else:
            _log.info("pop-ups are shown again")
        self._on_problem(problem)

    def _make_notification(self, popup: PopUp) -> DesktopNotification:
        def opened() -> None:
            self.seen()
            self._on_open(popup.opens)

        buttons: tuple[Button, ...] = ()
        if popup.count > 1:
            buttons = (Button(say_n("Show {n}", "Show all {n}", popup.count), opened),)
        elif popup.realm is not Realm.PRACTICE:
            copy = Button(say("Copy order no."), partial(self._on_copy, popup.order))
            quiet = Button(say("Quiet for 1 hour"), self._on_quiet)
            buttons = (Button(say("Open"), opened), *([copy] if popup.order else []), quiet)
        return DesktopNotification(
            popup.key, popup.title, popup.text, popup.stays, opened, buttons, popup.ends, popup.count
        )


def hidden() -> UserError:
    """The owner's words for a desktop that does not show pop-ups."""
    return UserError(
        say("Your system hides pop-ups from ShopWatch."),
        say("Sales still arrive; allow pop-ups in the system settings."),
        code="popups-hidden",
    )


def absent() -> UserError:
    """The owner's words for a desktop on which nobody would show pop-ups."""
    return UserError(
        say("This desktop has no notification service."),
        say("ShopWatch shows pop-ups of its own."),
        code="popups-absent",
    )


async def check(screen: NotificationService) -> Check:
    """Whether this desktop shows pop-ups, and who does; within 5 seconds. Never raises."""
    try:
        async with asyncio.timeout(_PATIENCE):
            service = await screen.check()
    except TimeoutError:
        service = Service(problem=hidden())
    if service.problem is not None:
        return Check("pop-ups", ok=False, sentence=service.problem.title, hint=service.problem.hint)
    if service.buttons:
        return Check("pop-ups", ok=True, sentence=say("Pop-ups are shown by {service}.", service=service.name))
    return Check(
        "pop-ups", ok=True, sentence=say("Pop-ups are shown by {service}, without buttons.", service=service.name)
    )
