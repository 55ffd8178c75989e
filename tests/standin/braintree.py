"""Braintree's searches, as its library for Python asks them and reads the answers (braintree 4.48.0: Generator, Parser,
TransactionGateway.search, DisputeGateway.search)."""

from base64 import b64encode
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from aiohttp import web

from shopwatch.providers.api_kit.requests import basic
from tests.standin.lists import Entry, Lists, iso, seconds

_TYPES = {
    **dict.fromkeys(("ids", "status-history", "transactions", "partial-settlement-transaction-ids"), "array"),
    **dict.fromkeys(("created-at", "updated-at", "timestamp"), "datetime"),
    **dict.fromkeys(("page-size", "total-items", "current-page-number"), "integer"),
}


def xml(name: str, told: Any) -> str:
    """An element; a list is one element for each."""
    if isinstance(told, list):
        return "".join(xml(name, each) for each in told)
    kind = f' type="{_TYPES[name]}"' if name in _TYPES else ""
    inner = "".join(xml(*each) for each in told.items()) if isinstance(told, dict) else escape(str(told))
    return f"<{name}{kind}>{inner}</{name}>"


def read(element: ElementTree.Element) -> Any:
    """Elements by their names, those of one name as a list; of one that holds none the text."""
    found: dict[str, Any] = {}
    for each in element:
        found[each.tag] = [*found.get(each.tag, []), read(each)]
    plain = {
        name: held if len(held) > 1 or name in ("item", "status-event") else held[0] for name, held in found.items()
    }
    return plain or element.text or ""


class Braintree(Lists):
    """Transactions and disputes that a search finds: of the former the ids first, then fifty at a time."""

    def __init__(self) -> None:
        super().__init__(
            "braintree", "api.braintreegateway.com", "bloomandstem:btpub577f96497a9:affd8e7ce73ea2f964a", 50
        )
        self.shown = basic("btpub577f96497a9", "affd8e7ce73ea2f964a")
        self.disputes: list[Entry] = []

    def entry(self, number: int, at: int) -> Entry:
        return {
            "at": at,
            "id": f"{number * 7_919 % 10_000:04}bt{number}",
            "status": "submitted_for_settlement",
            "type": "sale",
            "currency-iso-code": "USD",
            "amount": "21.98",
            "merchant-account-id": "bloomandstem",
            "order-id": f"B-{number}",
            "created-at": iso(at - 1),
            "updated-at": iso(at),
            "customer": {"first-name": "Maya", "last-name": "Lindqvist", "email": "maya@example.com"},
            "status-history": {
                "status-event": [
                    {"timestamp": iso(at - 1), "status": "authorized", "amount": "21.98"},
                    {"timestamp": iso(at), "status": "submitted_for_settlement", "amount": "21.98"},
                ]
            },
        }

    def becomes(self, entry: Entry, status: str, at: int) -> None:
        """The transaction goes on to another status."""
        entry |= {"status": status, "updated-at": iso(at)}
        entry["status-history"]["status-event"].append({"timestamp": iso(at), "status": status, "amount": "21.98"})

    def message(self, entry: Entry) -> tuple[dict[str, str], Any]:
        [told] = self.told([entry])
        at, subscription = iso(self.at(entry)), {"id": "sub1", "transactions": {"transaction": told}}
        notification = {"timestamp": at, "kind": "subscription_charged_successfully"}
        body = xml("notification", notification | {"subject": {"subscription": subscription}})
        payload = b64encode(body.encode()).decode() + "\n"
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        return form, urlencode({"bt_signature": "x", "bt_payload": payload}).encode()

    def read(self, answer: bytes) -> Any:
        root = ElementTree.fromstring(answer)
        return {root.tag: read(root)}

    def write(self, told: Any, **headers: str) -> web.Response:
        text = "".join(xml(*each) for each in told.items())
        return web.Response(text=text, content_type="application/xml", headers=headers)

    async def listed(self, request: web.Request) -> web.StreamResponse:
        assert (request.method, request.headers["X-ApiVersion"]) == ("POST", "6")
        asked = self.read(await request.read())["search"]
        match request.path.split("/")[1:]:
            case ["merchants", "bloomandstem", "transactions", "advanced_search_ids"]:
                ids = [each["id"] for each in reversed(self.entries) if self._is_found(each, asked)]
                return self.write({"search-results": {"page-size": self.page, "ids": {"item": ids} if ids else {}}})
            case ["merchants", "bloomandstem", "transactions", "advanced_search"]:
                assert len(asked["ids"]["item"]) <= self.page
                found = self.told([each for each in reversed(self.entries) if self._is_found(each, asked)])
                about = {"current-page-number": 1, "page-size": self.page, "total-items": len(found)}
                return self.write({"credit-card-transactions": about | {"transaction": found}})
            case ["merchants", "bloomandstem", "disputes", "advanced_search"]:
                since, page = seconds(asked["effective_date"]["min"]), int(request.query["page"])
                found = self.told([each for each in self.disputes if self.at(each) >= since])
                about = {"current-page-number": page, "page-size": self.page, "total-items": len(found)}
                here = found[(page - 1) * self.page : page * self.page]
                return self.write({"disputes": about | {"dispute": here}})
        return web.Response(status=404)

    def _is_found(self, entry: Entry, asked: dict[str, Any]) -> bool:
        """Whether all of this is true of it."""
        times = {f"{each['status']}_at": each["timestamp"] for each in entry["status-history"]["status-event"]}
        times |= {"created_at": entry["created-at"]}
        for name, value in asked.items():
            if name.endswith("_at"):
                if name not in times or seconds(times[name]) < seconds(value["min"]):
                    return False
            elif entry[name.removesuffix("s") if name == "ids" else name] not in value["item"]:
                return False
        return True
