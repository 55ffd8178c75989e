"""Making, reading, mending and removing endpoints: whatever a provider answers, it ends well or in a plain problem, and
what is special about some."""

import copy
from collections.abc import Callable, Iterable
from itertools import cycle
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, note
from hypothesis import strategies as st

from shopwatch.domain.connection.endpoint import Endpoint, Standing
from shopwatch.providers.api import Api, ApiFailure, ApiProblem, ApiRequest, ApiResponse, Asking
from shopwatch.providers.api_kit.endpoints import Made, Wanted
from shopwatch.providers.apis import APIS
from shopwatch.providers.apis.bigcommerce import BIGCOMMERCE_API
from shopwatch.providers.apis.paynow import PAYNOW_API
from shopwatch.providers.apis.paypal import PAYPAL_API
from shopwatch.providers.apis.shopify import SHOPIFY_API
from shopwatch.providers.apis.square import SQUARE_API
from shopwatch.providers.apis.stripe import STRIPE_API
from shopwatch.providers.apis.woocommerce import WOOCOMMERCE_API
from shopwatch.providers.senders.shopify import SHOPIFY
from shopwatch.providers.senders.stripe import STRIPE
from tests.providers.played import KEY, OPTIONS, Played, answer, play
from tests.providers.spoiling import any_json, spoil

TOLD = [each for each in APIS if each.endpoints is not None]
URL = "https://flower-shop.example/in/abcdef"
HERE = Endpoint("h_1", URL)
WANTED = Wanted(URL, "ourownCHOSENsecret0123456789abcd")

HOOK = {
    "id": "h_1",
    "url": URL,
    "notification_url": URL,
    "delivery_url": URL,
    "destination": URL,
    "uri": URL,
    "callback_url": URL,
    "status": "disabled",
    "enabled": False,
    "is_active": False,
    "active": False,
    "enabled_events": ["charge.refunded"],
    "event_types": [{"name": "PAYMENT.CAPTURE.COMPLETED"}],
    "events": ["order_created"],
    "topic": "order.created",
    "scope": "store/order/statusUpdated",
    "type": "json_v1",
    "subscribed_to": "OnRefund",
    "secret": "s",
    "signature_key": "s",
    "attributes": {"url": URL, "events": ["order_created"], "store_id": 1},
    "config": {"url": URL},
}
ANSWER = HOOK | {
    "data": [HOOK],
    "webhooks": [HOOK],
    "subscriptions": [HOOK],
    "subscription": HOOK,
    "items": [HOOK],
    "collection": [HOOK],
    "_embedded": {"webhooks": [HOOK]},
    "resource": HOOK,
    "access_token": "t",
    "has_more": True,
    "cursor": "c",
    "meta": {"pagination": {"current_page": 1, "total_pages": 2, "has_more": True, "next": "https://x/y"}},
    "errors": [{"extensions": {"code": "THROTTLED"}}],
}
GRAPHQL = {
    "data": {
        "webhookSubscriptions": {"nodes": [HOOK], "pageInfo": {"hasNextPage": True, "endCursor": "c"}},
        "done": {"webhookSubscription": HOOK, "userErrors": [{"field": ["id"]}]},
    }
}
ANY_JSON = any_json(URL, "h_1", "..", "a/b", " ", "*")


@st.composite
def spoilt(draw: st.DrawFn) -> Any:
    """What some provider may answer, with something else at some places of it."""
    told: Any = copy.deepcopy(draw(st.sampled_from([ANSWER, [HOOK], GRAPHQL])))
    for _ in range(draw(st.integers(0, 3))):
        spoil(draw, told, ANY_JSON)
    return told


def named(api: Api) -> str:
    return api.provider


def key_of(api: Api) -> str:
    """What comes before the key itself names the account, unless it is one that stands alone."""
    return f"{api.key.whole[0]}{KEY}" if api.key.whole else ":".join([*["shop"] * (api.key.parts - 1), KEY])


@given(
    bodies=st.lists(st.one_of(spoilt(), ANY_JSON, st.binary(max_size=60)), min_size=1, max_size=4),
    statuses=st.lists(
        st.sampled_from([*[200] * 12, 201, 204, 302, 400, 401, 403, 404, 409, 422, 429, 500]), min_size=1, max_size=4
    ),
    what=st.sampled_from(["make", "read", "mend", "remove"]),
    endpoint=st.sampled_from([HERE, Endpoint("", URL), Endpoint("h_1 h_2", URL), Endpoint("../x", URL)]),
)
def test_any_answer_ends_well_or_in_a_problem(
    bodies: list[Any], statuses: list[int], what: str, endpoint: Endpoint
) -> None:
    """All are given the same answers, because making them up takes longer than reading them."""
    for api in TOLD:
        note(api.provider)
        ends_well_or_in_a_problem(api, bodies, statuses, what, endpoint)


def ends_well_or_in_a_problem(api: Api, bodies: list[Any], statuses: list[int], what: str, endpoint: Endpoint) -> None:
    told = cycle(zip(cycle(bodies), statuses, strict=False))

    def say(request: ApiRequest) -> ApiResponse:
        parts = urlsplit(request.url)
        assert parts.scheme == "https"
        assert parts.netloc in api.may_speak_to(OPTIONS)
        assert KEY not in request.url
        assert ".." not in parts.path.split("/")
        body, status = next(told)
        return answer(body, status)

    assert api.endpoints is not None
    ask = api.endpoints
    key = key_of(api)
    asking: dict[str, Asking[Made] | Asking[Endpoint] | Asking[None]] = {
        "make": ask.make(WANTED, key, OPTIONS),
        "read": ask.read(endpoint, key, OPTIONS),
        "mend": ask.mend(endpoint, WANTED, key, OPTIONS),
        "remove": ask.remove(endpoint, key, OPTIONS),
    }
    kind = {"make": Made, "mend": Made, "read": Endpoint, "remove": type(None)}[what]
    try:
        played: Played[Any] = play(asking[what], say)
        assert isinstance(played.result, kind)
    except ApiFailure:
        return


PAGED = {
    "stripe": {"data": [HOOK], "has_more": True},
    "square": {"subscriptions": [HOOK | {"event_types": []}], "cursor": "c"},
    "woocommerce": [HOOK] * 100,
    "shopify": GRAPHQL,
}
"""Pages behind each of which there is another."""


@pytest.mark.parametrize("provider", PAGED)
def test_pages_without_an_end_are_a_problem(provider: str) -> None:
    [api] = (each for each in TOLD if each.provider == provider)
    with pytest.raises(ApiFailure) as failure:
        seen(api, lambda _: answer(PAGED[provider]))
    assert failure.value.problem is ApiProblem.UNREADABLE


@pytest.mark.parametrize("api", [each for each in TOLD if each.endpoints and each.endpoints.chosen_secret], ids=named)
def test_nothing_is_made_that_could_not_be_checked(api: Api) -> None:
    assert api.endpoints is not None
    with pytest.raises(ApiFailure):
        play(api.endpoints.make(Wanted(URL), key_of(api), OPTIONS), lambda _: answer({"data": []}))


type Answers = Iterable[ApiResponse] | Callable[[ApiRequest], ApiResponse]


def made(api: Api, answers: Answers, key: str = "") -> Played[Made]:
    assert api.endpoints is not None
    return play(api.endpoints.make(WANTED, key or key_of(api), OPTIONS), answers)


def seen(api: Api, answers: Answers, endpoint: Endpoint = HERE) -> Endpoint:
    assert api.endpoints is not None
    return play(api.endpoints.read(endpoint, key_of(api), OPTIONS), answers).result


def refused(api: Api, answers: Answers) -> ApiProblem:
    with pytest.raises(ApiFailure) as failure:
        made(api, answers)
    return failure.value.problem


def stripe_hook(**told: Any) -> dict[str, Any]:
    every = list(STRIPE.readers)
    return {"id": "h_1", "url": URL, "status": "enabled", "enabled_events": every} | told


def test_stripe_is_told_of_every_type_in_one_version() -> None:
    played = made(STRIPE_API, [answer({"data": []}), answer(stripe_hook(secret="whsec_x"))])
    look, post = played.requests
    form = parse_qs(post.body.decode())
    assert (look.method, look.url) == ("GET", "https://api.stripe.com/v1/webhook_endpoints?limit=100")
    assert (post.method, post.url) == ("POST", "https://api.stripe.com/v1/webhook_endpoints")
    assert form["url"] == [URL]
    assert form["enabled_events[]"] == list(STRIPE.setup.events)
    assert form["api_version"] == [post.headers["Stripe-Version"]]
    assert not post.repeatable
    assert played.result == Made(HERE, ("whsec_x",))


@pytest.mark.parametrize(("status", "problem"), [(400, ApiProblem.NOT_TAKEN), (403, ApiProblem.KEY_NARROW)])
def test_stripe_may_refuse_one_more(status: int, problem: ApiProblem) -> None:
    assert refused(STRIPE_API, [answer({"data": []}), answer({"error": {}}, status)]) is problem


def test_a_secret_that_is_not_told_is_a_problem() -> None:
    assert refused(STRIPE_API, [answer({"data": []}), answer(stripe_hook())]) is ApiProblem.UNREADABLE
    square = {"subscription": {"id": "h_1", "notification_url": URL, "enabled": True, "event_types": []}}
    assert refused(SQUARE_API, [answer({}), answer(square)]) is ApiProblem.UNREADABLE
    paynow = {"id": "1", "url": URL, "subscribed_to": "OnOrderCompleted", "type": "json_v1"}
    assert refused(PAYNOW_API, [answer([]), answer(paynow)]) is ApiProblem.UNREADABLE


def test_a_star_stands_for_every_type() -> None:
    assert seen(STRIPE_API, [answer({"data": [stripe_hook(enabled_events=["*"])]})]).well
    webhook = {"id": "h_1", "url": URL, "event_types": [{"name": "*"}]}
    assert seen(PAYPAL_API, [answer({"access_token": "t"}), answer({"webhooks": [webhook]})]).well


def test_one_that_was_made_by_hand_is_found_by_its_address() -> None:
    found = seen(STRIPE_API, [answer({"data": [stripe_hook(id="h_9")]})], Endpoint("", URL))
    assert (found.id, found.well) == ("h_9", True)
    assert seen(STRIPE_API, [answer({"data": []})], Endpoint("", URL)).standing is Standing.GONE


def test_where_square_takes_the_key_there_everything_is_done() -> None:
    every = ["payment.created", "payment.updated", "refund.created", "refund.updated", "dispute.created"]
    hook = {"id": "h_1", "notification_url": URL, "enabled": True, "signature_key": "k"}
    told = {"subscription": hook | {"event_types": [*every, "dispute.state.updated"]}}
    played = made(SQUARE_API, [answer({}, 401), answer({}), answer(told)])
    assert [urlsplit(each).netloc for each in played.urls] == [
        "connect.squareup.com",
        "connect.squareupsandbox.com",
        "connect.squareupsandbox.com",
    ]
    assert played.result == Made(HERE, ("k",))
    assert refused(SQUARE_API, [answer({}, 401), answer({}, 401)]) is ApiProblem.KEY_REFUSED


def paypal(request: ApiRequest) -> ApiResponse:
    if urlsplit(request.url).path == "/v1/oauth2/token":
        return answer(
            {"access_token": "t"} if ".sandbox." in request.url else {}, 200 if ".sandbox." in request.url else 401
        )
    if request.method == "GET":
        return answer({"webhooks": []})
    return answer({"id": "5GP028458E2496506", "url": URL, "event_types": []}, 201)


def test_paypals_messages_are_signed_by_the_id_of_the_webhook() -> None:
    played = made(PAYPAL_API, paypal, "client:secret")
    assert played.result.secrets == ("5GP028458E2496506",)
    assert played.urls[-1] == "https://api-m.sandbox.paypal.com/v1/notifications/webhooks"


def paynow_hooks(**told: Any) -> list[dict[str, Any]]:
    spelt = ["OnOrderCompleted", "OnRefund", "OnChargeback", "OnChargebackClosed"]
    return [
        {"id": str(number), "url": URL, "secret": f"s{number}", "subscribed_to": each, "type": "json_v1"} | told
        for number, each in enumerate(spelt)
    ]


def test_paynow_takes_over_what_is_there_with_the_secrets_of_each() -> None:
    played = made(PAYNOW_API, [answer(paynow_hooks())])
    assert played.result == Made(Endpoint("0 1 2 3", URL), ("s0", "s1", "s2", "s3"))


def test_what_paynow_sends_in_other_ways_is_not_ours() -> None:
    found = seen(PAYNOW_API, [answer(paynow_hooks(type="discord_v1"))], Endpoint("0 1 2 3", URL))
    assert found.standing is Standing.GONE


@pytest.mark.parametrize(
    ("told", "problem"),
    [
        ({"errors": [{"extensions": {"code": "THROTTLED"}}]}, ApiProblem.LIMIT),
        ({"errors": [{"message": "?"}, {"extensions": {"code": "ACCESS_DENIED"}}]}, ApiProblem.KEY_NARROW),
        ({"errors": [{"extensions": {"code": "INTERNAL_SERVER_ERROR"}}]}, ApiProblem.AWAY),
        ({"errors": [{"extensions": {"code": "undefinedField"}}]}, ApiProblem.UNREADABLE),
        ({"errors": "no"}, ApiProblem.UNREADABLE),
        ({"data": None}, ApiProblem.UNREADABLE),
        ({"data": {"done": {"userErrors": [{"field": ["topic"], "message": "no"}]}}}, ApiProblem.KEY_NARROW),
        ({"data": {"done": {"userErrors": [{"field": ["webhookSubscription", "uri"]}]}}}, ApiProblem.NOT_TAKEN),
        ({"data": {"done": {"userErrors": [{"field": None}]}}}, ApiProblem.NOT_TAKEN),
    ],
)
def test_what_shopify_refuses_with_a_good_status(told: dict[str, Any], problem: ApiProblem) -> None:
    empty = {"data": {"webhookSubscriptions": {"nodes": [], "pageInfo": {"hasNextPage": False, "endCursor": None}}}}
    assert refused(SHOPIFY_API, [answer(empty), answer(told)]) is problem


def test_what_shopify_sends_elsewhere_than_to_an_address_is_left_alone() -> None:
    aws = {"id": "gid://1", "topic": "ORDERS_PAID", "uri": "arn:aws:events:us-east-1::event-source/x"}
    page = {"webhookSubscriptions": {"nodes": [aws], "pageInfo": {"hasNextPage": False}}}
    topics = [*SHOPIFY.readers, "order_transactions/create"]
    ours = ({"id": f"gid://{each}", "topic": each.upper().replace("/", "_"), "uri": URL} for each in topics)
    done = [answer({"data": {"done": {"webhookSubscription": each, "userErrors": []}}}) for each in ours]
    played = made(SHOPIFY_API, [answer({"data": page}), *done])
    assert played.result.endpoint.well
    assert "gid://1" not in played.result.endpoint.id.split(" ")
    assert [each.repeatable for each in played.requests] == [True, *[False] * 5]


@pytest.mark.parametrize("api", [SHOPIFY_API, WOOCOMMERCE_API], ids=named)
def test_without_the_shops_address_nobody_is_asked(api: Api) -> None:
    assert api.endpoints is not None
    with pytest.raises(ApiFailure):
        play(api.endpoints.read(HERE, key_of(api), {}), [])


def test_an_id_that_leads_elsewhere_is_never_asked_for() -> None:
    hooks = [{"id": "..", "scope": "store/order/statusUpdated", "destination": URL, "is_active": False}]
    assert refused(BIGCOMMERCE_API, [answer({"data": hooks})]) is ApiProblem.UNREADABLE


def test_every_right_that_is_needed_is_named() -> None:
    for api in (STRIPE_API, SHOPIFY_API, PAYNOW_API, WOOCOMMERCE_API):
        assert api.endpoints is not None
        assert api.endpoints.scopes
