"""What the rules owe for the events of one batch, written in the transaction that books them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import msgspec
from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection, select

from shopwatch.domain.facts import Change, SaleChange, SaleRow
from shopwatch.domain.instant import Instant
from shopwatch.domain.messages.event import FILLS_IN, Event, Kind
from shopwatch.domain.rules.job import LATE, JobState
from shopwatch.domain.rules.rule import EMAIL, ONCE, RING, Owed, RuleInput, Trigger, owed
from shopwatch.domain.sales.sale import Claim, DisputeClaim, DisputeState, Part, RefundClaim, SaleState, fold
from shopwatch.ledger.engine.ports import Dialect, Row
from shopwatch.ledger.outbox.rulebook import RuleBook
from shopwatch.ledger.outbox.tables import jobs
from shopwatch.ledger.people.contact_dedup import told_before
from shopwatch.ledger.sales.folding import part_of
from shopwatch.ledger.schema import events, sales
from shopwatch.ledger.text_keys import words

_HAPPENINGS = {
    Kind.CONTACT: Trigger.CONTACT,
    Kind.MESSAGE: Trigger.MESSAGE,
    Kind.FILES: Trigger.FILES,
    Kind.CHECK_IN: Trigger.CHECK_IN,
    Kind.NOTICE: Trigger.NOTICE,
    Kind.SILENCE: Trigger.SILENT,
}


class NewEvent(Struct, frozen=True):
    """An event that is new; `change` is that of its sale in this batch. `late` and `old` are its delivery's."""

    number: int
    source: int
    source_id: str
    provider: str
    practice: bool
    received_at: Instant
    event: Event
    late: bool = False
    old: bool = False
    change: SaleChange | None = None


def owe(
    dialect: Dialect, connection: Connection, book: RuleBook, news: Iterable[NewEvent], at: Instant
) -> frozenset[str]:
    """Write the jobs that `news` owe by the rules of now; the names of their actions."""
    book.refresh(connection)
    if not book.rules:
        return frozenset()
    rows: list[Row] = []
    actions: set[str] = set()
    paid: set[int] = set()
    for each in news:
        trigger = _trigger_of(each, paid)
        if trigger is None:
            continue
        told = _told_events(connection, each, trigger)
        if told and not _is_news(told, each.number):
            continue
        rule_input = _rule_input(each, trigger)
        if book.asks_who and rule_input.sale is not None:
            rule_input = replace(rule_input, customer_known=knows(connection, dialect, rule_input.sale))
        found: Sequence[Owed] = owed(book.rules, rule_input)
        if found and each.change is not None and each.change.change is not Change.NEW:
            found = _not_yet(connection, each, told, found)
        elif found and each.change is None:
            found = _not_retold(connection, each, found)
        rows += [_job_row(each, trigger, job, at) for job in found]
        actions.update(job.action for job in found)
    if rows:
        dialect.insert(connection, jobs, rows)
    return frozenset(actions)


def _trigger_of(news: NewEvent, paid: set[int]) -> Trigger | None:
    event, change = news.event, news.change
    if change is None:
        return _HAPPENINGS.get(event.kind) if event.happening is not None else None
    pays = False
    if event.kind is Kind.SALE:
        fuller = event.id.startswith(FILLS_IN)
        pays = change.row.id not in paid and (change.change is not Change.UPDATED or fuller)
        if not pays or change.row.sale.state is SaleState.INCOMPLETE:
            return None
        paid.add(change.row.id)
    return trigger_of(event.kind, event.claim, pays=pays, practice=news.practice)


def _told_events(connection: Connection, news: NewEvent, trigger: Trigger) -> dict[int, Part]:
    """What the events up to this one, by their numbers, tell of its sale; empty unless money is given back or disputed,
    which may happen more than once and be told in more than one way."""
    if news.change is None or trigger not in (Trigger.SALE_REFUNDED, Trigger.SALE_DISPUTED):
        return {}
    rows = connection.execute(select(events).where(events.c.sale == news.change.row.id, events.c.id <= news.number))
    told = {row.id: part_of(row)[0] for row in rows}
    return {number: part for number, part in told.items() if part.is_sure}


def _is_news(told: Mapping[int, Part], number: int) -> bool:
    """Whether the event of this number tells more than the others have told already."""
    before = [part for other, part in told.items() if other != number]
    if not before or fold(before).standing != fold(told.values()).standing:
        return True
    return _is_another(told[number].claim, [part.claim for part in before])


def _is_another(claim: Claim, before: Iterable[Claim]) -> bool:
    """Whether a refund or dispute is surely none of those that were told before, though the sale stands as it did.

    One without a number of its own, or that tells all that was given back so far, may be any of them.
    """
    if isinstance(claim, RefundClaim) and claim.amount is not None and not claim.amount.minor:
        return False
    number = _number_of(claim)
    others = [_number_of(each) for each in before if type(each) is type(claim)]
    return bool(number) and number not in others and all(others)


def _number_of(claim: Claim) -> str:
    """Of a refund or dispute; empty where it has none."""
    match claim:
        case RefundClaim(refund_id=own, cumulative=False) | DisputeClaim(dispute_id=own) if own != claim.order_id:
            return own
        case _:
            return ""


def trigger_of(kind: Kind, claim: Claim | None, *, pays: bool, practice: bool) -> Trigger | None:
    """What an event of this kind is to the rules; `pays`: by it, its sale is paid. What its provider has not confirmed
    is nothing yet, but in practice."""
    match kind:
        case Kind.SALE:
            return Trigger.SALE_PAID if pays else None
        case Kind.REFUND | Kind.DISPUTE if claim is not None and claim.unconfirmed and not practice:
            return None
        case Kind.REFUND if not (isinstance(claim, RefundClaim) and claim.failed):
            return Trigger.SALE_REFUNDED
        case Kind.DISPUTE if isinstance(claim, DisputeClaim) and claim.state is DisputeState.OPEN:
            return Trigger.SALE_DISPUTED
        case _:
            return _HAPPENINGS.get(kind)


def _rule_input(news: NewEvent, trigger: Trigger) -> RuleInput:
    return RuleInput(
        trigger=trigger,
        event=news.number,
        source_id=news.source_id,
        provider=news.provider,
        at=shop_time(news.received_at),
        practice=news.practice or not news.event.live,
        sale=news.change.row if news.change else None,
        happening=news.event.happening,
    )


def shop_time(instant: Instant) -> datetime:
    """By the clock on the shop's wall, of which rules speak."""
    return datetime.fromtimestamp(instant / 1000)  # noqa: DTZ006 - the shop's own hours


def knows(connection: Connection, dialect: Dialect, row: SaleRow) -> bool | None:
    """Whether the customer of this sale bought before it; None where nobody can say."""
    spelt = words((row.sale.email,))
    if not spelt:
        return None
    earlier = (
        select(sales.c.email)
        .distinct()
        .where(sales.c.id.in_(dialect.matching(spelt, whole=True)), sales.c.id < row.id)
        .where(sales.c.practice == row.sale.practice, sales.c.live == row.sale.live)
        .where(sales.c.state != SaleState.INCOMPLETE.value)
    )
    # A database knows small and capital letters of ASCII only.
    return row.sale.email.casefold() in {email.casefold() for email in connection.execute(earlier).scalars()}


def _not_retold(connection: Connection, news: NewEvent, found: Sequence[Owed]) -> Sequence[Owed]:
    """Those that no earlier telling of the same contact has brought about already; where more is told of it now, only
    what is noticed does not happen again."""
    before = told_before(connection, news.source, news.number, news.event, practice=news.practice)
    if not before.events:
        return found
    owed_before = select(jobs.c.action, jobs.c.rule, jobs.c.step).where(jobs.c.event.in_(before.events))
    told = connection.execute(owed_before).all()
    steps = set() if before.less else {(row.rule, row.step) for row in told}
    return _without_known(found, {row.action for row in told}, steps)


def _without_known(found: Iterable[Owed], noticed: set[str], steps: set[tuple[int, int]]) -> Sequence[Owed]:
    return [
        each
        for each in found
        if (each.rule, each.step) not in steps and not (each.action in ONCE and each.action in noticed)
    ]


def _not_yet(connection: Connection, news: NewEvent, told: Mapping[int, Part], found: Sequence[Owed]) -> Sequence[Owed]:
    """Those that an earlier event of the same sale has not brought about already."""
    query = select(jobs.c.action, jobs.c.rule, jobs.c.step).join(events, events.c.id == jobs.c.event)
    if told:
        query = query.where(jobs.c.event.in_(_filled_in(news, told)))
    elif news.change is not None:
        query = query.where(events.c.sale == news.change.row.id, jobs.c.trigger == Trigger.SALE_PAID.value)
    before = connection.execute(query).all()
    return _without_known(found, {row.action for row in before}, {(row.rule, row.step) for row in before})


def _filled_in(news: NewEvent, told: Mapping[int, Part]) -> list[int]:
    """The numbers of the events that told of the same refund, if none of them said yet how much it is, as this one
    does."""
    claim = news.event.claim
    if not isinstance(claim, RefundClaim) or claim.amount is None:
        return []
    same = {
        number: part.claim
        for number, part in told.items()
        if number != news.number
        and isinstance(part.claim, RefundClaim)
        and (part.claim.refund_id == claim.refund_id or news.event.id == f"{FILLS_IN}{part.event_id}")
    }
    return [] if any(each.amount is not None for each in same.values()) else list(same)


def _job_row(news: NewEvent, trigger: Trigger, job: Owed, at: Instant) -> Row:
    held = news.old and job.action == EMAIL
    late = {LATE: "yes"} if news.late and job.action == RING else {}
    return (
        news.number,
        job.rule,
        job.step,
        news.source,
        news.practice,
        trigger.value,
        job.action,
        msgspec.json.encode({**job.settings, **late}).decode(),
        news.change.row.id if news.change else None,
        (JobState.HELD if held else JobState.WAITING).value,
        0,
        at,
        at,
        at,
        "",
        "",
        "",
    )
