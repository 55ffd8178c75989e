"""SumUp's API: checkouts, whose messages name no more than an id. Facts: developer.sumup.com (Retrieve a checkout)."""

from shopwatch.domain.event import Event, Kind
from shopwatch.domain.sale import SaleClaim
from shopwatch.domain.source import Options
from shopwatch.providers.api import Api, Asking, KeyWords
from shopwatch.providers.asking import address, ask, bearer, get, refuse
from shopwatch.providers.reading import Meaning, find, in_decimals, moment, text

_HOST = "api.sumup.com"


def _fetch(event: Event, key: str, options: Options) -> Asking[tuple[Meaning, ...]]:
    """The checkout, of a signed event or of a hint; a sale once it is paid. It is asked for by its id alone: an address
    in the message is not used."""
    del options
    checkout = event.claim.order_id if event.claim is not None else event.id
    told = yield from ask(get(address(f"https://{_HOST}/v0.1/checkouts", checkout), Authorization=bearer(key)))
    if text(told, "id") != checkout:
        refuse()
    if text(told, "status") != "PAID":
        return ()
    # It comes as a number with a fraction, which is read as it is written.
    amount, amount_text = in_decimals(find(told, "amount"), find(told, "currency"))
    claim = SaleClaim(checkout, amount, number=text(told, "checkout_reference"), amount_text=amount_text)
    at = moment(told, "date", otherwise=event.occurred_at) if event.kind is Kind.PING else event.occurred_at
    return (Meaning(Kind.SALE, claim, at, live=event.live),)


SUMUP_API = Api(
    provider="sumup",
    key=KeyWords(
        label="API key",
        found="In SumUp's dashboard under Settings, For developers, API keys.",
        scopes=("payments",),
        prefixes=("sup_sk_",),
    ),
    hosts=(_HOST,),
    fetch=_fetch,
)
