"""What happens to a subscription, whoever bills it: steps, one after the other, and what comes of them."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from enum import StrEnum
from random import Random

from shopwatch.domain.sales.sale import SaleState


class Step(StrEnum):
    """With what is told twice, which each way of telling adds, twelve kinds."""

    START = "start"
    """The first payment, at the checkout."""
    TRIAL = "trial"
    """Instead of START: a checkout at which nothing is paid."""
    RENEWAL = "renewal"
    FAILED = "failed payment"
    PART_REFUND = "part refund"
    FULL_REFUND = "full refund"
    """All that is left of a payment."""
    REFUND_FAILED = "failed refund"
    """The part refund before it did not reach the customer."""
    DISPUTED = "dispute"
    DISPUTE_WON = "dispute won"
    DISPUTE_LOST = "dispute lost"
    CANCELLED = "cancelled"


PAID = frozenset({Step.START, Step.RENEWAL})


@dataclass(frozen=True, slots=True)
class Happened:
    """`payment` counts payments, and failed ones, from 0; `number` counts the steps of the life from 0. `minor` is how
    much this step is about, in cents; `at` the second."""

    step: Step
    number: int
    payment: int
    minor: int
    at: int


@dataclass(frozen=True, slots=True)
class Life:
    """One subscription. `price` is each payment's, in cents of USD; `number` tells it from the others, and lets a
    writer vary what its messages look like."""

    number: int
    price: int
    steps: tuple[Happened, ...]

    def of(self, payment: int) -> tuple[Happened, ...]:
        """What happened to one payment."""
        return tuple(each for each in self.steps if each.payment == payment)


@dataclass(frozen=True, slots=True)
class Sum:
    """How one payment stands in the books: `kept` counts in the totals."""

    amount: int
    given_back: int
    kept: int
    state: SaleState


def live(number: int, chance: Random, tells: Collection[Step], began: int) -> Life:
    """A life of these kinds of steps, a minute and more apart."""
    price, at = chance.randrange(300, 20_000), began
    steps: list[Happened] = []

    def happen(step: Step, payment: int, minor: int) -> bool:
        nonlocal at
        if step not in tells:
            return False
        at += 60 + chance.randrange(240)
        steps.append(Happened(step, len(steps), payment, minor, at))
        return True

    trial = Step.TRIAL in tells and chance.random() < 0.3
    for payment in range(chance.randrange(1, 4)):
        first = payment == 0
        if not first and chance.random() < 0.3:
            happen(Step.FAILED, payment, price)
        happen((Step.TRIAL if trial else Step.START) if first else Step.RENEWAL, payment, price)
        if not (first and trial):
            _afterwards(happen, chance, payment, price)
    if chance.random() < 0.5:
        happen(Step.CANCELLED, payment, 0)
    return Life(number, price, tuple(steps))


type _Happen = Callable[[Step, int, int], bool]


def _afterwards(happen: _Happen, chance: Random, payment: int, price: int) -> None:
    left = price
    for _ in range(chance.choice((0, 0, 1, 2))):
        part = chance.randrange(1, max(2, left // 2))
        if happen(Step.PART_REFUND, payment, part) and not (
            chance.random() < 0.2 and happen(Step.REFUND_FAILED, payment, part)
        ):
            left -= part
    outcome = chance.choice((None, None, Step.FULL_REFUND, Step.DISPUTED, Step.DISPUTE_WON, Step.DISPUTE_LOST))
    if outcome is not None and (
        outcome is Step.FULL_REFUND or (happen(Step.DISPUTED, payment, left) and outcome is not Step.DISPUTED)
    ):
        happen(outcome, payment, left)


def sums(life: Life) -> list[Sum]:
    """What the owner's books must hold of it: a sum for each payment, and nothing else."""
    paid = sorted({each.payment for each in life.steps if each.step in PAID})
    return sorted((_sum(life.price, life.of(payment)) for payment in paid), key=repr)


def _sum(price: int, steps: tuple[Happened, ...]) -> Sum:
    back, state = 0, SaleState.PAID
    for each in steps:
        match each.step:
            case Step.PART_REFUND | Step.FULL_REFUND:
                back += each.minor
            case Step.REFUND_FAILED:
                back -= each.minor
            case Step.DISPUTED:
                state = SaleState.DISPUTED
            case Step.DISPUTE_WON:
                state = SaleState.PAID
            case Step.DISPUTE_LOST:
                state = SaleState.LOST
            case _:
                pass
    if state is SaleState.PAID and back:
        state = SaleState.REFUNDED if back == price else SaleState.PART_REFUNDED
    return Sum(price, back, 0 if state is SaleState.LOST else price - back, state)
