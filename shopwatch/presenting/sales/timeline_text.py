"""The steps of a sale's time line, in words."""

from collections.abc import Sequence
from datetime import date
from operator import itemgetter

from shopwatch.domain.i18n import say
from shopwatch.domain.instant import Instant
from shopwatch.domain.legible import legible
from shopwatch.domain.messages.event import FETCHED, NOT_FETCHED
from shopwatch.domain.rules.job import Job
from shopwatch.domain.sales.sale import DisputeClaim, DisputeState, RefundClaim, SaleClaim, SaleState
from shopwatch.ledger.sales.query import Moment, SaleDetail
from shopwatch.presenting.amounts import money_text
from shopwatch.presenting.sales.job_steps import JobStep, job_step
from shopwatch.presenting.sales.sale_text import provider_name
from shopwatch.presenting.times import stamp

_MOST_STEPS = 40


def steps_of(detail: SaleDetail, jobs: Sequence[Job], locale: str, today: date) -> tuple[JobStep, ...]:
    """What was told of the sale and what was done about it, in the order in which things happened."""
    name = provider_name(detail.row.provider)
    told = [(_when(moment), _step(moment, name, locale, today)) for moment in _not_said_before(detail.moments)]
    done = [(job.changed_at, job_step(job, locale, today)) for job in jobs]
    steps = [step for _, step in sorted(told + done, key=itemgetter(0))[:_MOST_STEPS]]
    return (*steps, _awaited(name)) if detail.row.sale.state is SaleState.INCOMPLETE else tuple(steps)


def _not_said_before(moments: Sequence[Moment]) -> list[Moment]:
    """Without what several messages say of one payment: the first of them says that it was paid."""
    claims = [each.part.claim for each in moments]
    whole = any(isinstance(claim, SaleClaim) and not claim.payment for claim in claims)
    found: list[Moment] = []
    paid: set[str] = set()
    for moment in sorted(moments, key=lambda each: each.part.occurred_at):
        claim = moment.part.claim
        if isinstance(claim, SaleClaim) and moment.part.type not in (FETCHED, NOT_FETCHED):
            payment = "" if whole else claim.payment
            if payment in paid:
                continue
            paid.add(payment)
        found.append(moment)
    return found


def _awaited(name: str) -> JobStep:
    hint = say("If it stays so, see that {name} sends all that is to be ticked there, or add an API key.", name=name)
    return JobStep("neutral", "clock-bold", say("Which sale this belongs to is not known yet"), "", hint)


def _when(moment: Moment) -> Instant:
    """What was asked for belongs where it was answered, not where the sale is."""
    return moment.received_at if moment.part.type in (FETCHED, NOT_FETCHED) else moment.part.occurred_at


def _step(moment: Moment, name: str, locale: str, today: date) -> JobStep:
    part = moment.part
    time = stamp(_when(moment), locale, today)
    match part.claim:
        case _ if part.type == FETCHED:
            return JobStep("neutral", "check-bold", say("{name} told the rest", name=name), time)
        case _ if part.type == NOT_FETCHED:
            gone = say("ShopWatch asked for a day and asks no more")
            return JobStep("neutral", "x-bold", say("{name} did not tell the rest", name=name), time, gone)
        case SaleClaim() if part.practice:
            return JobStep("neutral", "bell-bold", say("Practice sale. Not counted."), time)
        case SaleClaim():
            return JobStep("ok", "check-bold", say("Paid at {name}", name=name), time, _late(moment, locale, today))
        case RefundClaim(unconfirmed=True) | DisputeClaim(unconfirmed=True) if not part.practice:
            counts = say("It counts once {name} has told the same", name=name)
            if isinstance(part.claim, RefundClaim):
                return JobStep("neutral", "clock-bold", say("A message says that it was refunded"), time, counts)
            return JobStep("neutral", "clock-bold", say("A message says that it is disputed"), time, counts)
        case RefundClaim(failed=True):
            return JobStep("warn", "warning-bold", say("A refund did not reach the customer"), time)
        case RefundClaim(amount=None):
            return JobStep("neutral", "arrow-u-up-left-bold", say("Refunded"), time, say("Done in {name}", name=name))
        case RefundClaim(amount=amount, cumulative=cumulative):
            money = money_text(amount, locale)
            sentence = (
                say("Refunded {amount} in all", amount=money) if cumulative else say("Refunded {amount}", amount=money)
            )
            return JobStep("neutral", "arrow-u-up-left-bold", sentence, time, say("Done in {name}", name=name))
        case DisputeClaim(state=DisputeState.OPEN):
            return JobStep("warn", "warning-bold", say("Disputed by the customer’s bank"), time)
        case DisputeClaim(state=DisputeState.WON):
            return JobStep("ok", "check-bold", say("Dispute decided for you"), time)
        case DisputeClaim():
            return JobStep("bad", "x-bold", say("Dispute decided for the customer"), time)


def _late(moment: Moment, locale: str, today: date) -> str:
    """When the message came much later than what it tells of."""
    if moment.received_at - moment.part.occurred_at < 10 * 60_000:
        return ""
    return say("The message arrived at {time}", time=legible(stamp(moment.received_at, locale, today)))
