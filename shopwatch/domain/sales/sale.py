"""A sale: what several events say of one purchase, folded into one state."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from msgspec import Struct

from shopwatch.domain.instant import Instant
from shopwatch.domain.sales.money import Money


class SaleState(StrEnum):
    PAID = "paid"
    PART_REFUNDED = "part-refunded"
    REFUNDED = "refunded"
    DISPUTED = "disputed"
    LOST = "lost"
    """A dispute that the customer's bank decided against the shop. One about a part of the order takes that part, as if
    it were given back."""
    INCOMPLETE = "incomplete"
    """Only a refund or dispute has come so far; the sale itself is still on its way."""


class DisputeState(StrEnum):
    OPEN = "open"
    WON = "won"
    LOST = "lost"


class Item(Struct, frozen=True):
    """One line of the receipt; `unit` is the price of one, None where the payload does not say."""

    name: str
    qty: int
    unit: Money | None = None


class SaleClaim(Struct, frozen=True, tag=True):
    """What one event says of a sale. Empty text or None means: this event does not say."""

    order_id: str
    amount: Money | None
    number: str = ""
    """The order's number as the owner knows it (Shopify's "#1001"); the order id where there is none."""
    name: str = ""
    email: str = ""
    items: tuple[Item, ...] = ()
    amount_text: str = ""
    """The amount as sent, where it cannot be counted with certainty."""
    language: str = ""
    """The customer's, as a tag such as "de-AT"."""
    payment: str = ""
    """Which payment of the order `amount` is, where one order may be paid by several; empty: `amount` is all of it."""
    unplaced: bool = False
    """The payment may be one of an order that this event does not name: it is no sale before another event says whose
    it is."""
    unconfirmed: bool = False
    """Whether anything was paid, only the provider can say, and it was not asked yet: so far it is no sale."""


class RefundClaim(Struct, frozen=True, tag=True):
    """Money given back on an order. With `cumulative`, `amount` is the total so far and replaces smaller ones.

    `payment`: of which payment of the order it is, where one order may be paid by several; empty: of the order.
    `partial`: it is not all of the order's; for messages that do not say how much. `failed`: the refund of this id did
    not reach the customer after all, and counts no more.
    """

    order_id: str
    amount: Money | None
    refund_id: str
    cumulative: bool = False
    partial: bool = False
    failed: bool = False
    amount_text: str = ""
    """The amount as sent, where it cannot be counted with certainty."""
    payment: str = ""
    unconfirmed: bool = False
    """Whether anything was given back, only the provider can say, and it was not asked yet: so far nothing was."""


class DisputeClaim(Struct, frozen=True, tag=True):
    order_id: str
    amount: Money | None
    dispute_id: str
    state: DisputeState = DisputeState.OPEN
    amount_text: str = ""
    """The amount as sent, where it cannot be counted with certainty."""
    unconfirmed: bool = False
    """Whether there is a dispute, only the provider can say, and it was not asked yet: so far there is none."""


type Claim = SaleClaim | RefundClaim | DisputeClaim


class Part(Struct, frozen=True):
    """One event's claim about a sale, with what orders it among the others."""

    event_id: str
    type: str
    occurred_at: Instant
    claim: Claim
    practice: bool = False
    live: bool = True

    @property
    def is_sure(self) -> bool:
        """Whether nobody has to confirm it any more; of practice, nobody is asked."""
        return self.practice or not self.claim.unconfirmed


class Sale(Struct, frozen=True):
    """One sale as all its parts together tell it."""

    order_id: str
    number: str
    state: SaleState
    amount: Money | None
    amount_text: str
    given_back: Money | None
    name: str
    email: str
    items: tuple[Item, ...]
    paid_at: Instant
    """When it was paid; while incomplete, when the first part happened."""
    practice: bool
    live: bool
    """False for the provider's own test mode."""

    @property
    def kept(self) -> Money | None:
        """What counts in totals: the amount less what was given back.

        None for practice, test mode, and money that is lost, all given back, not sure, or none at all.
        """
        if self.practice or not self.live or self.amount is None or not self.amount.minor:
            return None
        if self.state in (SaleState.REFUNDED, SaleState.INCOMPLETE, SaleState.LOST):
            return None
        if self.given_back is None:
            return None if self.state is SaleState.PART_REFUNDED else self.amount
        if self.given_back.currency != self.amount.currency:
            return None
        return Money(max(0, self.amount.minor - self.given_back.minor), self.amount.currency)

    @property
    def standing(self) -> tuple[SaleState, Money | None, Money | None]:
        """How it stands; a part that leaves this as it was tells nothing that matters."""
        return self.state, self.amount, self.given_back


@dataclass(slots=True)
class _Refunds:
    currency: str | None = None
    single: dict[str, tuple[str, int]] = field(default_factory=dict)
    """By their ids: the payment, and how much."""
    cumulative: dict[str, int] = field(default_factory=dict)
    """By payment."""
    failed: set[str] = field(default_factory=set)
    unclear: dict[str, bool] = field(default_factory=dict)
    """Those that cannot be added, by their ids: whether they are of a part."""
    general: set[str] = field(default_factory=set)
    """The ids that are the order's own: such a refund says of the order what others may say in numbers."""

    def add(self, claim: RefundClaim) -> None:
        """The next one, in the order in which they happened."""
        if claim.failed:
            self._undo(claim)
            return
        if claim.refund_id == claim.order_id:
            self.general.add(claim.refund_id)
        if claim.amount is None or self.currency not in (None, claim.amount.currency):
            self.unclear[claim.refund_id] = self.unclear.get(claim.refund_id, True) and claim.partial
            return
        self.currency = claim.amount.currency
        if claim.cumulative:
            self.cumulative[claim.payment] = max(self.cumulative.get(claim.payment, 0), claim.amount.minor)
            self.unclear.clear()
        else:
            payment, most = self.single.get(claim.refund_id, (claim.payment, 0))
            self.single[claim.refund_id] = payment or claim.payment, max(most, claim.amount.minor)

    def _undo(self, claim: RefundClaim) -> None:
        """Totals that are told later leave it out themselves."""
        if claim.refund_id not in self.failed and claim.amount is not None:
            self.cumulative[claim.payment] = max(0, self.cumulative.get(claim.payment, 0) - claim.amount.minor)
        self.failed.add(claim.refund_id)

    @property
    def uncounted(self) -> SaleState:
        """What those come to of which nobody knows how much they are."""
        counted = self.single.keys() | (self.general if self.single or any(self.cumulative.values()) else set())
        standing = [partial for refund_id, partial in self.unclear.items() if refund_id not in self.failed | counted]
        if not standing:
            return SaleState.PAID
        return SaleState.PART_REFUNDED if all(standing) else SaleState.REFUNDED

    @property
    def total(self) -> Money | None:
        """None where nothing was given back, or nobody knows how much."""
        if self.uncounted is not SaleState.PAID:
            return None
        stood: dict[str, int] = {}
        for refund_id, (payment, minor) in self.single.items():
            stood[payment] = stood.get(payment, 0) + (0 if refund_id in self.failed else minor)
        given = sum(max(self.cumulative.get(each, 0), stood.get(each, 0)) for each in stood | self.cumulative)
        return Money(given, self.currency) if self.currency and given else None


def fold(parts: Iterable[Part]) -> Sale:
    """One sale from its parts, in whatever order they came and however often.

    Any permutation of the same parts gives the same sale. Of several sale claims, the earliest that says a thing
    decides it, but the one with the most items what was bought, because some messages hold only the first; amounts of
    different payments are added up, where none says what the whole order cost. Payments that are unplaced add what they
    say, but alone they make no sale. Unconfirmed claims say nothing beside others, and make no sale, refund or dispute;
    those of practice, about which nobody is asked, do.
    Raises ValueError without parts.
    """
    ordered = sorted(set(parts), key=lambda part: (part.occurred_at, part.event_id))
    if not ordered:
        raise ValueError("a sale has at least one part")
    told = [part for part in ordered if isinstance(part.claim, SaleClaim)]
    sure = [part for part in told if part.is_sure]
    sales = sure or told
    claims = [part.claim for part in sales if isinstance(part.claim, SaleClaim)]
    placed = [part for part in sure if isinstance(part.claim, SaleClaim) and not part.claim.unplaced]
    refunds = _Refunds()
    disputes: dict[str, DisputeClaim] = {}
    for part in (each for each in ordered if each.is_sure):
        if isinstance(part.claim, RefundClaim):
            refunds.add(part.claim)
        elif isinstance(part.claim, DisputeClaim):
            known = disputes.get(part.claim.dispute_id)
            if known is None or known.state is DisputeState.OPEN:
                disputes[part.claim.dispute_id] = part.claim
    amount = _paid(claims)
    standing = {case.state for case in disputes.values()}
    back, uncounted = refunds.total, refunds.uncounted
    lost = [case.amount for case in disputes.values() if case.state is DisputeState.LOST]
    if uncounted is SaleState.PAID and (less := _partly_lost(amount, back, lost)) is not None:
        back = less
        standing.discard(DisputeState.LOST)
    first = (placed or sales or ordered)[0]
    order_id = first.claim.order_id
    return Sale(
        order_id=order_id,
        number=next((claim.number for claim in claims if claim.number), order_id),
        state=_state(bool(placed), amount, back, uncounted, standing),
        amount=amount,
        amount_text="" if amount else next((claim.amount_text for claim in claims if claim.amount_text), ""),
        given_back=back,
        name=next((claim.name for claim in claims if claim.name), ""),
        email=next((claim.email for claim in claims if claim.email), ""),
        items=max((claim.items for claim in claims), key=len, default=()),
        paid_at=first.occurred_at,
        practice=any(part.practice for part in ordered),
        live=all(part.live for part in ordered),
    )


def _paid(claims: Iterable[SaleClaim]) -> Money | None:
    """What the whole order cost; None if one of its payments is not known."""
    payments: dict[str, Money | None] = {}
    for claim in claims:
        earlier = payments.get(claim.payment)
        # What was free at first may be paid later.
        payments[claim.payment] = earlier if earlier and earlier.minor else claim.amount or earlier
    whole = payments.pop("", None)
    known = [amount for amount in payments.values() if amount]
    if whole or len(known) < len(payments) or len({amount.currency for amount in known}) != 1:
        return whole
    return Money(sum(amount.minor for amount in known), known[0].currency)


def _partly_lost(amount: Money | None, back: Money | None, lost: Sequence[Money | None]) -> Money | None:
    """All that was given back and lost, where disputes took a part of the order that is known, and not all that was
    left."""
    gone = [each for each in (back, *lost) if each is not None and each.minor]
    if amount is None or len(gone) < len(lost) + (back is not None) or not lost:
        return None
    total = sum(each.minor for each in gone)
    same = all(each.currency == amount.currency for each in gone)
    return Money(total, amount.currency) if same and total < amount.minor else None


def _state(
    paid: bool, amount: Money | None, back: Money | None, uncounted: SaleState, standing: set[DisputeState]
) -> SaleState:
    if not paid:
        return SaleState.INCOMPLETE
    if DisputeState.OPEN in standing:
        return SaleState.DISPUTED
    if DisputeState.LOST in standing:
        return SaleState.LOST
    if back is None:
        return uncounted
    if amount is None or (back.currency == amount.currency and back.minor < amount.minor):
        return SaleState.PART_REFUNDED
    return SaleState.REFUNDED
