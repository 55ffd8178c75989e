"""Braintree is searched as its own library for Python searches, which reads what the stand-in answers as well."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp import web

from shopwatch.domain.instant import DAY
from shopwatch.providers.api import Place
from shopwatch.providers.apis.braintree import BRAINTREE_API
from shopwatch.recovery.api_transport import ApiTransport, Bounds
from shopwatch.runtime.clock import now
from tests.standin.braintree import Braintree
from tests.standin.site import serving

# It warns of itself.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
_COMPARED = ("Accept", "Authorization", "Content-Type", "X-ApiVersion")


async def asked(requests: list[web.Request]) -> list[tuple[str, dict[str, str], bytes]]:
    return [(each.path_qs, {name: each.headers[name] for name in _COMPARED}, await each.read()) for each in requests]


def gateway(origin: str, key: str) -> Any:
    import braintree

    merchant, public, private = key.split(":")
    loopback = braintree.Environment("loopback", "127.0.0.1", origin.rpartition(":")[2], "", False, None)
    return braintree.BraintreeGateway(braintree.Configuration(loopback, merchant, public, private))


async def test_searches_are_those_of_its_own_library() -> None:
    from braintree import DisputeSearch, TransactionSearch

    lists = Braintree()
    since = now() // 1000 * 1000 - DAY
    lists.entries = [lists.entry(each, since // 1000 + 60 + each) for each in range(3)]
    sold = {"id": lists.entries[0]["id"], "amount": "21.98"}
    more = {"amount": "21.98", "currency-iso-code": "USD", "transaction": sold}
    lists.disputes = [{"at": since // 1000 + 60, "id": each, "status": "open"} | more for each in ("d1", "d2")]
    async with serving(lists.site):
        theirs = gateway(lists.site.origin, lists.key)
        when = datetime.fromtimestamp(since // 1000, UTC)
        day = datetime.fromtimestamp((since - DAY) // 1000, UTC)

        def searched() -> tuple[list[Any], list[Any]]:
            found = theirs.transaction.search(TransactionSearch.submitted_for_settlement_at >= when)
            return list(found.items), list(theirs.dispute.search(DisputeSearch.effective_date >= day).disputes.items)

        transactions, disputes = await asyncio.to_thread(searched)
        assert sorted(each.id for each in transactions) == sorted(each["id"] for each in lists.entries)
        assert {(str(each.amount), each.currency_iso_code, each.status) for each in transactions} == {
            ("21.98", "USD", "submitted_for_settlement")
        }
        assert [(each.id, each.status, each.transaction_details.id) for each in disputes] == [
            ("d1", "open", sold["id"]),
            ("d2", "open", sold["id"]),
        ]
        by_library = await asked(lists.site.asked)
        lists.site.asked.clear()

        assert BRAINTREE_API.missed is not None
        transport = ApiTransport(Bounds(connect=10, total=5, pauses=()), stand_ins={lists.host: lists.site.origin})
        for mark in ("", "disputes"):
            place = Place(since, now(), mark, now())
            await transport.perform(BRAINTREE_API.missed(place, lists.key, {}), frozenset(BRAINTREE_API.hosts), _forget)
        await transport.close()
        ours = await asked(lists.site.asked)

    def in_order(body: bytes) -> tuple[bytes, list[bytes]]:
        """The body with the ids in one order: the library leaves them as they were told."""
        head, begun, ids = body.partition(b'<ids type="array">')
        return head + begun, sorted(ids.replace(b"</item>", b"\n").split(b"\n"))

    assert [(path, headers, in_order(body)) for path, headers, body in ours] == [
        (path, headers, in_order(body)) for path, headers, body in by_library
    ]


async def _forget(_: str) -> None:
    raise AssertionError
