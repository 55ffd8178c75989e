"""A delivery in words, for cells, the reader beside them and screen readers."""

from dataclasses import dataclass
from datetime import date

from shopwatch.domain.facts import Outcome
from shopwatch.domain.i18n import number, say
from shopwatch.domain.legible import legible
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.messages.verdict import Reason
from shopwatch.domain.source import NO_OPTIONS, Options
from shopwatch.ledger import DIFFERENT_CONTENT
from shopwatch.ledger.inbox.query import DeliveryRow, Result
from shopwatch.presenting.pill import PillLook
from shopwatch.presenting.sales.sale_text import provider_name, tile_letters
from shopwatch.presenting.times import exact, precise
from shopwatch.providers import provider
from shopwatch.providers.provider import Assurance

_SHORT = 24
"""A longer number is no name for a sale."""


@dataclass(frozen=True, slots=True)
class DeliveryText:
    """One line of the list, ready to be painted. `faint`: nothing of it counts."""

    time: str
    sender: str
    about: str
    provider: str
    letters: str
    pill: PillLook
    faint: bool

    def cells(self) -> tuple[str, ...]:
        """By column."""
        return (self.time, self.sender, self.about, self.pill.text)

    def spoken(self) -> str:
        """For screen readers."""
        return ", ".join(self.cells())


def delivery_text(row: DeliveryRow, locale: str, today: date, source_names: dict[str, str]) -> DeliveryText:
    return DeliveryText(
        time=precise(row.received_at, locale, today),
        sender=sender_of(row, source_names),
        about=about_of(row),
        provider=row.provider,
        letters=tile_letters(row.provider),
        pill=pill_of(row.result),
        faint=row.practice,
    )


def sender_of(row: DeliveryRow, source_names: dict[str, str]) -> str:
    return legible(source_names.get(row.source_id) or provider_name(row.provider), 60)


def about_of(row: DeliveryRow) -> str:
    """What it is about, in a word or two."""
    match row.outcome:
        case Outcome.CHALLENGE:
            return say("Greeting")
        case Outcome.REPEAT:
            return say("Other content") if row.reason == DIFFERENT_CONTENT else say("Same message")
        case Outcome.REJECTED:
            return _why_in_short(row.reason)
        case Outcome.ACCEPTED:
            told = say("Not understood") if row.unreadable else _told(row)
            return say("Practice: {told}", told=told) if row.practice else told


def _told(row: DeliveryRow) -> str:
    match row.kind:
        case Kind.SALE:
            return say("Payment")
        case Kind.REFUND:
            return say("Refund")
        case Kind.DISPUTE:
            return say("Dispute")
        case Kind.CONTACT:
            return say("Contact")
        case Kind.MESSAGE:
            return say("Text message")
        case Kind.FILES:
            return say("Changed files")
        case Kind.CHECK_IN:
            return say("Check-in")
        case Kind.NOTICE:
            return say("Notice")
        case Kind.TEST:
            return say("Test message")
        case Kind.PING:
            return say("Sign of life")
        case _:
            return legible(row.event_type, 60) or say("Nothing to count")


def _why_in_short(reason: str) -> str:
    match reason:
        case Reason.SIGNATURE_MISMATCH:
            return say("Does not fit")
        case Reason.SIGNATURE_MISSING:
            return say("No signature")
        case Reason.TOKEN_MISSING | Reason.TOKEN_MISMATCH:
            return say("Wrong secret")
        case Reason.HINT:
            return say("Hint")
        case Reason.PING:
            return say("Sign of life")
        case Reason.UNDESCRIBED:
            return say("Not described")
        case Reason.TOO_OLD:
            return say("Too old")
        case Reason.FROM_THE_FUTURE:
            return say("Ahead of time")
        case Reason.ADDRESS:
            return say("From elsewhere")
        case Reason.PRACTICE_UNKNOWN:
            return say("Not our practice")
        case Reason.NO_SECRET:
            return say("No secret yet")
        case Reason.ID_UNUSABLE:
            return say("No number")
        case _:
            return say("Unknown kind")


def pill_of(result: Result) -> PillLook:
    match result:
        case Result.ACCEPTED:
            return PillLook("ok", "check-bold", say("Accepted"))
        case Result.REPEAT:
            return PillLook("neutral", "copy-bold", say("Repeat"))
        case Result.REJECTED:
            return PillLook("bad", "x-bold", say("Rejected"))
        case Result.SET_ASIDE:
            return PillLook("warn", "clock-bold", say("Set aside"))


def headline(row: DeliveryRow, source_names: dict[str, str]) -> str:
    """What the reader is called."""
    about, sender = about_of(row), sender_of(row, source_names)
    if 0 < len(row.sale_number) <= _SHORT:
        return say("{about} {number} from {sender}", about=about, number=legible(row.sale_number, 60), sender=sender)
    if row.unreadable:
        return say("Message from {sender}", sender=sender)
    if row.outcome is Outcome.REJECTED and row.result is not Result.ACCEPTED:
        return say("Message to your {sender} address", sender=sender)
    return say("{about} from {sender}", about=about, sender=sender)


def fate(row: DeliveryRow, locale: str, today: date, options: Options = NO_OPTIONS) -> str:
    """When it came, and what was done with it."""
    when = exact(row.received_at, locale, today)
    if row.practice and row.result is Result.ACCEPTED:
        return say("{when}. Practice: never counted.", when=when)
    match row.result:
        case Result.ACCEPTED if row.reason == Reason.HINT:
            return say("{when}. It only says that something happened; ShopWatch asks what.", when=when)
        case Result.ACCEPTED if row.outcome in (Outcome.CHALLENGE, Outcome.REJECTED):
            return say("{when}. Answered; there is nothing to count in it.", when=when)
        case Result.ACCEPTED:
            return _believed(row, when, options)
        case Result.REPEAT if row.reason == DIFFERENT_CONTENT:
            return say("{when}. It arrived twice with different content. The first one counts.", when=when)
        case Result.REPEAT:
            return say("{when}. It had come before, so nothing was done twice.", when=when)
        case Result.REJECTED:
            return say("{when}. Kept, but not counted.", when=when)
        case Result.SET_ASIDE:
            return say("{when}. Set aside, and not counted.", when=when)


def _believed(row: DeliveryRow, when: str, options: Options) -> str:
    known = provider(row.provider)
    match known.described(options).assurance if known else Assurance.SIGNED:
        case Assurance.SIGNED:
            return say("{when}. The signature fits.", when=when)
        case Assurance.TOKEN:
            return say("{when}. It shows the right secret.", when=when)
        case Assurance.ADDRESS:
            return say("{when}. It knows your address; this service shows nothing more.", when=when)


def why_gone(row: DeliveryRow) -> str:
    if row.result is Result.REPEAT:
        return say("It was the same message once more, so only its size was kept: {size} bytes.", size=number(row.size))
    if row.outcome is Outcome.CHALLENGE:
        return say("It may hold a secret of your shop, so only its size was kept: {size} bytes.", size=number(row.size))
    if not row.headers:
        return say(
            "It was removed with a person who was forgotten. Only its size is known: {size} bytes.",
            size=number(row.size),
        )
    return say("This message is no longer kept.")
