"""From verdicts to rows: one batch of deliveries, booked within one transaction."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection, bindparam, select, update

from shopwatch.domain.facts import DeliveryKept, JobsOwed, Outcome, SaleChange, SalesChanged
from shopwatch.domain.instant import Instant
from shopwatch.domain.messages.delivery import Delivery
from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.messages.verdict import Accepted, Challenge, Reason, Rejected, Verdict
from shopwatch.domain.sales.sale import Claim, Part
from shopwatch.ledger import codec, errors
from shopwatch.ledger.engine.ports import Dialect, Row
from shopwatch.ledger.outbox.job_planning import NewEvent, owe
from shopwatch.ledger.outbox.rulebook import RuleBook
from shopwatch.ledger.people import happenings
from shopwatch.ledger.sales.folding import Folder, Group, SaleDraft
from shopwatch.ledger.schema import deliveries, events, heads
from shopwatch.ledger.sources import practice
from shopwatch.ledger.sources.numbers import SourceNumbers
from shopwatch.ledger.text_keys import storable

DIFFERENT_CONTENT = "different-content"
"""The reason of a repeat whose body is not the one that was stored first."""

_BOOKED = frozenset({Kind.SALE, Kind.REFUND, Kind.DISPUTE})
_read_heads = select(heads.c.delivery, heads.c.sale, heads.c.seen, heads.c.moved_to)
_write_heads = update(heads).values(delivery=bindparam("last_delivery"), sale=bindparam("last_sale"))


class Recorded(Struct, frozen=True):
    """What became of a delivery. `delivery_id` is None where its row is written after the answer, or not at all."""

    outcome: Outcome
    reason: str = ""
    delivery_id: int | None = None


@dataclass(slots=True)
class BookedBatch:
    """One batch, booked: what to tell each caller, in their order, and what to tell everyone; `written` is every
    delivery that came of it, with what became of that."""

    recorded: list[Recorded] = field(default_factory=list)
    facts: list[object] = field(default_factory=list)
    written: list[tuple[Delivery, Recorded]] = field(default_factory=list)
    before: int = 0
    """The last delivery there was."""


@dataclass(slots=True)
class _Fresh:
    """An event not known before. `place` is its delivery's place in the batch."""

    place: int
    number: int
    group: Group
    provider: str
    event: Event
    key: bytes
    claim: Claim | None = None
    links: tuple[str, ...] = ()
    written: bytes | None = None
    draft: SaleDraft | None = None


class Booking:
    """One batch on its way into the tables, inside a write transaction.

    A message that tells several events is a delivery for each: the first has the whole message, each further one its
    own part of it. Those stand behind the messages of the batch.
    """

    def __init__(
        self, dialect: Dialect, connection: Connection, sources: SourceNumbers, rules: RuleBook, at: Instant
    ) -> None:
        self._dialect = dialect
        self._rules = rules
        self._connection = connection
        self._sources = sources
        self._at = at
        self._batch: Sequence[tuple[Delivery, Verdict]] = ()
        self._rows: list[Row] = []
        self._booked = BookedBatch()
        self._kept: dict[tuple[str, Outcome, str, bool, str], Instant] = {}

    def book(self, batch: Sequence[tuple[Delivery, Verdict]]) -> BookedBatch:
        """Write all of `batch`. Raises the database's own errors; nothing counts until the caller commits."""
        connection = self._connection
        last = connection.execute(_read_heads).one()
        if last.moved_to:
            raise errors.moved(last.moved_to)
        self._booked.before = last.delivery
        refused = practice.refused(connection, batch, self._sources, self._at)
        further = [
            (place, part)
            for place, (delivery, verdict) in enumerate(batch)
            if isinstance(verdict, Accepted) and verdict.more and place not in refused
            for part in _further_deliveries(delivery, verdict)
        ]
        self._batch = [*batch, *(part for _, part in further)] if further else batch
        numbered = self._number_rows(refused, last.delivery)
        fresh = self._sort_events(numbered)
        self._booked.facts += [
            DeliveryKept(source_id, outcome, at, reason, rehearsed, host)
            for (source_id, outcome, reason, rehearsed, host), at in self._kept.items()
        ]
        folder = Folder(self._dialect, connection, last.sale, last.seen)
        self._assign_numbers(fresh, folder)
        changes = folder.write()
        self._dialect.insert(connection, deliveries, self._rows)
        if fresh:
            self._dialect.insert(connection, events, [self._event_row(each) for each in fresh])
        connection.execute(_write_heads, {"last_delivery": last.delivery + len(self._batch), "last_sale": folder.last})
        if changes:
            self._booked.facts.append(SalesChanged(changes))
        if told := [self._told_facts(each) for each in fresh if happenings.is_happening(each.event)]:
            self._booked.facts.append(happenings.write(self._dialect, connection, told))
        if fresh and (owed := owe(self._dialect, connection, self._rules, self._new_events(fresh, changes), self._at)):
            self._booked.facts.append(JobsOwed(owed))
        recorded = self._booked.recorded
        self._booked.written = [(each[0], told) for each, told in zip(self._batch, recorded, strict=True)]
        for at, (place, _) in enumerate(further, start=len(batch)):
            if recorded[at].outcome is Outcome.ACCEPTED:  # something of the message is new
                recorded[place] = replace(recorded[place], outcome=Outcome.ACCEPTED, reason="")
        del recorded[len(batch) :]
        return self._booked

    def _number_rows(self, refused: frozenset[int], last: int) -> list[_Fresh]:
        """The accepted ones, each with its key; what is not accepted is written down at once."""
        accepted = []
        for place, (delivery, verdict) in enumerate(self._batch):
            source, provider = self._sources.of(self._connection, delivery.source_id)
            number = last + place + 1
            self._rows.append(())
            self._booked.recorded.append(Recorded(Outcome.ACCEPTED, "", number))
            if isinstance(verdict, Accepted) and place not in refused:
                event = verdict.event
                group = (source, delivery.practice_nonce is not None)
                key = event.id.encode("utf-8", "surrogatepass")
                accepted.append(_Fresh(place, number, group, provider, event, key))
            elif isinstance(verdict, Challenge):
                # Handshakes carry secrets: tokens, and keys to the shop itself.
                self._keep_delivery(place, number, source, Outcome.CHALLENGE, with_body=False)
            elif isinstance(verdict, Rejected):
                self._keep_delivery(
                    place, number, source, Outcome.REJECTED, reason=verdict.reason, detail=storable(verdict.detail)
                )
            else:
                self._keep_delivery(place, number, source, Outcome.REJECTED, reason=Reason.PRACTICE_UNKNOWN)
        return accepted

    def _sort_events(self, accepted: list[_Fresh]) -> list[_Fresh]:
        """Write the repeats down, and give back the events that are new."""
        known = self._known_events(accepted)
        fresh = []
        repeats = []
        first_here: dict[int, int] = {}
        for each in accepted:
            ids = known[each.group]
            first = ids.setdefault(each.key, each.number)
            if first == each.number:
                first_here[first] = each.place
                self._keep_delivery(each.place, each.number, each.group[0], Outcome.ACCEPTED, event=first)
                fresh.append(each)
            else:
                repeats.append((each, first))
        if repeats:
            self._book_repeat(repeats, first_here)
        return fresh

    def _known_events(self, accepted: list[_Fresh]) -> dict[Group, dict[bytes, int]]:
        keys: dict[Group, list[bytes]] = {}
        for each in accepted:
            keys.setdefault(each.group, []).append(each.key)
        return {
            group: dict(self._dialect.lookup(self._connection, events, group, asked)) for group, asked in keys.items()
        }

    def _book_repeat(self, repeats: list[tuple[_Fresh, int]], first_here: dict[int, int]) -> None:
        earlier = [first for _, first in repeats if first not in first_here]
        bodies = {
            row.id: row.body
            for row in self._connection.execute(
                select(deliveries.c.id, deliveries.c.body).where(deliveries.c.id.in_(earlier))
            )
        }
        for first, place in first_here.items():
            bodies[first] = self._batch[place][0].request.body
        for each, first in repeats:
            same = self._says_the_same(each.place, bodies.get(first))
            self._keep_delivery(
                each.place,
                each.number,
                each.group[0],
                Outcome.REPEAT,
                reason="" if same else DIFFERENT_CONTENT,
                event=first,
                with_body=not same,
            )

    def _says_the_same(self, place: int, earlier: bytes | None) -> bool:
        """Whether what came first, if that is still known, says of the event what this delivery says of it."""
        delivery, verdict = self._batch[place]
        part = verdict.part if isinstance(verdict, Accepted) else b""
        return earlier is None or delivery.request.body == earlier or (part != b"" and part in earlier)

    def _keep_delivery(
        self,
        place: int,
        number: int,
        source: int,
        outcome: Outcome,
        *,
        reason: str = "",
        detail: str = "",
        event: int | None = None,
        with_body: bool = True,
    ) -> None:
        delivery = self._batch[place][0]
        request = delivery.request
        rehearsed = delivery.practice_nonce is not None
        self._rows[place] = (
            number,
            source,
            delivery.received_at,
            outcome.value,
            str(reason),
            detail,
            event,
            rehearsed,
            storable(request.method),
            storable(request.url),
            request.remote_addr,
            len(request.body),
            codec.write_headers(request.headers),
            request.body if with_body else None,
        )
        if outcome is not Outcome.ACCEPTED:
            self._booked.recorded[place] = Recorded(outcome, reason, number)
        alike = (delivery.source_id, outcome, reason, rehearsed, storable(request.host))
        self._kept[alike] = max(delivery.received_at, self._kept.get(alike, 0))

    def _assign_numbers(self, fresh: list[_Fresh], folder: Folder) -> None:
        called: dict[Group, list[str]] = {}
        telling = []
        for each in fresh:
            event = each.event
            if event.claim is None or event.unreadable or event.kind not in _BOOKED:
                continue
            each.claim, each.links, each.written = codec.clean_claim(event.claim, event.links)
            asked = called.setdefault(each.group, [])
            asked.append(each.claim.order_id)
            asked.extend(each.links)
            telling.append((each, each.claim))
        for each, claim in telling:
            delivery = self._batch[each.place][0]
            if each.group in called:
                folder.know(each.group, delivery.source_id, each.provider, called.pop(each.group))
            event = each.event
            part = Part(
                event.id, storable(event.type), codec.whole(event.occurred_at), claim, each.group[1], event.live
            )
            each.draft = folder.add(each.group, part, (claim.order_id, *each.links), delivery.received_at)

    def _new_events(self, fresh: list[_Fresh], changes: tuple[SaleChange, ...]) -> list[NewEvent]:
        by_sale = {change.row.id: change for change in changes}
        return [
            NewEvent(
                number=each.number,
                source=each.group[0],
                source_id=self._batch[each.place][0].source_id,
                provider=each.provider,
                practice=each.group[1],
                received_at=self._batch[each.place][0].received_at,
                event=each.event,
                late=self._batch[each.place][0].late,
                old=self._batch[each.place][0].old,
                change=by_sale.get(each.draft.final().id) if each.draft else None,
            )
            for each in fresh
            if each.draft is not None or each.event.happening is not None
        ]

    def _told_facts(self, each: _Fresh) -> happenings.NewHappening:
        delivery = self._batch[each.place][0]
        return happenings.NewHappening(
            each.number, delivery.source_id, each.provider, each.event, each.group[1], delivery.received_at
        )

    def _event_row(self, each: _Fresh) -> Row:
        event = each.event
        return (
            each.number,
            *each.group,
            each.key,
            storable(event.type),
            event.kind.value,
            codec.whole(event.occurred_at),
            self._batch[each.place][0].received_at,
            event.live,
            each.draft.final().id if each.draft else None,
            each.written,
            storable(event.unreadable),
            storable(event.needs_fetch),
        )


def _further_deliveries(delivery: Delivery, verdict: Accepted) -> Iterator[tuple[Delivery, Accepted]]:
    """The deliveries of what a message tells beside its first event: a refund may tell a sale of long ago."""
    for each in verdict.more:
        request = replace(delivery.request, body=each.body)
        age = max(delivery.age, delivery.received_at - each.event.occurred_at)
        yield replace(delivery, request=request, age=age), Accepted(each.event, verdict.answer, part=each.body)
