"""What was missed is read from every provider's list, whatever the list says; and what is special about some lists."""

import copy
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, note
from hypothesis import strategies as st

from shopwatch.domain.instant import DAY, HOUR
from shopwatch.domain.messages.event import LISTED, Kind
from shopwatch.domain.messages.happening import ChangedFile, FileChange
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import RefundClaim, SaleClaim
from shopwatch.providers.api import (
    LONGEST_WAIT,
    Api,
    ApiFailure,
    ApiProblem,
    ApiRequest,
    ApiResponse,
    MissedPage,
    Place,
)
from shopwatch.providers.apis import APIS
from shopwatch.providers.apis.bigcommerce import BIGCOMMERCE_API
from shopwatch.providers.apis.dropbox import DROPBOX_API
from shopwatch.providers.apis.gumroad import GUMROAD_API
from shopwatch.providers.apis.lemonsqueezy import LEMONSQUEEZY_API
from shopwatch.providers.apis.mollie import MOLLIE_API
from shopwatch.providers.apis.paynow import PAYNOW_API
from shopwatch.providers.apis.paypal import PAYPAL_API
from shopwatch.providers.apis.razorpay import RAZORPAY_API
from shopwatch.providers.apis.shopify import SHOPIFY_API
from shopwatch.providers.apis.square import SQUARE_API
from shopwatch.providers.apis.twilio import TWILIO_API
from shopwatch.providers.apis.woocommerce import WOOCOMMERCE_API
from tests.providers.played import AT, KEY, OPTIONS, Played, answer, play
from tests.providers.spoiling import any_json
from tests.standin.lists import Entry, Lists
from tests.standin.lists_all import ALL
from tests.standin.lists_merchants import Gumroad, LemonSqueezy, PayNow
from tests.standin.lists_notices import Twilio
from tests.standin.lists_payments import Mollie, PayPal, Square
from tests.standin.lists_shops import BigCommerce, Shopify, WooCommerce

LISTING = [each for each in APIS if each.missed is not None]
START = Place(AT - HOUR)
ANY_JSON = any_json("paid", "USD", "12.50", "next", "half of \ud83d")
ENTRIES: list[Entry] = [kind().entry(7, AT // 1000) for kind in ALL]
AROUND = ("orders", "events", "data", "results", "items", "sales", "messages", "entries", "payments")


def listed(
    api: Api, answers: list[ApiResponse] | Any, key: str = KEY, place: Place = START, options: Any = None
) -> Played[MissedPage]:
    assert api.missed is not None
    return play(api.missed(place, key, OPTIONS if options is None else options), answers)


@st.composite
def spoilt(draw: st.DrawFn) -> Any:
    """A page as some provider writes it, with members that are not what they should be."""
    entry = copy.deepcopy(draw(st.sampled_from(ENTRIES)))
    for name in draw(st.lists(st.sampled_from(list(entry)), max_size=4)):
        entry[name] = draw(ANY_JSON)
    page = {name: [entry] * draw(st.integers(0, 3)) for name in AROUND}
    inner = {"response": {"checkins": page}, "_embedded": page, "access_token": "t", "shop_id": 7, "cursor": "c"}
    return draw(st.sampled_from([page | inner, [entry], entry]))


@given(
    body=st.one_of(spoilt(), st.lists(spoilt(), max_size=2), ANY_JSON, st.binary(max_size=100)),
    status=st.sampled_from([*[200] * 9, 204, 301, 400, 401, 403, 404, 409, 429, 500]),
    mark=st.sampled_from(["", "1795521600000/2", "orders/1", "payments/0", "cursor", "7", "\n/../x"]),
    link=st.sampled_from(
        ["nonsense", *(f'<https://evil.example/x?page_info={each}>; rel="next"' for each in "q\udcff")]
    ),
)
def test_any_answer_gives_a_page_or_a_problem(body: Any, status: int, mark: str, link: str) -> None:
    """All read the same answer, because making one up takes longer than reading it."""
    for api in LISTING:
        note(api.provider)
        gives_a_page_or_a_problem(api, body, status, mark, link)


def gives_a_page_or_a_problem(api: Api, body: Any, status: int, mark: str, link: str) -> None:
    def say(request: ApiRequest) -> ApiResponse:
        parts = urlsplit(request.url)
        assert parts.scheme == "https"
        assert parts.netloc in api.may_speak_to(OPTIONS)
        assert KEY not in request.url or api.provider == "foursquare"
        return answer(body, status, link=link)

    try:
        page = listed(api, say, ":".join([*["some-id"] * (api.key.parts - 1), KEY]), Place(AT - HOUR, AT, mark)).result
    except ApiFailure:
        return
    assert len(page.mark.encode()) <= 4_096
    assert page.mark or not page.more
    assert all(each.event.id and each.raw for each in page.listed)


@given(
    body=st.one_of(st.fixed_dictionaries({"changes": ANY_JSON, "backoff": ANY_JSON}), ANY_JSON, st.binary(max_size=50)),
    status=st.sampled_from([*[200] * 6, 204, 301, 400, 401, 409, 429, 500]),
    mark=st.text(max_size=50),
)
def test_whoever_waits_hears_of_changes_or_of_a_problem(body: Any, status: int, mark: str) -> None:
    assert DROPBOX_API.wait is not None
    try:
        waited = play(DROPBOX_API.wait(mark, {}), lambda _: answer(body, status)).result
    except ApiFailure:
        return
    assert waited.changed in (True, False)
    assert 0 <= waited.rest <= LONGEST_WAIT


def entry_of(kind: type[Lists], **told: Any) -> Entry:
    made = kind()  # type: ignore[call-arg]
    [entry] = made.told([made.entry(7, AT // 1000)])
    return entry | told


def claims(page: MissedPage) -> list[Any]:
    return [each.event.claim for each in page.listed]


def test_shopify_lists_refunds_with_their_own_ids() -> None:
    money = {"kind": "refund", "status": "success", "amount": "10.99", "currency": "USD"}
    refund = {"id": 9, "order_id": 5_000_000_000_007, "transactions": [money], "processed_at": "2026-11-24T12:00:00Z"}
    order = entry_of(Shopify, refunds=[refund], financial_status="partially_refunded")
    sold, back = claims(listed(SHOPIFY_API, [answer({"orders": [order]})], f"shpat_{KEY}").result)
    assert isinstance(sold, SaleClaim)
    assert back == RefundClaim("5000000000007", Money(1_099, "USD"), "9")


def test_shopify_gives_a_token_for_an_app_that_is_asked_by_once() -> None:
    """As shopify.dev, "Using the client credentials grant", and @shopify/shopify-api 13.1 have it."""
    token = {"access_token": "shpat_new", "scope": "read_orders", "expires_in": 86_399}
    played = listed(SHOPIFY_API, [answer(token), answer({"orders": [entry_of(Shopify)]})], "an-app:shpss_secret")
    [granted, asked] = played.requests
    assert (granted.method, granted.url) == ("POST", "https://shop.example.com/admin/oauth/access_token")
    assert parse_qs(granted.body.decode()) == {
        "grant_type": ["client_credentials"],
        "client_id": ["an-app"],
        "client_secret": ["shpss_secret"],
    }
    assert asked.url.startswith("https://shop.example.com/admin/api/2026-07/orders.json?")
    assert (asked.headers["X-Shopify-Access-Token"], played.keys) == ("shpat_new", [])
    assert len(played.result.listed) == 1


@pytest.mark.parametrize(
    ("told", "problem"),
    [
        (answer({"error": "invalid_client"}, 400), ApiProblem.KEY_REFUSED),
        (answer({"errors": "no"}, 401), ApiProblem.KEY_REFUSED),
        (answer({"access_token": None}), ApiProblem.UNREADABLE),
        (answer({"access_token": 7, "expires_in": "soon"}), ApiProblem.UNREADABLE),
        (answer(b"<html>"), ApiProblem.UNREADABLE),
    ],
)
def test_an_app_that_gets_no_token_from_shopify_is_told_plainly(told: ApiResponse, problem: ApiProblem) -> None:
    with pytest.raises(ApiFailure) as failure:
        listed(SHOPIFY_API, [told], "an-app:shpss_secret")
    assert failure.value.problem is problem


def test_a_shop_without_an_address_is_not_asked() -> None:
    with pytest.raises(ApiFailure) as failure:
        listed(SHOPIFY_API, [], options={"shop": "not a host"})
    assert failure.value.problem is ApiProblem.UNREADABLE


def test_woocommerce_lists_the_sale_beside_what_was_given_back() -> None:
    order = entry_of(WooCommerce, status="refunded", refunds=[{"id": 3, "total": "-21.98"}])
    back, sold = claims(listed(WOOCOMMERCE_API, [answer([order])], "ck_a:cs_b").result)
    assert (sold.order_id, sold.amount) == ("8", Money(2_198, "USD"))
    assert back == RefundClaim("8", Money(2_198, "USD"), "8", cumulative=True)
    pending = entry_of(WooCommerce, status="pending")
    assert claims(listed(WOOCOMMERCE_API, [answer([pending])], "ck_a:cs_b").result) == []


def bigcommerce_order(status: int) -> Entry:
    return entry_of(BigCommerce, status_id=status)


@pytest.mark.parametrize("status", [4, 13, 14, 2])
def test_bigcommerce_orders_that_were_given_back_or_disputed_are_listed(status: int) -> None:
    """By orders.v2.oas2.yml of 2026-04 `refunded_amount` is always 0; what went back is in a list of its own."""
    refunds = [{"id": 7, "order_id": 107, "total_amount": 5, "created": "2026-11-24T12:00:00+00:00", "payments": []}]
    told = {"data": refunds, "meta": {"pagination": {"current_page": 1, "total_pages": 1}}}
    played = listed(BIGCOMMERCE_API, [answer([bigcommerce_order(status)]), answer(told)], "abc:token")
    sold, back = claims(played.result)
    assert (sold.amount, back) == (Money(2_198, "USD"), RefundClaim("107", Money(500, "USD"), "7"))
    base = "https://api.bigcommerce.com/stores/abc/v3/orders/payment_actions/refunds"
    assert played.urls[1] == f"{base}?order_id%3Ain=107&limit=100&page=1"


def test_what_only_the_state_of_a_bigcommerce_order_tells_has_no_amount() -> None:
    def told(status: int) -> list[Any]:
        nothing = answer({"data": [], "meta": {}})
        return claims(listed(BIGCOMMERCE_API, [answer([bigcommerce_order(status)]), nothing], "abc:token").result)

    assert told(4)[1:] == [RefundClaim("107", None, "107")]
    assert told(14)[1:] == [RefundClaim("107", None, "107", partial=True)]
    assert (len(told(13)), len(told(11)), told(5), told(0)) == (1, 1, [], [])
    assert claims(listed(BIGCOMMERCE_API, [ApiResponse(204)], "abc:token").result) == []


def test_a_bigcommerce_refund_that_was_declined_did_not_go_back() -> None:
    """Its payments are made later, and each says whether it was declined (orders.v3.yml, createOrderRefund)."""

    def told(*payments: Any) -> Any:
        refund = {"id": 7, "order_id": 107, "total_amount": 5, "payments": list(payments)}
        return claims(
            listed(BIGCOMMERCE_API, [answer([bigcommerce_order(14)]), answer({"data": [refund]})], "abc:token").result
        )[1]

    declined, made = {"amount": 3.5, "is_declined": True}, {"amount": 1.5, "is_declined": False}
    assert told(declined, made) == RefundClaim("107", Money(150, "USD"), "7")
    assert told({"amount": 5, "is_declined": True}) == RefundClaim("107", Money(0, "USD"), "7", failed=True)
    assert told({"amount": "?", "is_declined": True}).amount is None


def test_lemon_squeezy_lists_orders_and_then_invoices() -> None:
    order = entry_of(LemonSqueezy)
    order["attributes"] |= {"status": "partial_refund", "refunded_amount": 500}
    page = listed(LEMONSQUEEZY_API, [answer({"data": [order]})]).result
    assert claims(page)[1] == RefundClaim("8", Money(500, "USD"), "8", cumulative=True)
    assert (page.mark, page.more) == ("subscription-invoices/1", True)
    order["attributes"] |= {"status": "paid"}
    assert claims(listed(LEMONSQUEEZY_API, [answer({"data": [order]})]).result) == claims(page)
    invoice = order | {"attributes": order["attributes"] | {"status": "paid", "billing_reason": "renewal"}}
    renewed = listed(LEMONSQUEEZY_API, [answer({"data": [invoice]})], place=Place(AT - HOUR, AT, page.mark)).result
    assert claims(renewed)[0].order_id == "subscription-invoice-8"
    assert not renewed.more


def test_mollie_lists_what_was_given_back() -> None:
    payment = entry_of(Mollie, amountRefunded={"value": "5.00", "currency": "USD"})
    answers = [answer({"_embedded": {"payments": [payment]}, "_links": {"next": None}})]
    played = listed(MOLLIE_API, answers, "live_1")
    assert claims(played.result)[1] == RefundClaim("tr_0000000007", Money(500, "USD"), "tr_0000000007", cumulative=True)


def test_razorpay_lists_refunds_of_payments() -> None:
    refund = {"id": "rfnd_1", "payment_id": "pay_1", "status": "processed", "amount": 500, "currency": "INR"}
    played = listed(RAZORPAY_API, [answer({"items": [refund]})], "a:b", Place(AT - HOUR, AT, "refunds/0"))
    assert claims(played.result) == [RefundClaim("pay_1", Money(500, "INR"), "rfnd_1")]
    assert not played.result.more


def test_razorpay_lists_payments_that_were_given_back_since() -> None:
    payment = {"id": "pay_1", "status": "refunded", "captured": True, "amount": 500, "currency": "INR"}
    uncaptured = payment | {"id": "pay_2", "captured": False}
    played = listed(RAZORPAY_API, [answer({"items": [payment, uncaptured]})], "a:b")
    assert claims(played.result) == [SaleClaim("pay_1", Money(500, "INR"), payment="pay_1")]


def test_paynow_asks_for_ids_of_the_time_and_tells_what_was_given_back() -> None:
    order = entry_of(PayNow, status="refunded")
    played = listed(PAYNOW_API, [answer([order]), ApiResponse(403)], "411486491630370816:key")
    [after] = parse_qs(urlsplit(played.urls[0]).query)["after"]
    assert (int(after) >> 22) + 1_645_568_542_000 == START.since
    assert claims(played.result)[1] == RefundClaim(order["id"], None, order["id"])
    assert (played.result.mark, played.result.more) == (order["id"], True)
    assert listed(PAYNOW_API, [answer([])], "411486491630370816:key").result == MissedPage((), "refunded/", more=True)


def test_gumroad_lists_what_was_given_back() -> None:
    sale = entry_of(Gumroad, partially_refunded=True, currency="eur")
    sold, back = claims(listed(GUMROAD_API, [answer({"success": True, "sales": [sale]})]).result)
    assert (sold.amount, sold.amount_text) == (Money(2_198, "USD"), "")
    assert back == RefundClaim("sale7==", None, "sale7==", partial=True)


def test_square_is_told_to_let_events_be_searched_by_a_request_without_a_body() -> None:
    """As squareup 46 and Square's API description of 2025-08 send it; what is older than 28 days it does not list."""
    played = listed(SQUARE_API, [answer({}), answer({})])
    enabling, search = played.requests
    assert (enabling.method, enabling.url) == ("PUT", "https://connect.squareup.com/v2/events/enable")
    assert (enabling.body, "Content-Type" in enabling.headers) == (b"", False)
    assert (search.method, search.url) == ("POST", "https://connect.squareup.com/v2/events")
    assert 27 * DAY < SQUARE_API.keeps < 28 * DAY


def test_keys_of_the_practice_world_are_asked_there_and_told_as_such() -> None:
    event = entry_of(Square)
    played = listed(SQUARE_API, [ApiResponse(401), answer({}), answer({"events": [event]})])
    assert {urlsplit(url).netloc for url in played.urls[1:]} == {"connect.squareupsandbox.com"}
    assert [each.event.live for each in played.result.listed] == [False]
    event = entry_of(PayPal)
    played = listed(PAYPAL_API, [ApiResponse(401), answer({"access_token": "t"}), answer({"events": [event]})], "a:b")
    assert [each.event.live for each in played.result.listed] == [False]


def test_a_next_page_elsewhere_is_not_followed() -> None:
    page = {"events": [], "links": [{"rel": "next", "href": "https://evil.example/v1/x?start=1"}]}
    with pytest.raises(ApiFailure):
        listed(PAYPAL_API, [answer({"access_token": "t"}), answer(page)], "a:b")


def test_twilio_lists_only_what_came_in() -> None:
    sent = entry_of(Twilio, direction="outbound-api")
    came = entry_of(Twilio)
    [found] = listed(TWILIO_API, [answer({"messages": [sent, came]})], "AC1:t").result.listed
    assert (found.event.id, found.event.kind, found.event.occurred_at) == (came["sid"], Kind.MESSAGE, AT)


def test_dropbox_begins_with_now_and_lists_what_changes_from_then_on() -> None:
    token, key = answer({"access_token": "t"}), "app:secret:refresh"
    began = listed(DROPBOX_API, [token, answer({"cursor": "c1"})], key)
    assert (began.result, began.urls[1].rpartition("/")[2]) == (MissedPage((), "c1"), "get_latest_cursor")
    entries = [
        {
            ".tag": "file",
            "name": "a.jpg",
            "path_display": "/Orders/a.jpg",
            "size": 12,
            "server_modified": "2026-11-24T12:00:00Z",
        },
        {".tag": "deleted", "name": "b.jpg", "path_display": "/Orders/b.jpg"},
        {".tag": "folder", "name": "Orders", "path_display": "/Orders"},
    ]
    told = {"entries": entries, "cursor": "c2", "has_more": True}
    page = listed(DROPBOX_API, [token, answer(told)], key, Place(AT, AT, "c1")).result
    [found] = page.listed
    at = 1_795_521_600_000
    files = (ChangedFile("/Orders/a.jpg", 12, at), ChangedFile("/Orders/b.jpg", removed=True))
    assert found.event.happening == FileChange((), files)
    assert found.event.id.startswith(LISTED)
    assert (page.mark, page.more) == ("c2", True)
    with pytest.raises(ApiFailure) as failure:
        listed(DROPBOX_API, [token, ApiResponse(409)], key, Place(AT, AT, "c1"))
    assert failure.value.problem is ApiProblem.UNREADABLE
