"""The reminder of sales whose pop-ups nobody has opened."""

from shopwatch.actions.ring.coalescing import MANY_STAY, Decision, PopUp, Realm, Wishes
from shopwatch.domain.facts import Rung
from shopwatch.domain.i18n import say, say_n


class Reminder:
    """Counts the real sales since the owner last looked; reminds of them once, some minutes after the first."""

    def __init__(self) -> None:
        self._unseen = 0
        self._due: float | None = None

    def add(self, rung: Rung, now: float, wishes: Wishes) -> Decision:
        """These were told."""
        sold = sum(not row.sale.practice and row.sale.live for row in rung.sales)
        if sold and wishes.remind_after:
            self._unseen += sold
            if self._due is None:
                self._due = now + wishes.remind_after * 60
        return Decision(due=self._due)

    def seen(self) -> None:
        """The owner has looked."""
        self._unseen, self._due = 0, None

    def settle(self, now: float, wishes: Wishes) -> Decision:
        """The reminder, if it is time for it."""
        if self._due is None or now < self._due:
            return Decision(due=self._due)
        count = self._unseen
        self.seen()
        if not wishes.remind_after:
            return Decision()
        title = say_n("{n} sale waits for a look", "{n} sales wait for a look", count)
        return Decision((PopUp("reminder", title, say("Nobody has opened it yet."), Realm.REAL, stays=MANY_STAY),))
