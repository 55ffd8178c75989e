"""Every provider's API: any answer ends in claims or in a plain problem, and the key goes to its hosts only."""

import copy
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopwatch.domain.event import Event, Kind
from shopwatch.domain.happening import Answered, Contact, Notice
from shopwatch.domain.money import Money
from shopwatch.domain.sale import DisputeClaim, Item, RefundClaim, SaleClaim
from shopwatch.providers import PROVIDERS
from shopwatch.providers.api import Api, ApiFailure, ApiRequest, ApiResponse, Problem
from shopwatch.providers.apis import APIS, api_of
from shopwatch.providers.apis.bigcommerce import BIGCOMMERCE_API
from shopwatch.providers.apis.etsy import ETSY_API
from shopwatch.providers.apis.hubspot import HUBSPOT_API
from shopwatch.providers.apis.lemonsqueezy import LEMONSQUEEZY_API
from shopwatch.providers.apis.meta import META_API
from shopwatch.providers.apis.mollie import MOLLIE_API
from shopwatch.providers.apis.paddle import PADDLE_API
from shopwatch.providers.apis.paypal import PAYPAL_API
from shopwatch.providers.apis.square import SQUARE_API
from shopwatch.providers.apis.stripe import STRIPE_API
from shopwatch.providers.apis.sumup import SUMUP_API
from shopwatch.providers.provider import Provider
from shopwatch.providers.reading import Meaning
from tests.providers.cases import accepted, judge, practice
from tests.providers.played import AT, KEY, Played, answer, hint, play, thin
from tests.providers.spoiling import any_json, spoil

NOT_ASKED_YET = {"dropbox", "gumroad"}
"""Dropbox's files need a cursor that is kept, and Gumroad does not tell how much of a sale went back."""

OPTIONS = {each.own_host: "shop.example.com" for each in APIS if each.own_host}

ANY_JSON = any_json("paid", "PAID", "USD", "12.50", "o1")
MONEY = {"amount": 1_250, "divisor": 100, "currency_code": "USD", "currency": "USD", "value": "12.50"}
LINE = {
    "id": 7,
    "uid": "l",
    "name": "Vase",
    "title": "Vase",
    "description": "Vase",
    "quantity": 2,
    "price": MONEY,
    "amount_subtotal": 2_500,
    "currency": "usd",
    "price_inc_tax": "12.50",
    "total_amount": 1,
    "unitPrice": MONEY,
    "base_price_money": MONEY,
    "unit_amount": MONEY,
    "attributes": {"product_name": "Vase", "price": 9},
}
PERSON = {"first_name": "Maya", "email": "maya@example.com", "firstname": "Maya", "given_name": "Maya"}
ANSWER = {
    "id": "o1",
    "receipt_id": "o1",
    "access_token": "t",
    "refresh_token": "r",
    "status": "paid",
    "data": [LINE],
    "order": {"line_items": [LINE]},
    "payer": {"payer_info": PERSON, "name": PERSON},
    "properties": PERSON,
    "purchase_units": [{"amount": MONEY, "items": [LINE]}],
    "transactions": [LINE, {"item_list": {"items": [LINE]}}],
    "amount": MONEY,
    "grandtotal": MONEY,
    "amountRefunded": MONEY,
    "amountChargedBack": MONEY,
    "paymentId": "o1",
    "currency_code": "USD",
    "total_inc_tax": "12.50",
    "billing_address": PERSON,
    "has_more": True,
    "field_data": [{"name": "email", "values": ["maya@example.com"]}],
    "error": {"code": 190},
    "lines": [LINE],
    "_embedded": {"entity": {"id": "re", "paymentId": "o1", "amount": MONEY}},
}
"""An answer in which every API finds something to read."""

EVENTS = [
    *[thin("o1", f"GET /{call}/o1", live=live) for call in ("v1/x", "v2/x", "stores/a/v2") for live in (True, False)],
    Event("e", "refund", Kind.REFUND, AT, RefundClaim("o1", None, "7"), needs_fetch="GET /stores/a/v3/o1"),
    Event("e", "refund.refunded", Kind.OTHER, AT, needs_fetch="GET /v2/events/o1"),
    Event("e", "contact.creation", Kind.CONTACT, AT, happening=Contact("o1"), needs_fetch="GET /contacts/o1"),
    Event("e", "leadgen", Kind.NOTICE, AT, happening=Notice("Lead"), needs_fetch="GET /o1"),
    *[thin(""), thin(".."), thin("o1", ""), hint("o1"), hint("tr_1"), hint("../x")],
]


@st.composite
def spoilt(draw: st.DrawFn) -> Any:
    """`ANSWER`, with something else at one or more places of it."""
    told = copy.deepcopy(ANSWER)
    for _ in range(draw(st.integers(1, 3))):
        spoil(draw, told, ANY_JSON)
    return told


def fetched(api: Api, event: Any, answers: Any, key: str = KEY, options: dict[str, str] | None = None) -> Played[Any]:
    assert api.fetch is not None
    return play(api.fetch(event, key, OPTIONS | (options or {})), answers)


def only(played: Played[tuple[Meaning, ...]]) -> SaleClaim:
    [meaning] = played.result
    assert isinstance(meaning.claim, SaleClaim)
    return meaning.claim


def named(api: Api) -> str:
    return api.provider


@pytest.mark.parametrize("api", [each for each in APIS if each.fetch is not None], ids=named)
@given(
    body=st.one_of(spoilt(), st.lists(spoilt(), max_size=2), ANY_JSON, st.binary(max_size=100)),
    status=st.sampled_from([*[200] * 9, 201, 204, 301, 400, 401, 403, 404, 429, 500]),
    event=st.sampled_from(EVENTS),
)
def test_any_answer_gives_claims_or_a_problem(api: Api, body: Any, status: int, event: Event) -> None:
    def say(request: ApiRequest) -> ApiResponse:
        parts = urlsplit(request.url)
        assert parts.scheme == "https"
        assert parts.netloc in api.may_speak_to(OPTIONS)
        assert KEY not in request.url
        return answer(body, status)

    key = ":".join([KEY] * api.key.parts)
    try:
        played = fetched(api, event, say, key)
    except ApiFailure:
        return
    assert all(isinstance(each, Meaning) for each in played.result)


@pytest.mark.parametrize("api", APIS, ids=named)
def test_every_api_is_that_of_a_provider_and_has_words_for_the_owner(api: Api) -> None:
    assert api.provider in {each.id for each in PROVIDERS}
    assert api.hosts or api.own_host
    assert api.key.label
    assert api.key.found.endswith(".")


LINES = [
    {
        "id": f"li_{place}",
        "object": "item",
        "amount_subtotal": 2198,
        "amount_total": 2198,
        "currency": "usd",
        "description": f"T-shirt {place}",
        "quantity": 2,
    }
    for place in range(250)
]


def test_stripe_tells_the_lines_of_a_checkout_page_by_page() -> None:
    played = fetched(
        STRIPE_API,
        thin("cs_live_a1"),
        [answer({"object": "list", "data": LINES[:100], "has_more": True}), answer({"data": LINES[100:103]})],
    )
    claim = only(played)
    base = "https://api.stripe.com/v1/checkout/sessions/cs_live_a1/line_items?limit=100"
    assert played.urls == [base, f"{base}&starting_after=li_99"]
    assert played.requests[0].headers["Authorization"] == f"Bearer {KEY}"
    assert len(claim.items) == 103
    assert claim.items[0] == Item("T-shirt 0", 2, Money(1099, "USD"))
    assert (claim.order_id, claim.amount) == ("cs_live_a1", None)
    assert (played.result[0].occurred_at, played.result[0].live) == (AT, True)


def test_stripe_is_asked_for_no_more_lines_than_a_receipt_holds() -> None:
    played = fetched(
        STRIPE_API,
        thin("cs_1"),
        [answer({"data": LINES[:100], "has_more": True}), answer({"data": LINES[100:200], "has_more": True})],
    )
    assert len(only(played).items) == 200


def test_stripe_pages_that_stand_still_are_a_problem() -> None:
    page = answer({"data": LINES[:1], "has_more": True})
    with pytest.raises(ApiFailure) as failure:
        fetched(STRIPE_API, thin("cs_1"), [page, page, page])
    assert failure.value.problem is Problem.UNREADABLE


def asked_for(played: Played[Any]) -> list[tuple[str, str]]:
    return [(each.method, each.url) for each in played.requests]


@pytest.mark.parametrize(("live", "host"), [(True, "connect.squareup.com"), (False, "connect.squareupsandbox.com")])
def test_square_tells_the_lines_of_an_order(live: bool, host: str) -> None:
    line = {
        "uid": "x",
        "name": "Peony bunch",
        "quantity": "2",
        "base_price_money": {"amount": 1_800, "currency": "USD"},
    }
    played = fetched(SQUARE_API, thin("o-1", live=live), [answer({"order": {"id": "o-1", "line_items": [line]}})])
    assert asked_for(played) == [("GET", f"https://{host}/v2/orders/o-1")]
    assert only(played).items == (Item("Peony bunch", 2, Money(1_800, "USD")),)
    assert only(fetched(SQUARE_API, thin("o-1"), [answer({"order": {"id": "o-1"}})])).items == ()


TOKEN = answer({"access_token": "A21AA-canary", "token_type": "Bearer", "expires_in": 31_668})


def test_paypal_tells_who_paid_for_what() -> None:
    order = {
        "id": "5O190127TN364715T",
        "status": "COMPLETED",
        "payer": {"name": {"given_name": "Maya", "surname": "Lindqvist"}, "email_address": "maya@example.com"},
        "purchase_units": [
            {
                "amount": {"currency_code": "USD", "value": "58.00"},
                "items": [{"name": "Vase", "quantity": "1", "unit_amount": {"currency_code": "USD", "value": "58.00"}}],
            }
        ],
    }
    event = thin("5O190127TN364715T", "GET /v2/checkout/orders/5O190127TN364715T")
    played = fetched(PAYPAL_API, event, [TOKEN, answer(order)], "client:secret")
    assert asked_for(played) == [
        ("POST", "https://api-m.paypal.com/v1/oauth2/token"),
        ("GET", "https://api-m.paypal.com/v2/checkout/orders/5O190127TN364715T"),
    ]
    assert [each.headers["Authorization"] for each in played.requests] == [
        "Basic Y2xpZW50OnNlY3JldA==",
        "Bearer A21AA-canary",
    ]
    claim = only(played)
    assert (claim.name, claim.email, claim.amount) == ("Maya Lindqvist", "maya@example.com", None)
    assert claim.items == (Item("Vase", 1, Money(5_800, "USD")),)


def test_paypal_tells_older_payments_and_those_of_its_sandbox() -> None:
    payment = {
        "id": "PAYID-1",
        "payer": {"payer_info": {"email": "maya@example.com", "first_name": "Maya", "last_name": "Lindqvist"}},
        "transactions": [
            {"item_list": {"items": [{"name": "Vase", "quantity": 2, "price": "9.50", "currency": "EUR"}]}}
        ],
    }
    event = thin("8PT6", "GET /v1/payments/payment/PAYID-1", live=False)
    played = fetched(PAYPAL_API, event, [TOKEN, answer(payment)], "client:secret")
    assert played.urls[1] == "https://api-m.sandbox.paypal.com/v1/payments/payment/PAYID-1"
    claim = only(played)
    assert (claim.order_id, claim.email, claim.items) == (
        "8PT6",
        "maya@example.com",
        (Item("Vase", 2, Money(950, "EUR")),),
    )


@pytest.mark.parametrize(
    ("answers", "problem"),
    [
        ([answer({"error": "invalid_client"}, 401)], Problem.KEY_REFUSED),
        ([answer({"error": "invalid_grant"}, 400)], Problem.KEY_REFUSED),
        ([answer({"access_token": ""})], Problem.UNREADABLE),
        ([TOKEN, answer({"id": "another"})], Problem.UNREADABLE),
        ([TOKEN, answer({}, 404)], Problem.NOT_FOUND),
    ],
)
def test_paypals_refusals_are_told_apart(answers: list[ApiResponse], problem: Problem) -> None:
    with pytest.raises(ApiFailure) as failure:
        fetched(PAYPAL_API, thin("o-1", "GET /v2/checkout/orders/o-1"), answers, "client:secret")
    assert failure.value.problem is problem


ORDER = {
    "id": 250,
    "currency_code": "USD",
    "total_inc_tax": "63.50",
    "billing_address": {"first_name": "Maya", "last_name": "Lindqvist", "email": "maya@example.com"},
}


def test_bigcommerce_tells_the_whole_order() -> None:
    lines = [{"name": "Vase", "quantity": 1, "price_inc_tax": "63.5000"}, {"name": "", "quantity": 1}]
    event = thin("250", "GET /stores/abc1/v2/orders/250")
    played = fetched(BIGCOMMERCE_API, event, [answer(ORDER), answer(lines)], f"abc1:{KEY}")
    base = "https://api.bigcommerce.com/stores/abc1/v2/orders/250"
    assert played.urls == [base, f"{base}/products?limit=200"]
    assert played.requests[0].headers["X-Auth-Token"] == KEY
    claim = only(played)
    assert (claim.amount, claim.name, claim.email) == (Money(6_350, "USD"), "Maya Lindqvist", "maya@example.com")
    assert claim.items == (Item("Vase", 1, Money(6_350, "USD")),)
    nothing = fetched(BIGCOMMERCE_API, event, [answer(ORDER), ApiResponse(204)], f"abc1:{KEY}")
    assert only(nothing).items == ()


def test_bigcommerce_tells_how_much_went_back() -> None:
    refunds = b'{"data": [{"id": 7, "total_amount": 10.10}, {"id": 8, "total_amount": 5}]}'
    claim = RefundClaim("250", None, "7")
    event = Event("e", "refund", Kind.REFUND, AT, claim, needs_fetch="GET /stores/abc1/v3/orders/250/payment_actions/x")
    played = fetched(BIGCOMMERCE_API, event, [answer(ORDER), answer(refunds)], f"abc1:{KEY}")
    assert played.urls[1] == "https://api.bigcommerce.com/stores/abc1/v3/orders/250/payment_actions/refunds"
    assert [each.claim for each in played.result] == [RefundClaim("250", Money(1_010, "USD"), "7")]


def test_etsy_tells_the_receipt_and_keeps_the_key_that_comes_with_it() -> None:
    receipt = {
        "receipt_id": 1234567890,
        "is_paid": True,
        "name": "Maya Lindqvist",
        "buyer_email": "maya@example.com",
        "grandtotal": {"amount": 4_250, "divisor": 100, "currency_code": "EUR"},
        "transactions": [
            {"title": "Vase", "quantity": 1, "price": {"amount": 4_250, "divisor": 100, "currency_code": "EUR"}}
        ],
    }
    token = answer({"access_token": "42.canary", "refresh_token": "42.next", "expires_in": 3600})
    event = thin("1234567890", "GET /v3/application/shops/12345/receipts/1234567890")
    played = fetched(ETSY_API, event, [token, answer(receipt)], "app:shared:42.refresh")
    assert asked_for(played) == [
        ("POST", "https://api.etsy.com/v3/public/oauth/token"),
        ("GET", "https://openapi.etsy.com/v3/application/shops/12345/receipts/1234567890"),
    ]
    assert played.requests[0].body == b"grant_type=refresh_token&client_id=app&refresh_token=42.refresh"
    assert played.requests[1].headers["x-api-key"] == "app:shared"
    assert played.keys == ["app:shared:42.next"]
    claim = only(played)
    assert (claim.amount, claim.email, claim.name) == (Money(4_250, "EUR"), "maya@example.com", "Maya Lindqvist")
    assert claim.items == (Item("Vase", 1, Money(4_250, "EUR")),)


def test_paddle_tells_who_bought() -> None:
    told = answer({"data": {"id": "ctm_1", "name": "Maya Lindqvist", "email": "maya@example.com"}})
    for key, host in (("pdl_live_apikey_x", "api.paddle.com"), ("pdl_sdbx_apikey_x", "sandbox-api.paddle.com")):
        played = fetched(PADDLE_API, thin("txn_1", "GET /customers/ctm_1"), [told], key)
        assert played.urls == [f"https://{host}/customers/ctm_1"]
        assert (only(played).name, only(played).email) == ("Maya Lindqvist", "maya@example.com")


CHECKOUT = b'{"id": "c-1", "checkout_reference": "R-7", "amount": 10.10, "currency": "EUR", "status": "PAID"}'


def test_sumup_tells_a_checkout_of_an_event_and_of_a_hint() -> None:
    for event in (thin("c-1", "GET /v0.1/checkouts/c-1"), hint("c-1")):
        played = fetched(SUMUP_API, event, [answer(CHECKOUT)])
        assert played.urls == ["https://api.sumup.com/v0.1/checkouts/c-1"]
        assert (only(played).amount, only(played).number) == (Money(1_010, "EUR"), "R-7")
        assert played.result[0].kind is Kind.SALE
    assert fetched(SUMUP_API, hint("c-1"), [answer(CHECKOUT.replace(b"PAID", b"PENDING"))]).result == ()


def payment(**changed: Any) -> ApiResponse:
    euro = {"currency": "EUR", "value": "75.20"}
    told = {"resource": "payment", "id": "tr_1", "mode": "live", "status": "paid", "amount": euro}
    return answer(
        told | {"paidAt": "2026-11-24T12:00:00+00:00", "billingAddress": {"email": "maya@example.com"}} | changed
    )


def test_mollie_tells_a_hinted_payment_with_all_that_went_back() -> None:
    played = fetched(MOLLIE_API, hint("tr_1"), [payment()])
    assert played.urls == ["https://api.mollie.com/v2/payments/tr_1"]
    assert (only(played).amount, only(played).email) == (Money(7_520, "EUR"), "maya@example.com")

    euro = {"currency": "EUR", "value": "5.95"}
    none = {"currency": "EUR", "value": "0.00"}
    claims = [
        each.claim
        for each in fetched(MOLLIE_API, hint("tr_1"), [payment(amountRefunded=euro, amountChargedBack=none)]).result
    ]
    assert claims[1:] == [RefundClaim("tr_1", Money(595, "EUR"), "tr_1", cumulative=True)]
    charged = fetched(MOLLIE_API, hint("tr_1"), [payment(amountChargedBack=euro)]).result[1]
    assert (charged.kind, charged.claim) == (Kind.DISPUTE, DisputeClaim("tr_1", Money(595, "EUR"), "tr_1"))


@pytest.mark.parametrize("status", ["open", "expired", "failed", "canceled", "authorized"])
def test_mollies_unpaid_payments_are_nothing(status: str) -> None:
    assert fetched(MOLLIE_API, hint("tr_1"), [payment(status=status)]).result == ()


def test_mollie_is_not_asked_about_hints_of_other_things() -> None:
    assert fetched(MOLLIE_API, hint("ord_1"), []) == Played((), [], [])


def test_mollie_tells_what_a_simple_message_was_about() -> None:
    entity = {"id": "re_1", "paymentId": "tr_1", "amount": {"currency": "EUR", "value": "5.95"}}
    event = Event("whe_1", "refund.refunded", Kind.OTHER, AT, needs_fetch="GET /v2/events/whe_1")
    played = fetched(MOLLIE_API, event, [answer({"id": "whe_1", "_embedded": {"entity": entity}})])
    assert played.urls == ["https://api.mollie.com/v2/events/whe_1"]
    assert [each.claim for each in played.result] == [RefundClaim("tr_1", Money(595, "EUR"), "re_1")]
    assert only(fetched(MOLLIE_API, thin("tr_1"), [payment()])).amount == Money(7_520, "EUR")


def test_hubspot_tells_who_a_contact_is() -> None:
    thin_one = Contact("77", did="contact.creation")
    event = Event("c", "contact.creation", Kind.CONTACT, AT, happening=thin_one, needs_fetch="GET /crm/v3/x/77")
    properties = {"firstname": "Maya", "lastname": "Lindqvist", "email": "maya@example.com", "phone": None}
    played = fetched(HUBSPOT_API, event, [answer({"id": "77", "properties": properties})])
    assert played.urls[0].startswith("https://api.hubapi.com/crm/v3/objects/contacts/77?properties=firstname")
    assert [each.happening for each in played.result] == [
        Contact("77", "Maya Lindqvist", "maya@example.com", did="contact.creation")
    ]


LEAD = Event("m", "leadgen", Kind.NOTICE, AT, happening=Notice("New lead"), needs_fetch="GET /44")


def test_meta_tells_what_was_written_into_a_form() -> None:
    fields = [{"name": "full_name", "values": ["Maya Lindqvist"]}, {"name": "email", "values": ["maya@example.com"]}]
    told = {"id": "44", "created_time": "2026-11-24T12:00:00+0000", "field_data": fields}
    played = fetched(META_API, LEAD, [answer(told)])
    assert played.urls == ["https://graph.facebook.com/v25.0/44?fields=created_time%2Cfield_data"]
    [meaning] = played.result
    assert (meaning.kind, meaning.occurred_at) == (Kind.CONTACT, AT)
    assert meaning.happening == Contact(
        "44",
        "Maya Lindqvist",
        "maya@example.com",
        fields=(Answered("full_name", "Maya Lindqvist"), Answered("email", "maya@example.com")),
    )


@pytest.mark.parametrize(
    ("code", "problem"),
    [(190, Problem.KEY_REFUSED), (200, Problem.KEY_NARROW), (4, Problem.LIMIT), (1, Problem.UNREADABLE)],
)
def test_metas_refusals_are_told_apart_by_their_code(code: int, problem: Problem) -> None:
    with pytest.raises(ApiFailure) as failure:
        fetched(META_API, LEAD, [answer({"error": {"code": code, "type": "OAuthException"}}, 400)])
    assert failure.value.problem is problem


def test_lemon_squeezy_tells_all_lines() -> None:
    line = {"type": "order-items", "id": "1", "attributes": {"product_name": "Vase", "price": 999, "quantity": 2}}
    event = Event("o", "order_created", Kind.SALE, AT, SaleClaim("5", Money(1_998, "USD")), needs_fetch="GET /v1/x/5")
    played = fetched(LEMONSQUEEZY_API, event, [answer({"data": [line]})])
    assert played.urls == ["https://api.lemonsqueezy.com/v1/order-items?filter%5Border_id%5D=5&page%5Bsize%5D=100"]
    assert only(played).items == (Item("Vase", 2, Money(999, "USD")),)


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda each: each.id)
def test_practice_messages_that_lack_something_can_be_asked_about(provider: Provider) -> None:
    """Where a message names a call, its provider's API knows how to make it."""
    if provider.id in NOT_ASKED_YET:
        return
    for kind in provider.practises:
        event = accepted(judge(provider, practice(provider, kind, 7)))
        if event.needs_fetch:
            api = api_of(provider.id)
            assert api is not None
            with pytest.raises(ApiFailure) as failure:
                fetched(api, event, lambda _: ApiResponse(404), ":".join(["k" * 12] * api.key.parts))
            assert failure.value.problem is Problem.NOT_FOUND
