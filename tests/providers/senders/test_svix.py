"""What senders that go through Svix tell."""

from shopwatch.domain.messages.happening import Notice
from shopwatch.domain.sales.sale import SaleClaim
from tests.providers.cases import BY_ID
from tests.providers.senders.said import notice, told

SVIX = BY_ID["svix"]


def test_svix_tells_of_any_event_and_knows_the_standards_sales() -> None:
    paid = notice(told(SVIX, {"type": "invoice.paid", "data": {"id": "inv_42", "amount": 1999}}))
    assert paid == Notice("Invoice paid", "id: inv_42, amount: 1999")
    assert notice(told(SVIX, {"data": {}})).title == "New message through Svix"

    assert isinstance(told(SVIX, {"type": "sale", "data": {"order_id": "A-7"}}).claim, SaleClaim)
