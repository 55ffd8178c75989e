"""Which sale an event belongs to, and that sale's row."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select, update

from shopwatch.domain.facts import Change, SaleChange, SaleRow
from shopwatch.domain.instant import Instant
from shopwatch.domain.sales.sale import Part, Sale, SaleClaim, SaleState, fold
from shopwatch.ledger import codec
from shopwatch.ledger.engine.ports import Dialect, Row
from shopwatch.ledger.outbox.tables import jobs
from shopwatch.ledger.popular import counting
from shopwatch.ledger.schema import events, names, sales
from shopwatch.ledger.text_keys import name_key, number_key, words

type Group = tuple[int, bool]
"""Number of the source, and whether practice: within it, equal names mean one sale."""

_update_sale = update(sales).where(sales.c.id == bindparam("b_id"))


@dataclass(slots=True, eq=False)
class SaleDraft:
    """A sale that this batch makes or changes. `rows` are the ids it has in the table already."""

    id: int
    group: Group
    source_id: str
    provider: str
    received_at: Instant
    rows: set[int] = field(default_factory=set)
    parts: list[Part] = field(default_factory=list)
    merged_into: "SaleDraft | None" = None

    def final(self) -> "SaleDraft":
        """The draft this one has become part of, or itself."""
        draft = self
        while draft.merged_into is not None:
            draft = draft.merged_into
        return draft


class Folder:
    """All sales that one batch touches. `last` is the last sale id given out."""

    def __init__(self, dialect: Dialect, connection: Connection, last: int, seen: int) -> None:
        self.last = last
        self._dialect = dialect
        self._connection = connection
        self._seen = seen
        self._drafts: list[SaleDraft] = []
        self._sources: dict[Group, tuple[str, str]] = {}
        self._by_name: dict[Group, dict[str, SaleDraft]] = {}
        self._new_names: list[Row] = []

    def know(self, group: Group, source_id: str, provider: str, asked: Sequence[str]) -> None:
        """Find the sales of this source that are stored already under any of these names. Goes before `add`."""
        self._sources[group] = (source_id, provider)
        by_name = self._by_name.setdefault(group, {})
        by_row: dict[int, SaleDraft] = {}
        for name, row in self._dialect.lookup(self._connection, names, group, asked):
            draft = by_row.get(row)
            if draft is None:
                draft = by_row[row] = SaleDraft(row, group, source_id, provider, 0, {row})
            by_name[name] = draft

    def add(self, group: Group, part: Part, called: Iterable[str], at: Instant) -> SaleDraft:
        """The sale which this part tells of, by any of the names it is called; two that prove to be one are merged."""
        by_name = self._by_name[group]
        draft: SaleDraft | None = None
        unknown = []
        for name in called:
            other = by_name.get(name)
            if other is None:
                unknown.append(name)
            elif draft is None:
                draft = other.final()
            elif (other := other.final()) is not draft:
                draft = _merge_groups(draft, other)
        if draft is None:
            self.last += 1
            draft = SaleDraft(self.last, group, *self._sources[group], at)
        if not draft.parts:
            self._drafts.append(draft)
        draft.parts.append(part)
        for name in unknown:
            if name not in by_name:
                by_name[name] = draft
                self._new_names.append((*group, name, draft))
        return draft

    def write(self) -> tuple[SaleChange, ...]:
        """Fold every draft into its row, and say what changed, in the order of arrival."""
        drafts = list(dict.fromkeys(draft.final() for draft in self._drafts))
        changes: dict[SaleDraft, SaleChange] = {}
        fresh = []
        for draft in drafts:
            if draft.rows:
                continue
            row = self._sale_row(draft, _sale_of(draft.parts))
            fresh.append(_columns_of(row, draft.group[0]))
            changes[draft] = SaleChange(row, Change.NEW)
        if fresh:
            self._dialect.insert(self._connection, sales, fresh)
            self._dialect.add_words(self._connection, [(row[0], row[-1]) for row in fresh])
        if len(changes) < len(drafts):
            self._rewrite_sale([draft for draft in drafts if draft.rows], changes)
        if self._new_names:
            self._dialect.insert(
                self._connection, names, [(*named[:-1], named[-1].final().id) for named in self._new_names]
            )
        return tuple(changes[draft] for draft in drafts)

    def _rewrite_sale(self, drafts: list[SaleDraft], changes: dict[SaleDraft, SaleChange]) -> None:
        ids = [row for draft in drafts for row in draft.rows]
        old = {row.id: row for row in self._connection.execute(select(sales).where(sales.c.id.in_(ids)))}
        stored = self._stored_parts(ids)
        forgotten: list[tuple[int, str]] = []
        added: list[tuple[int, str]] = []
        updates: list[dict[str, Any]] = []
        for draft in drafts:
            for gone in draft.rows - {draft.id}:
                self._absorb_sale(draft, gone, stored[gone])
                forgotten.append((gone, old[gone].words))
            draft.received_at = min(old[row].received_at for row in draft.rows)
            sale = fold(draft.parts + [part for row in draft.rows for part, _ in stored[row]])
            before = old[draft.id]
            row = self._sale_row(draft, sale)
            values = dict(zip(sales.columns.keys(), _columns_of(row, draft.group[0]), strict=True))
            if values["words"] != before.words:
                forgotten.append((draft.id, before.words))
                added.append((draft.id, values["words"]))
            updates.append({"b_id": values.pop("id"), **values})
            was_incomplete = before.state == SaleState.INCOMPLETE and sale.state != SaleState.INCOMPLETE
            changes[draft] = SaleChange(row, Change.PAID if was_incomplete else Change.UPDATED)
        if forgotten:
            self._dialect.drop_words(self._connection, forgotten)
        self._connection.execute(_update_sale, updates)
        if added:
            self._dialect.add_words(self._connection, added)

    def _stored_parts(self, rows: Sequence[int]) -> dict[int, list[tuple[Part, tuple[str, ...]]]]:
        found: dict[int, list[tuple[Part, tuple[str, ...]]]] = {row: [] for row in rows}
        for event in self._connection.execute(select(events).where(events.c.sale.in_(rows))):
            found[event.sale].append(part_of(event))
        return found

    def _absorb_sale(self, draft: SaleDraft, gone: int, parts: list[tuple[Part, tuple[str, ...]]]) -> None:
        called = {name for part, links in parts for name in (part.claim.order_id, *links)}
        source, practice = draft.group
        told = select(events.c.id).where(events.c.sale == gone)
        self._connection.execute(update(jobs).where(jobs.c.event.in_(told)).values(sale=draft.id))
        self._connection.execute(update(events).where(events.c.sale == gone).values(sale=draft.id))
        self._connection.execute(
            update(names)
            .where(names.c.source == source, names.c.practice == practice, names.c.name.in_(called))
            .values(sale=draft.id)
        )
        self._connection.execute(delete(sales).where(sales.c.id == gone))
        counting.let_go(self._dialect, self._connection, gone)

    def _sale_row(self, draft: SaleDraft, sale: Sale) -> SaleRow:
        shown = codec.shown(sale)
        return SaleRow(draft.id, draft.source_id, draft.provider, shown, draft.received_at, draft.id <= self._seen)


def part_of(event: Any) -> tuple[Part, tuple[str, ...]]:
    """The part of a sale in a row of `events`, and its links."""
    claim, links = codec.claim_of(event.claim)
    part = Part(
        event_id=event.key.decode("utf-8", "surrogatepass"),
        type=event.type,
        occurred_at=event.occurred_at,
        claim=claim,
        practice=event.practice,
        live=event.live,
    )
    return part, links


def _sale_of(parts: Sequence[Part]) -> Sale:
    """What `fold` makes of the parts; nearly every sale is one part when it comes, and then this is quicker."""
    part = parts[0]
    claim = part.claim
    if len(parts) > 1 or not isinstance(claim, SaleClaim) or claim.unplaced or claim.unconfirmed:
        return fold(parts)
    amount = claim.amount
    return Sale(
        order_id=claim.order_id,
        number=claim.number or claim.order_id,
        state=SaleState.PAID,
        amount=amount,
        amount_text="" if amount else claim.amount_text,
        given_back=None,
        name=claim.name,
        email=claim.email,
        items=claim.items,
        paid_at=part.occurred_at,
        practice=part.practice,
        live=part.live,
    )


def _merge_groups(one: SaleDraft, other: SaleDraft) -> SaleDraft:
    keep, gone = (one, other) if one.id < other.id else (other, one)
    gone.merged_into = keep
    if gone.parts and not keep.parts:
        keep.parts = gone.parts
    else:
        keep.parts.extend(gone.parts)
    keep.rows |= gone.rows
    if not keep.rows:
        keep.received_at = min(keep.received_at, gone.received_at)
    return keep


def _columns_of(row: SaleRow, source: int) -> Row:
    sale = row.sale
    amount, back, kept = sale.amount, sale.given_back, sale.kept
    found_by = words((sale.email, sale.number, sale.order_id, sale.name, *[item.name for item in sale.items]))
    return (
        row.id,
        source,
        row.provider,
        row.received_at,
        sale.order_id,
        sale.number,
        number_key(sale.number),
        sale.state.value,
        amount.currency if amount else "",
        codec.whole(amount.minor) if amount else 0,
        sale.amount_text,
        back.currency if back else "",
        codec.whole(back.minor) if back else 0,
        codec.whole(kept.minor) if kept else None,
        sale.name,
        name_key(sale.name or sale.email),
        sale.email,
        codec.write_items(sale.items),
        sale.paid_at,
        sale.practice,
        sale.live,
        "".join([f" {word}" for word in found_by]),
    )
