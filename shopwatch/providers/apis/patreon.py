"""Patreon's API: what a member was charged. Facts: Patreon/platform-documentation 46077b3 (members, pledge events), and
support.patreon.com, article 360047287991 (`currency_code`)."""

from typing import Any

from shopwatch.domain.event import Event
from shopwatch.domain.sale import RefundClaim, SaleClaim
from shopwatch.domain.source import Options
from shopwatch.providers.api import Api, Asking, KeyWords
from shopwatch.providers.asking import address, ask, bearer, filled, get, refuse
from shopwatch.providers.listing import entries
from shopwatch.providers.patreon import PATREON
from shopwatch.providers.reading import Meaning, find, ident, in_hundredths, moment, text

_HOST = "www.patreon.com"
_FIELDS = "amount_cents,currency_code,date,payment_status,type"


def _fetch(event: Event, key: str, options: Options) -> Asking[tuple[Meaning, ...]]:
    """The charge that the message was about. Where several of a member's history are of its very time, or none, nobody
    can tell which it was: nothing is counted."""
    del options
    claim = event.claim
    if not isinstance(claim, SaleClaim | RefundClaim):
        refuse()
    asked = {"include": "pledge_history", "fields[pledge-event]": _FIELDS}
    url = address(f"https://{_HOST}/api/oauth2/v2/members", claim.order_id, **asked)
    told = yield from ask(get(url, Authorization=bearer(key)))
    if ident(told, "data", "id") != claim.order_id:
        refuse()
    charges = [each for each in entries(told, "included") if _is_at(each, event.occurred_at)]
    if len(charges) != 1:
        return ()
    about = find(charges[0], "attributes")
    amount, amount_text = in_hundredths(find(about, "amount_cents"), find(about, "currency_code"))
    if isinstance(claim, RefundClaim):
        back = RefundClaim(claim.order_id, amount, claim.refund_id, amount_text=amount_text, payment=claim.payment)
        return filled(event, back)
    return filled(event, SaleClaim(claim.order_id, amount, amount_text=amount_text, payment=claim.payment))


def _is_at(entry: dict[str, Any], at: int) -> bool:
    about = find(entry, "attributes")
    charged = text(about, "payment_status") in ("Paid", "Refunded")
    return text(entry, "type") == "pledge-event" and charged and moment(about, "date", otherwise=0) == at


PATREON_API = Api(
    provider=PATREON.id,
    key=KeyWords(
        label="Creator’s Access Token",
        found="In Patreon’s developer portal: make a client of API version 2, and copy the token of its creator.",
        scopes=("campaigns.members",),
    ),
    hosts=(_HOST,),
    needed=True,
    fetch=_fetch,
)
