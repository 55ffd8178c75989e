"""Foursquare's older API: check-ins. Facts: docs.foursquare.com (v2: users/self/checkins, versioning)."""

from shopwatch.domain.instant import SECOND
from shopwatch.domain.source import Options
from shopwatch.providers.api import Api, Asking, KeyWords, MissedPage, Place
from shopwatch.providers.api_kit.pagination import entries, messages
from shopwatch.providers.api_kit.requests import address, ask, get, refuse
from shopwatch.providers.kit.reading import moment
from shopwatch.providers.senders.foursquare import FOURSQUARE

_HOST = "api.foursquare.com"
_VERSION = "20240101"
_PAGE = 250


def _ask_missed(place: Place, key: str, options: Options) -> Asking[MissedPage]:
    """Check-ins since a time, the newest first; they have the ids of their messages."""
    del options
    passed = place.mark or "0"
    url = address(
        f"https://{_HOST}/v2/users/self/checkins",
        v=_VERSION,
        oauth_token=key,
        afterTimestamp=place.since // SECOND,
        limit=_PAGE,
        offset=int(passed) if passed.isdigit() else refuse(),
    )
    found = entries((yield from ask(get(url))), "response", "checkins", "items")
    listed = tuple(
        one
        for each in found
        for one in messages(FOURSQUARE, ({"checkin": each},), moment(each, "createdAt", otherwise=place.at))
    )
    return MissedPage(listed, str(int(passed) + len(found)) if found else "", bool(found))


FOURSQUARE_API = Api(
    provider="foursquare",
    key=KeyWords(label="Access token", found="It comes when you allow your Foursquare app to see your check-ins."),
    hosts=(_HOST,),
    missed=_ask_missed,
)
