"""Words that several sorts of pop-ups share."""

from collections.abc import Callable, Iterable

from babel.lists import format_list

from shopwatch.actions.ring.coalescing import TEXT, TITLE, NotificationPreferences, Realm
from shopwatch.domain.facts import SaleRow
from shopwatch.domain.i18n import say, say_n
from shopwatch.domain.legible import legible, shorten


def marked(title: str, realm: Realm) -> str:
    """`title`, not to be taken for real where it is not."""
    match realm:
        case Realm.PRACTICE:
            return say("Practice: {title}", title=title)
        case Realm.TEST:
            return say("Test: {title}", title=title)
        case Realm.REAL:
            return title


def lately(
    sources: Iterable[str], name_of: Callable[[str], str], minutes: int, preferences: NotificationPreferences
) -> str:
    """When a burst was, and from whom; 0 minutes for some time ago."""
    names = format_list(list(dict.fromkeys(map(name_of, sources))), locale=preferences.locale)
    if not minutes:
        return say("While you were away, from {names}", names=names)
    return say_n("In the last minute, from {names}", "In the last {n} minutes, from {names}", minutes, names=names)


def who_and_what(row: SaleRow) -> str:
    """The customer and what they bought, a line each."""
    items = ", ".join(
        f"{legible(item.name, TEXT)} × {item.qty}" if item.qty != 1 else legible(item.name, TEXT)
        for item in row.sale.items[:4]
    )
    lines = (legible(row.sale.name, TITLE), shorten(items, TEXT // 2))
    return "\n".join(line for line in lines if line)
