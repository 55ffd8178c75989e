"""What the drawer says of a sale."""

from collections.abc import Sequence
from datetime import date
from urllib.parse import quote

from shopwatch.domain.i18n import say
from shopwatch.domain.rules.job import Job, JobState
from shopwatch.domain.rules.rule import EMAIL
from shopwatch.domain.sales.sale import RefundClaim, Sale, SaleState
from shopwatch.ledger.sales.query import SaleDetail
from shopwatch.presenting.amounts import money_text
from shopwatch.presenting.times import spoken
from shopwatch.providers import provider


def subtitle(sale: Sale, locale: str, today: date) -> str:
    """ "today at 14:02, $34.00 given back"."""
    when = spoken(sale.paid_at, locale, today)
    if sale.state is SaleState.INCOMPLETE:
        return say("The sale itself is still on its way")
    if sale.given_back is not None:
        return say("{when}, {amount} given back", when=when, amount=money_text(sale.given_back, locale))
    return when


def order_page(provider_id: str, sale: Sale) -> str:
    """The provider's own page for this order, or nothing. Only https, and only a place the provider declared."""
    known = provider(provider_id)
    if known is None or sale.practice or not known.order_url.startswith("https://"):
        return ""
    return known.order_url.replace("{order_id}", quote(sale.order_id, safe=""))


def spent_text(detail: SaleDetail, locale: str, today: date) -> str:
    parts = [moment.part for moment in detail.moments]
    refunds = [part for part in parts if isinstance(part.claim, RefundClaim) and not part.claim.failed]
    if not refunds:
        return say("All of it was given back.")
    last = max(part.occurred_at for part in refunds)
    return say("All of it was given back {when}.", when=spoken(last, locale, today))


def letter_of(jobs: Sequence[Job]) -> Job | None:
    """The last e-mail about a sale that was sent or may have been; None if there is none."""
    went = (JobState.DONE, JobState.UNCERTAIN)
    letters = [job for job in jobs if job.action == EMAIL and job.state in went]
    return max(letters, key=lambda job: job.changed_at, default=None)
