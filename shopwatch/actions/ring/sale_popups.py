"""Which pop-ups sales become, and when the bell rings."""

from collections import Counter
from collections.abc import Callable, Sequence

from babel.lists import format_list
from babel.numbers import format_decimal

from shopwatch.actions.ring.coalescing import (
    MANY_STAY,
    TEXT,
    TITLE,
    Coalescer,
    Decision,
    NotificationPreferences,
    PopUp,
    Realm,
    grouped,
    joined,
    stream_name,
)
from shopwatch.actions.ring.popup_text import lately, who_and_what
from shopwatch.actions.ring.setback_popups import Setback, Turn
from shopwatch.domain.facts import NotificationsDue, SaleRow
from shopwatch.domain.i18n import say, say_n
from shopwatch.domain.legible import legible, shorten
from shopwatch.domain.rules.popup import Destination, Topic
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import SaleState


class SalePopUps:
    """Decides for sales, and for what becomes of them. `name_of` gives the owner's word for a source by its id; see
    `Stream` for the times.

    Those that ring alike share a stream: real money, test mode and practice apart, and what stays from what passes.
    """

    def __init__(self, name_of: Callable[[str], str]) -> None:
        self._name_of = name_of
        self._streams: dict[str, Coalescer[SaleRow]] = {}

    def add(self, batch: NotificationsDue, now: float, preferences: NotificationPreferences) -> Decision:
        """What these sales, refunds and disputes, told together, lead to."""
        return self._join_decisions(
            [
                self._coalescer_for(turn, realm, batch).add(rows, now, preferences)
                for turn, told in (
                    (Turn.PAID, batch.sales),
                    (Turn.REFUND, batch.refunds),
                    (Turn.DISPUTE, batch.disputes),
                )
                for realm, rows in grouped(told, _realm_of).items()
            ]
        )

    def settle(self, now: float, preferences: NotificationPreferences) -> Decision:
        """What has become due since."""
        return self._join_decisions([stream.settle(now, preferences) for stream in self._streams.values()])

    def _coalescer_for(self, turn: Turn, realm: Realm, batch: NotificationsDue) -> Coalescer[SaleRow]:
        name = stream_name(f"{turn}-{realm}", batch)
        if name not in self._streams:
            wording = _Paid(realm, self._name_of) if turn is Turn.PAID else Setback(turn, realm, self._name_of)
            self._streams[name] = Coalescer(name, wording, stays=batch.stays, missed=batch.missed)
        return self._streams[name]

    def _join_decisions(self, decisions: Sequence[Decision]) -> Decision:
        return joined(decisions, [stream.due for stream in self._streams.values()])


def _realm_of(row: SaleRow) -> Realm:
    return Realm.of(practice=row.sale.practice, live=row.sale.live)


class _Paid:
    def __init__(self, realm: Realm, name_of: Callable[[str], str]) -> None:
        self._realm = realm
        self._name_of = name_of

    def one(self, row: SaleRow, preferences: NotificationPreferences) -> PopUp:
        sale = row.sale
        amount = sale.amount.text(preferences.locale) if sale.amount else legible(sale.amount_text, 24)
        text = ""
        match self._realm:
            case Realm.PRACTICE:
                plain, title = say("Practice sale"), say("Practice sale, {amount}", amount=amount)
                text = rehearsed(preferences)
            case Realm.TEST:
                plain, title = say("Test sale"), say("Test sale, {amount}", amount=amount)
            case Realm.REAL if sale.state is SaleState.REFUNDED:
                plain, title = say("A sale came in"), say("{amount}, already given back", amount=amount)
            case Realm.REAL:
                plain, title = say("A sale came in"), amount
        if preferences.hide_details or not amount:
            title = plain
        if not text and not preferences.hide_details:
            text = who_and_what(row)
        return PopUp(
            key=f"sale-{row.id}",
            title=shorten(title, TITLE),
            text=shorten(text or say("From {provider}", provider=self._name_of(row.source_id)), TEXT),
            realm=self._realm,
            opens=Destination(Topic.SALE, row.id),
            order=sale.number or sale.order_id,
        )

    def sum(self) -> "_Sum":
        return _Sum(self._realm, self._name_of)


class _Sum:
    def __init__(self, realm: Realm, name_of: Callable[[str], str]) -> None:
        self._realm = realm
        self._name_of = name_of
        self._sums: Counter[str] = Counter()
        self._sales_in: Counter[str] = Counter()
        self._sources: dict[str, None] = {}

    def add(self, row: SaleRow) -> None:
        self._sources[row.source_id] = None
        money = row.sale.kept or (row.sale.amount if row.sale.practice or not row.sale.live else None)
        if money is not None:
            self._sums[money.currency] += money.minor
            self._sales_in[money.currency] += 1

    def popup(self, key: str, count: int, minutes: int, preferences: NotificationPreferences) -> PopUp:
        many = format_decimal(count, locale=preferences.locale)
        counted = {
            Realm.REAL: say_n("{n} sale", "{n} sales", count, n=many),
            Realm.TEST: say_n("{n} test sale", "{n} test sales", count, n=many),
            Realm.PRACTICE: say_n("{n} practice sale", "{n} practice sales", count, n=many),
        }[self._realm]
        totals = [Money(self._sums[currency], currency) for currency, _ in self._sales_in.most_common()]
        title = counted if preferences.hide_details else _with_totals(counted, totals, preferences.locale)
        text = lately(self._sources, self._name_of, minutes, preferences)
        if self._realm is Realm.PRACTICE:
            text = rehearsed(preferences)
        elif self._realm is Realm.REAL and not minutes:
            title = say_n(
                "While you were away, {n} sale came in", "While you were away, {n} sales came in", count, n=many
            )
            text = _all_safe(() if preferences.hide_details else totals, preferences.locale)
        return PopUp(
            key=key,
            title=shorten(title, TITLE),
            text=shorten(text, TEXT),
            realm=self._realm,
            count=count,
            stays=MANY_STAY,
        )


def rehearsed(preferences: NotificationPreferences) -> str:
    """What a practice message has shown."""
    if preferences.bell:
        return say("Everything works. Pop-ups and bell are on.")
    return say("Everything works. Pop-ups are on, the bell is off.")


def _all_safe(totals: Sequence[Money], locale: str) -> str:
    if not totals:
        return say("All safely stored")
    return say(
        "{amounts}, all safely stored", amounts=format_list([each.text(locale) for each in totals], locale=locale)
    )


def _with_totals(count: str, totals: list[Money], locale: str) -> str:
    """The count with as many totals as the title has room for; a total that is left out is owned up to."""
    for shown in range(len(totals), 0, -1):
        amounts = [money.text(locale) for money in totals[:shown]]
        if shown < len(totals):
            amounts.append(say("more"))
        title = say("{sales}, {amounts}", sales=count, amounts=format_list(amounts, locale=locale))
        if len(title) <= TITLE:
            return title
    return shorten(count, TITLE)
