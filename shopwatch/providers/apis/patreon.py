"""Patreon's API: what a member was charged, members, and webhooks. Facts: Patreon/platform-documentation 46077b3
(members, pledge events, webhook endpoints, scopes, and how many members a page holds), and support.patreon.com, article
360047287991 (`currency_code`). That a webhook can be deleted, only its scope says.
"""

from collections.abc import Iterable
from typing import Any

from msgspec.structs import replace

from shopwatch.domain.connection.endpoint import Standing
from shopwatch.domain.instant import Instant
from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.sales.sale import RefundClaim, SaleClaim
from shopwatch.domain.source import Options
from shopwatch.providers.api import Api, ApiFailure, ApiProblem, ApiRequest, Asking, KeyWords, Listed, MissedPage, Place
from shopwatch.providers.api_kit.endpoints import Wanted
from shopwatch.providers.api_kit.pagination import cursor, entries, raw_of, saying, standing
from shopwatch.providers.api_kit.registering import (
    EndpointRegister,
    Hook,
    Types,
    deleted,
    endpoints,
    sending,
    words,
    written,
)
from shopwatch.providers.api_kit.requests import address, ask, bearer, filled, get, refuse, understood
from shopwatch.providers.kit.reading import LONGEST_ANSWER, Meaning, find, ident, in_hundredths, moment, text
from shopwatch.providers.senders.patreon import BACK, CHANGED, PAID, PATREON

_HOST = "www.patreon.com"
_BASE = f"https://{_HOST}/api/oauth2/v2"
_FIELDS = "amount_cents,currency_code,date,payment_status,type"
_MEMBERS = {
    "include": "currently_entitled_tiers,pledge_history",
    "fields[member]": "currently_entitled_amount_cents,email,full_name,last_charge_date,last_charge_status",
    "fields[tier]": "title",
    "fields[pledge-event]": _FIELDS,
    "page[count]": "100",
}
_HOOK = {"fields[webhook]": "num_consecutive_times_failed,paused,secret,triggers,uri"}


def _fetch_details(event: Event, key: str, options: Options) -> Asking[tuple[Meaning, ...]]:
    """The charge that the message was about."""
    del options
    claim = event.claim
    if not isinstance(claim, SaleClaim | RefundClaim):
        refuse()
    asked = {"include": "pledge_history", "fields[pledge-event]": _FIELDS}
    told = yield from ask(get(address(f"{_BASE}/members", claim.order_id, **asked), Authorization=bearer(key)))
    if ident(told, "data", "id") != claim.order_id:
        refuse()
    found = _charged(claim, entries(told, "included"), event.occurred_at)
    return filled(event, found) if found is not None else ()


def _charged[T: SaleClaim | RefundClaim](claim: T, history: Iterable[dict[str, Any]], at: Instant) -> T | None:
    """`claim` with what was charged at this time. Where several of a member's history are of its very time, or none,
    nobody can tell which it was; and how much of a charge was given back, where it was a part, is not told."""
    charges = [each for each in history if _is_at(each, at)]
    if len(charges) != 1 or (isinstance(claim, RefundClaim) and claim.partial):
        return None
    about = find(charges[0], "attributes")
    amount, amount_text = in_hundredths(find(about, "amount_cents"), find(about, "currency_code"))
    return replace(claim, amount=amount, amount_text=amount_text)


def _is_at(entry: dict[str, Any], at: Instant) -> bool:
    about = find(entry, "attributes")
    status = text(about, "payment_status")
    charged = status == PAID or status in BACK
    return text(entry, "type") == "pledge-event" and charged and moment(about, "date", otherwise=0) == at


def _ask_missed(place: Place, key: str, options: Options) -> Asking[MissedPage]:
    """Members by their last charge. There is no asking for those alone that were charged, so all are read."""
    del options
    campaigns = yield from _ask_campaigns(key)
    campaign, _, mark = place.mark.partition("/")
    campaign = campaign or campaigns[0]
    if campaign not in campaigns:
        refuse()
    asked = _MEMBERS | ({"page[cursor]": mark} if mark else {})
    told = yield from ask(get(address(f"{_BASE}/campaigns", campaign, "members", **asked), Authorization=bearer(key)))
    members, included = saying(entries(told, "data"), "id"), _read_included(told)
    listed = tuple(one for each in members for one in _read_member(each, included, place))
    pages = find(told, "meta", "pagination")
    if not isinstance(pages, dict):
        refuse()
    if find(pages, "cursors", "next") is not None:
        return MissedPage(listed, f"{campaign}/{cursor(pages, 'cursors', 'next')}", more=True)
    following = campaigns[campaigns.index(campaign) + 1 :]
    return MissedPage(listed, f"{following[0]}/", more=True) if following else MissedPage(listed)


def _read_member(
    member: dict[str, Any], included: dict[tuple[str, str], dict[str, Any]], place: Place
) -> tuple[Listed, ...]:
    """The last charge, if it was since, or was given back, of which no time is told."""
    about = find(member, "attributes")
    if not isinstance(about, dict) or "last_charge_date" not in about:
        refuse()
    back = text(about, "last_charge_status") in BACK
    if not back and moment(about, "last_charge_date", otherwise=0) < place.since:
        return ()
    own = [included[each] for each in _read_related(member) if each in included]
    body = {"data": member, "included": own}
    meaning = understood(PATREON, CHANGED, body, Event("", CHANGED, Kind.SALE, place.at))
    if meaning is not None and isinstance(meaning.claim, SaleClaim | RefundClaim):
        claim = _charged(meaning.claim, own, meaning.occurred_at)
        meaning = replace(meaning, claim=claim, needs_fetch="") if claim is not None else meaning
    return standing(CHANGED, (meaning,), raw_of(body))


def _read_included(told: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    """What is told beside the members, which is not there where there is none, by types and ids."""
    found = entries(told, "included") if "included" in told else []
    return {(text(each, "type"), ident(each, "id")): each for each in found}


def _read_related(member: dict[str, Any]) -> list[tuple[str, str]]:
    found = find(member, "relationships")
    lists = [find(each, "data") for each in found.values()] if isinstance(found, dict) else []
    return [(text(one, "type"), ident(one, "id")) for each in lists if isinstance(each, list) for one in each]


def _ask_campaigns(key: str) -> Asking[list[str]]:
    """The ids of the creator's own. Raises ApiFailure where there is none."""
    told = yield from ask(get(f"{_BASE}/campaigns", Authorization=bearer(key)))
    found = sorted(ident(each, "id") for each in saying(entries(told, "data"), "id"))
    if not found:
        raise ApiFailure(ApiProblem.OTHER_ACCOUNT)
    return found


def _open_register(key: str, options: Options) -> Asking[tuple[EndpointRegister, ...]]:
    """The webhooks that were made by this client, of each campaign."""
    del options
    campaigns, shown = (yield from _ask_campaigns(key)), bearer(key)
    told = yield from ask(get(address(f"{_BASE}/webhooks", include="campaign", **_HOOK), Authorization=shown))
    hooks = saying(entries(told, "data"), "id")

    def send_hook(method: str, campaign: str, wanted: Wanted, types: Types, *steps: str) -> Asking[Hook]:
        data: dict[str, Any] = {"type": "webhook", "attributes": {"triggers": types, "uri": wanted.url}}
        if steps:
            data |= {"id": steps[0]}
            data["attributes"] |= {"paused": False}
        else:
            data |= {"relationships": {"campaign": {"data": {"type": "campaign", "id": campaign}}}}
        url = address(f"{_BASE}/webhooks", *steps, **_HOOK)
        changed = yield from written(sending(method, url, {"data": data}, Authorization=shown))
        return _read_hook(find(changed, "data"))

    def drop_hook(hook_id: str) -> Asking[None]:
        return deleted(ApiRequest("DELETE", address(f"{_BASE}/webhooks", hook_id), {"Authorization": shown}))

    def make_register(campaign: str) -> EndpointRegister:
        mine = [each for each in hooks if len(campaigns) == 1 or _campaign_of(each) == campaign]
        return EndpointRegister(
            [_read_hook(each) for each in mine],
            lambda wanted, types: send_hook("POST", campaign, wanted, types),
            drop_hook,
            lambda hook, wanted, types: send_hook("PATCH", campaign, wanted, types, hook.id),
        )

    return tuple(make_register(each) for each in campaigns)


def _campaign_of(hook: dict[str, Any]) -> str:
    return ident(hook, "relationships", "campaign", "data", "id")


def _read_hook(told: Any) -> Hook:
    about = find(told, "attributes")
    failing = find(about, "num_consecutive_times_failed")
    standing_now = Standing.FAILING if isinstance(failing, int) and failing > 0 else Standing.ON
    return Hook(
        id=ident(told, "id"),
        url=text(about, "uri", most=LONGEST_ANSWER),
        types=words(find(about, "triggers")),
        standing=Standing.OFF if find(about, "paused") is True else standing_now,
        secret=text(about, "secret"),
    )


PATREON_API = Api(
    provider=PATREON.id,
    key=KeyWords(
        label="Creator’s Access Token",
        found="In Patreon’s developer portal: make a client of API version 2, and copy the token of its creator.",
        scopes=("campaigns", "campaigns.members", "campaigns.members[email]"),
    ),
    hosts=(_HOST,),
    needed=True,
    fetch=_fetch_details,
    missed=_ask_missed,
    # All members are read each time, at a hundred requests a minute at most.
    pace=600,
    endpoints=endpoints(_open_register, PATREON.readers, scopes=("w:campaigns.webhook",)),
)
