"""SumUp tells what became of a checkout."""

from shopwatch.domain.event import Kind
from shopwatch.domain.money import Money
from shopwatch.providers.apis.sumup import SUMUP_API
from tests.providers.apis.fetching import fetched, only
from tests.providers.played import answer, hint, thin

CHECKOUT = b'{"id": "c-1", "checkout_reference": "R-7", "amount": 10.10, "currency": "EUR", "status": "PAID"}'


def test_sumup_tells_a_checkout_of_an_event_and_of_a_hint() -> None:
    for event in (thin("c-1", "GET /v0.1/checkouts/c-1"), hint("c-1")):
        played = fetched(SUMUP_API, event, [answer(CHECKOUT)])
        assert played.urls == ["https://api.sumup.com/v0.1/checkouts/c-1"]
        assert (only(played).amount, only(played).number) == (Money(1_010, "EUR"), "R-7")
        assert played.result[0].kind is Kind.SALE
    assert fetched(SUMUP_API, hint("c-1"), [answer(CHECKOUT.replace(b"PAID", b"PENDING"))]).result == ()
