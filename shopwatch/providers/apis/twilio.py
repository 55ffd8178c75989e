"""Twilio's API: messages that came in. Facts: twilio.com/docs (Message resource, "Read multiple Message resources",
API paging)."""

from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from shopwatch.domain.instant import DAY, Instant
from shopwatch.domain.source import Options
from shopwatch.providers.api import Api, Asking, KeyWords, Listed, MissedPage, Place
from shopwatch.providers.api_kit.pagination import entries, iso, messages, of_ours, saying
from shopwatch.providers.api_kit.requests import address, ask, basic, get, parts_of
from shopwatch.providers.kit.reading import find, ident, text
from shopwatch.providers.senders.twilio import TWILIO

_HOST = "api.twilio.com"
_PAGE = 100
_FIELDS = {"MessageSid": "sid", "From": "from", "To": "to", "Body": "body"}


def _ask_missed(place: Place, key: str, options: Options) -> Asking[MissedPage]:
    """Texts since the day of `place.since`, the newest first; they have the ids of their messages. Their pictures stay
    there."""
    account, token = parts_of(key, 2)
    of_ours(TWILIO, account, options)
    asked: dict[str, str | int] = {"DateSent>": iso(place.since)[:10], "PageSize": _PAGE}
    for part in place.mark.split("/") if place.mark else ():
        name, _, value = part.partition("=")
        asked[name] = value
    url = address(f"https://{_HOST}/2010-04-01/Accounts", account, "Messages.json", **asked)
    told = yield from ask(get(url, Authorization=basic(account, token)))
    found = saying(entries(told, "messages"), "sid", "direction")
    inbound = [each for each in found if text(each, "direction") == "inbound"]
    listed = tuple(found for each in inbound for found in _read_message(each, place))
    mark = _next_page(text(told, "next_page_uri", most=4_000))
    return MissedPage(listed, mark, bool(mark))


def _read_message(told: dict[str, Any], place: Place) -> tuple[Listed, ...]:
    body = {name: find(told, member) or "" for name, member in _FIELDS.items()} | {"SmsStatus": "received"}
    at = _read_time(text(told, "date_sent") or text(told, "date_created"), place.at)
    return messages(TWILIO, (body,), at) if ident(told, "sid") else ()


def _read_time(written: str, otherwise: Instant) -> Instant:
    try:
        return round(parsedate_to_datetime(written).timestamp() * 1000)
    except (ValueError, OverflowError):
        return otherwise


def _next_page(uri: str) -> str:
    """What of the address of the next page tells it from this one."""
    said = parse_qs(urlsplit(uri).query)
    return "/".join(f"{name}={said[name][0]}" for name in ("Page", "PageToken") if name in said)


TWILIO_API = Api(
    provider="twilio",
    key=KeyWords(
        label="account SID and auth token",
        found="Both are on the first page of Twilio’s console, under Account info.",
        prefixes=("AC",),
        parts=2,
    ),
    hosts=(_HOST,),
    missed=_ask_missed,
    keeps=400 * DAY,
)
