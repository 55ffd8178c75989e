"""Razorpay's API: payments and refunds. Facts: razorpay.com/docs (Fetch all payments, Fetch all refunds, API keys)."""

from typing import Any

from shopwatch.domain.clock import DAY, SECOND
from shopwatch.domain.source import Options
from shopwatch.providers.api import Api, Asking, KeyWords, Page, Place
from shopwatch.providers.asking import address, ask, basic, get, parts_of, refuse
from shopwatch.providers.listing import entries, states
from shopwatch.providers.razorpay import RAZORPAY

_HOST = "api.razorpay.com"
_PAGE = 100
_LISTS = {"payments": ("payment", "payment.captured"), "refunds": ("refund", "refund.processed")}


def _missed(place: Place, key: str, options: Options) -> Asking[Page]:
    """Payments, then refunds, the newest first. By the time of their making, and a payment may wait for days."""
    del options
    user, password = parts_of(key, 2)
    what, _, passed = (place.mark or "payments/0").partition("/")
    if what not in _LISTS or not passed.isdigit():
        refuse()
    name, event_type = _LISTS[what]
    asked: dict[str, int] = {"from": place.since // SECOND, "count": _PAGE, "skip": int(passed)}
    told = yield from ask(get(address(f"https://{_HOST}/v1", what, **asked), Authorization=basic(user, password)))
    found = entries(told, "items")

    def body(entry: dict[str, Any]) -> dict[str, Any]:
        return {"created_at": entry.get("created_at"), "payload": {name: {"entity": entry}}}

    listed = states(RAZORPAY, event_type, found, place.at, body=body)
    if len(found) >= _PAGE:
        return Page(listed, f"{what}/{int(passed) + len(found)}", more=True)
    return Page(listed, "refunds/0", more=True) if what == "payments" else Page(listed)


RAZORPAY_API = Api(
    provider="razorpay",
    key=KeyWords(
        label="key ID and key secret",
        found="In Razorpay's dashboard under Account & Settings, API keys.",
        prefixes=("rzp_live_", "rzp_test_"),
        parts=2,
    ),
    hosts=(_HOST,),
    missed=_missed,
    overlap=5 * DAY,
)
