"""The lists of those who tell of other things than sales, as their documentation tells of them."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from tests.standin.lists import Entry, Lists, iso, seconds


class HubSpot(Lists):
    """Contacts by their last change, by a search."""

    def __init__(self) -> None:
        super().__init__("hubspot", "api.hubapi.com", "pat-eu1-abcdef0123456789", 100)

    def entry(self, number: int, at: int) -> Entry:
        held = {"firstname": "Maya", "lastname": "Lindqvist", "email": f"maya{number}@example.com"}
        return {
            "at": at,
            "id": str(100 + number),
            "properties": held | {"phone": None, "mobilephone": None, "company": None, "lastmodifieddate": iso(at)},
            "createdAt": iso(at),
            "updatedAt": iso(at),
        }

    def message(self, entry: Entry) -> tuple[dict[str, str], Any]:
        held = {name: {"value": value} for name, value in entry["properties"].items() if value}
        return {}, {"vid": int(entry["id"]), "properties": held}

    async def listed(self, request: web.Request) -> web.StreamResponse:
        assert (request.method, request.path) == ("POST", "/crm/v3/objects/contacts/search")
        asked = await request.json()
        [given] = asked["filterGroups"][0]["filters"]
        assert (given["propertyName"], given["operator"]) == ("lastmodifieddate", "GTE")
        assert asked["sorts"] == [{"propertyName": "lastmodifieddate", "direction": "ASCENDING"}]
        found = [each for each in self.entries if each["at"] * 1000 >= int(given["value"])]
        start = int(asked["after"])
        page = self.told(found[start : start + asked["limit"]])
        return web.json_response({"total": len(found), "results": page})


class Twilio(Lists):
    """Messages of both directions since a day, the newest first; the next page is an address."""

    def __init__(self) -> None:
        super().__init__("twilio", "api.twilio.com", "AC0123:token", 100)
        self.shown = "Basic QUMwMTIzOnRva2Vu"

    def entry(self, number: int, at: int) -> Entry:
        return {
            "at": at,
            "sid": f"SM{number:032}",
            "direction": "inbound",
            "from": "+15035550123",
            "to": "+15035550100",
            "body": f"Do you have peonies? {number}",
            "num_media": "0",
            "date_sent": format_datetime(datetime.fromtimestamp(at, UTC)),
        }

    def message(self, entry: Entry) -> tuple[dict[str, str], Any]:
        form = {
            "MessageSid": entry["sid"],
            "SmsStatus": "received",
            "From": entry["from"],
            "To": entry["to"],
            "Body": entry["body"],
        }
        return {"Content-Type": "application/x-www-form-urlencoded"}, urlencode(form).encode()

    async def listed(self, request: web.Request) -> web.StreamResponse:
        query = request.query
        assert request.path == "/2010-04-01/Accounts/AC0123/Messages.json"
        since, size = seconds(query["DateSent>"] + "T00:00:00Z"), int(query["PageSize"])
        page = int(query.get("Page", "0"))
        assert ("PageToken" in query) == (page > 0)
        found = [each for each in reversed(self.entries) if each["at"] >= since]
        asked = urlencode({"PageSize": size, "Page": page + 1, "PageToken": "PA" + str(page + 1)})
        uri = f"{request.path}?{asked}" if (page + 1) * size < len(found) else None
        return web.json_response({"messages": self.told(found[page * size : (page + 1) * size]), "next_page_uri": uri})


class Foursquare(Lists):
    """One's own check-ins since a time, the newest first; the key is in the address."""

    def __init__(self) -> None:
        super().__init__("foursquare", "api.foursquare.com", "FSQTOKENFSQTOKEN", 250)

    def lets_in(self, request: web.Request) -> bool:
        return request.query["oauth_token"] == self.key

    def entry(self, number: int, at: int) -> Entry:
        return {"at": at, "id": f"{number:024}", "createdAt": at, "venue": {"name": "Bloom & Stem"}, "shout": "Nice"}

    def message(self, entry: Entry) -> tuple[dict[str, str], Any]:
        [body] = self.told([entry])
        form = {"checkin": json.dumps(body), "user": "{}", "secret": "push"}
        return {"Content-Type": "application/x-www-form-urlencoded"}, urlencode(form).encode()

    async def listed(self, request: web.Request) -> web.StreamResponse:
        query = request.query
        assert request.path == "/v2/users/self/checkins"
        assert query["v"]
        start = int(query["offset"])
        found = [each for each in reversed(self.entries) if each["at"] >= int(query["afterTimestamp"])]
        page = self.told(found[start : start + int(query["limit"])])
        return web.json_response({"response": {"checkins": {"count": len(found), "items": page}}})


ALL: tuple[Callable[[], Lists], ...] = (HubSpot, Twilio, Foursquare)
