"""SumUp's API: checkouts, whose messages name no more than an id. Facts: developer.sumup.com (Retrieve a checkout, List
checkouts)."""

from typing import Any

from shopwatch.domain.clock import DAY
from shopwatch.domain.event import Event, Kind
from shopwatch.domain.sale import SaleClaim
from shopwatch.domain.source import Options
from shopwatch.providers.api import Api, Asking, KeyWords, Page, Place
from shopwatch.providers.asking import address, ask, ask_list, bearer, get, refuse
from shopwatch.providers.listing import is_older, objects, raw_of, saying, standing
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


def _missed(place: Place, key: str, options: Options) -> Asking[Page]:
    """All checkouts there are, which come at once; those that are paid. By the time of their making, and they may wait
    for days until they are."""
    del options
    answer = yield from ask_list(get(f"https://{_HOST}/v0.1/checkouts", Authorization=bearer(key)))
    told = saying(objects(answer), "id", "status")
    paid = [each for each in told if text(each, "status") == "PAID" and not is_older(each, place.since, "date")]
    return Page(tuple(found for each in paid for found in standing("checkouts.paid", _sold(each, place), raw_of(each))))


def _sold(checkout: dict[str, Any], place: Place) -> tuple[Meaning, ...]:
    amount, amount_text = in_decimals(find(checkout, "amount"), find(checkout, "currency"))
    claim = SaleClaim(
        text(checkout, "id") or refuse(),
        amount,
        number=text(checkout, "checkout_reference"),
        amount_text=amount_text,
    )
    return (Meaning(Kind.SALE, claim, moment(checkout, "date", otherwise=place.at)),)


SUMUP_API = Api(
    provider="sumup",
    key=KeyWords(
        label="API key",
        found="In SumUp’s dashboard under Settings, For developers, API keys.",
        scopes=("payments",),
        prefixes=("sup_sk_",),
    ),
    hosts=(_HOST,),
    fetch=_fetch,
    missed=_missed,
    overlap=14 * DAY,
    pace=300,
)
