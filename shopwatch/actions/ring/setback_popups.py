"""Which pop-ups refunds and disputes become."""

from collections.abc import Callable
from enum import StrEnum

from shopwatch.actions.ring.coalescing import MANY_STAY, TEXT, TITLE, NotificationPreferences, PopUp, Realm
from shopwatch.actions.ring.popup_text import lately, marked, who_and_what
from shopwatch.domain.facts import SaleRow
from shopwatch.domain.i18n import say, say_n
from shopwatch.domain.legible import shorten
from shopwatch.domain.rules.popup import Destination, Topic


class Turn(StrEnum):
    """What a sale has come to."""

    PAID = "paid"
    REFUND = "refund"
    DISPUTE = "dispute"


class Setback:
    """The wording of refunds, or of disputes."""

    def __init__(self, turn: Turn, realm: Realm, name_of: Callable[[str], str]) -> None:
        self._turn = turn
        self._realm = realm
        self._name_of = name_of

    def one(self, row: SaleRow, preferences: NotificationPreferences) -> PopUp:
        title = (
            _plain_text(self._turn) if preferences.hide_details else _popup_title(self._turn, row, preferences.locale)
        )
        text = "" if preferences.hide_details else who_and_what(row)
        return PopUp(
            key=f"{self._turn}-{row.id}",
            title=shorten(marked(title, self._realm), TITLE),
            text=shorten(text or say("From {provider}", provider=self._name_of(row.source_id)), TEXT),
            realm=self._realm,
            opens=Destination(Topic.SALE, row.id),
            order=row.sale.number or row.sale.order_id,
        )

    def sum(self) -> "_Sum":
        return _Sum(self._turn, self._realm, self._name_of)


class _Sum:
    def __init__(self, turn: Turn, realm: Realm, name_of: Callable[[str], str]) -> None:
        self._turn = turn
        self._realm = realm
        self._name_of = name_of
        self._sources: dict[str, None] = {}

    def add(self, row: SaleRow) -> None:
        self._sources[row.source_id] = None

    def popup(self, key: str, count: int, minutes: int, preferences: NotificationPreferences) -> PopUp:
        counted = (
            say_n("{n} sale given back", "{n} sales given back", count)
            if self._turn is Turn.REFUND
            else say_n("{n} sale disputed", "{n} sales disputed", count)
        )
        return PopUp(
            key=key,
            title=shorten(marked(counted, self._realm), TITLE),
            text=shorten(lately(self._sources, self._name_of, minutes, preferences), TEXT),
            realm=self._realm,
            count=count,
            stays=MANY_STAY,
        )


def _plain_text(turn: Turn) -> str:
    return say("Money was given back") if turn is Turn.REFUND else say("A sale is disputed")


def _popup_title(turn: Turn, row: SaleRow, locale: str) -> str:
    sale = row.sale
    money = sale.given_back if turn is Turn.REFUND else sale.amount
    if money is None:
        return _plain_text(turn)
    if turn is Turn.REFUND:
        return say("{amount} given back", amount=money.text(locale))
    return say("A sale of {amount} is disputed", amount=money.text(locale))
