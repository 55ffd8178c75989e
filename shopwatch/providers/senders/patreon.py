"""Patreon. Facts: Patreon/platform-documentation 46077b3 (webhooks v2: an HMAC with MD5 over the body, triggers, when
it is sent again; members; pledge events), and a recorded message.

No message says what was charged, nor in which currency: they tell of a member as it is now, whose last charge was paid.
The trigger in `X-Patreon-Event` is not signed, so it decides nothing about money but that an ending is none.
"""

import json
from typing import Any

from shopwatch.domain.instant import Instant
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.sales.sale import Claim, Item, RefundClaim, SaleClaim
from shopwatch.providers.kit.reading import Meaning, Message, api_call, find, ident, items, moment, order_of, text
from shopwatch.providers.kit.recipe import HeaderNames, Recipe
from shopwatch.providers.kit.sample import Sample, iso
from shopwatch.providers.kit.signature import HEX, Hmac
from shopwatch.providers.provider import PracticeDraft, Provider, SetupWords

_PLEDGED = "members:pledge:create"
CHANGED = "members:update"
PAID, PARTLY_BACK = "Paid", "Partially Refunded"
BACK = frozenset({"Refunded", "Refunded by Patreon", PARTLY_BACK})


def _read_member(message: Message) -> Meaning | None:
    """The last charge of a member. The membership is one order, and each charge a payment of it."""
    status = text(message.body, "data", "attributes", "last_charge_status")
    if status != PAID and status not in BACK:
        return None
    member, about = order_of(message.body, "data", "id"), find(message.body, "data", "attributes")
    charged = text(about, "last_charge_date")
    if status in BACK:
        partial = status == PARTLY_BACK
        claim = RefundClaim(member, None, f"{member}|{charged}", payment=charged, partial=partial)
        return _make_meaning(message, Kind.REFUND, claim)
    sold = SaleClaim(
        order_id=member,
        amount=None,
        name=text(about, "full_name"),
        email=text(about, "email"),
        items=items(find(message.body, "included"), _read_tier),
        amount_text=_read_pledge(find(about, "currently_entitled_amount_cents")),
        payment=charged,
    )
    return _make_meaning(message, Kind.SALE, sold)


def _make_meaning(message: Message, kind: Kind, claim: Claim) -> Meaning:
    about = find(message.body, "data", "attributes")
    at = moment(about, "last_charge_date", otherwise=message.at)
    return Meaning(kind, claim, at, needs_fetch=api_call("GET /api/oauth2/v2/members/{}", claim.order_id))


def _read_pledge(cents: Any) -> str:
    """What the member has pledged, as it is sent: it need not be what was charged, and has no currency."""
    return f"{cents} hundredths" if type(cents) is int and cents >= 0 else ""


def _read_tier(included: dict[str, Any]) -> Item | None:
    """Tiers are told in hundredths of a currency that is not told."""
    title = text(included, "attributes", "title") if text(included, "type") == "tier" else ""
    return Item(title, 1) if title else None


def _event_id(message: Message) -> str:
    """Several triggers tell of one charge, and its refund is told as a change of the same."""
    member, about = ident(message.body, "data", "id"), find(message.body, "data", "attributes")
    charged, status = text(about, "last_charge_date"), text(about, "last_charge_status")
    if not member or not charged:
        return ""
    return f"{member}|{charged}" if status == PAID else f"{member}|{charged}|{status}"


def _draft_message(kind: Kind, sample: Sample, at: Instant) -> PracticeDraft:
    member = sample.uuid("member")
    about = {
        "campaign_lifetime_support_cents": 0,
        "currently_entitled_amount_cents": sample.lines[0].unit_minor,
        "email": sample.email,
        "full_name": sample.name,
        "is_follower": False,
        "is_free_trial": False,
        "last_charge_date": iso(at),
        "last_charge_status": "Refunded" if kind is Kind.REFUND else "Paid",
        "patron_status": "active_patron",
        "pledge_cadence": 1,
        "will_pay_amount_cents": sample.lines[0].unit_minor,
    }
    tier = {"attributes": {"title": sample.lines[0].name}, "id": sample.digits("tier", 8), "type": "tier"}
    body = {"data": {"attributes": about, "id": member, "type": "member"}, "included": [tier]}
    headers = {"X-Patreon-Event": CHANGED if kind is Kind.REFUND else _PLEDGED, "User-Agent": "Patreon HTTP Robot"}
    return PracticeDraft(json.dumps(body, separators=(",", ":")).encode(), "", headers)


PATREON = Provider(
    id="patreon",
    name="Patreon",
    tile="Pt",
    setup=SetupWords(
        does="Paid memberships and refunds",
        settings_url="https://www.patreon.com/portal/registration/register-webhooks",
        menu="Webhooks",
        address_label="URL",
        secret_label="Secret",
        events=(_PLEDGED, CHANGED),
        secret_found="On the same page, beside the webhook.",
        away="Patreon keeps what was not answered and sends it again for about four weeks.",
        needs="Its messages do not say how much was charged, so memberships are shown and ring, and are in no total "
        "before ShopWatch may ask Patreon for the amount.",
    ),
    recipe=Recipe((HeaderNames("X-Patreon-Signature", type="X-Patreon-Event"),), b"%(body)b", {"": Hmac("md5", HEX)}),
    event_id=_event_id,
    ids_shared=True,
    readers={_PLEDGED: _read_member, CHANGED: _read_member},
    draft=_draft_message,
    practises=(Kind.SALE, Kind.REFUND),
    retries_for=None,
)
