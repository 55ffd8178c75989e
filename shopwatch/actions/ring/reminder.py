"""The reminder of sales whose pop-ups nobody has opened."""

from shopwatch.actions.ring.coalescing import MANY_STAY, Decision, NotificationPreferences, PopUp, Realm
from shopwatch.domain.facts import NotificationsDue
from shopwatch.domain.i18n import say, say_n


class Reminder:
    """Counts the real sales since the owner last looked; reminds of them once, some minutes after the first."""

    def __init__(self) -> None:
        self._unseen = 0
        self._due: float | None = None

    def add(self, batch: NotificationsDue, now: float, preferences: NotificationPreferences) -> Decision:
        """These were told."""
        sold = sum(not row.sale.practice and row.sale.live for row in batch.sales)
        if sold and preferences.remind_after:
            self._unseen += sold
            if self._due is None:
                self._due = now + preferences.remind_after * 60
        return Decision(due=self._due)

    def seen(self) -> None:
        """The owner has looked."""
        self._unseen, self._due = 0, None

    def settle(self, now: float, preferences: NotificationPreferences) -> Decision:
        """The reminder, if it is time for it."""
        if self._due is None or now < self._due:
            return Decision(due=self._due)
        count = self._unseen
        self.seen()
        if not preferences.remind_after:
            return Decision()
        title = say_n("{n} sale waits for a look", "{n} sales wait for a look", count)
        return Decision((PopUp("reminder", title, say("Nobody has opened it yet."), Realm.REAL, stays=MANY_STAY),))
