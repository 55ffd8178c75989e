"""What ShopWatch asks of Stripe, by the types of Stripe's own library, which are made from its API description."""

from collections.abc import Mapping
from typing import Any, get_args, get_type_hints
from urllib.parse import parse_qsl, urlsplit

from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.sales.sale import RefundClaim
from shopwatch.providers.api import ApiRequest, ApiResponse, Place
from shopwatch.providers.api_kit.endpoints import Wanted
from shopwatch.providers.apis.stripe import STRIPE_API
from shopwatch.providers.senders.stripe import STRIPE
from shopwatch.runtime.clock import now

KEY = "rk_test_0123456789abcdef"
NONE_YET = ApiResponse(200, {}, b'{"object":"list","data":[],"has_more":false}')


def names(request: ApiRequest) -> set[str]:
    """The names of what is asked, without what stands in brackets behind them."""
    told = urlsplit(request.url).query if request.method == "GET" else request.body.decode()
    return {name.partition("[")[0] for name, _ in parse_qsl(told, keep_blank_values=True)}


def first(asking: Any) -> ApiRequest:
    request = next(asking)
    assert isinstance(request, ApiRequest)
    return request


def test_events_are_listed_by_parameters_that_there_are() -> None:
    from stripe.params import EventListParams

    assert STRIPE_API.missed is not None
    request = first(STRIPE_API.missed(Place(now()), KEY, {}))
    assert urlsplit(request.url).path == "/v1/events"
    assert names(request) <= EventListParams.__annotations__.keys()


def test_the_invoice_of_a_payment_is_asked_for_by_parameters_and_read_by_members_that_there_are() -> None:
    from stripe import InvoicePayment
    from stripe.params import InvoicePaymentListParams, InvoicePaymentListParamsPayment

    back = RefundClaim("ch_1", None, "re_1")
    call = "GET /v1/invoice_payments?payment[type]=payment_intent&payment[payment_intent]=pi_1"
    assert STRIPE_API.fetch is not None
    request = first(STRIPE_API.fetch(Event("e", "refund", Kind.REFUND, now(), back, needs_fetch=call), KEY, {}))
    assert urlsplit(request.url).path == InvoicePayment.class_url()
    assert names(request) <= InvoicePaymentListParams.__annotations__.keys()
    inner = {name for name, _ in parse_qsl(urlsplit(request.url).query) if name.startswith("payment[")}
    assert inner <= {f"payment[{each}]" for each in InvoicePaymentListParamsPayment.__annotations__}
    assert {"invoice", "payment", "amount_paid", "currency", "status"} <= InvoicePayment.__annotations__.keys()
    assert {"payment_intent", "charge", "payment_record"} <= InvoicePayment.Payment.__annotations__.keys()


def test_endpoints_are_made_by_parameters_versions_and_types_that_there_are() -> None:
    from stripe.params import WebhookEndpointCreateParams, WebhookEndpointListParams

    assert STRIPE_API.endpoints is not None
    making = STRIPE_API.endpoints.make(Wanted("https://flower-shop.example/in/abcdef/x"), KEY, {})
    listing = first(making)
    assert names(listing) <= WebhookEndpointListParams.__annotations__.keys()

    adding = making.send(NONE_YET)
    assert isinstance(adding, ApiRequest)
    told = parse_qsl(adding.body.decode())
    assert names(adding) <= WebhookEndpointCreateParams.__annotations__.keys()
    hints = get_type_hints(WebhookEndpointCreateParams, localns={"StripeContext": str, "Mapping": Mapping})
    version = next(value for name, value in told if name == "api_version")
    assert version in literals(hints["api_version"])
    types = {value for name, value in told if name == "enabled_events[]"}
    assert types
    assert types <= literals(hints["enabled_events"])
    assert set(STRIPE.setup.events) <= literals(hints["enabled_events"])
    assert STRIPE.readers.keys() <= literals(hints["enabled_events"])


def literals(hint: Any) -> set[str]:
    """Every text that a type allows for, however deep."""
    inner = get_args(hint)
    return {each for each in inner if isinstance(each, str)}.union(*map(literals, inner))
