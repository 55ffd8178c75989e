"""WooCommerce: its REST API reference (orders, order refunds, webhooks; woocommerce-rest-api-docs 13d6196),
class-wc-webhook.php, and woocommerce.com's documents of Subscriptions: each renewal is an order of its own, which a
failed payment leaves as failed until it is paid."""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from shopwatch.providers.api import ApiRequest, ApiResponse
from tests.standin.lists import seconds
from tests.sums.life import Life, Step
from tests.sums.writer import Sent, Writer, answer

_HOST = "shop.example.com"


class WooCommerce(Writer):
    """Each message tells an order as it is then, with all refunds so far, and the list as it is at last. A shop knows
    no disputes, and of a refund that fails it says nothing."""

    provider_id = "woocommerce"
    tells = frozenset(Step) - {Step.REFUND_FAILED, Step.DISPUTED, Step.DISPUTE_WON, Step.DISPUTE_LOST}
    key = "ck_canary:cs_canary"
    options = {"shop": _HOST}  # noqa: RUF012 - it is read only

    def messages(self, life: Life) -> list[Sent]:
        return [
            Sent(
                json.dumps(order).encode(),
                f"{life.number}-{place}",
                {"X-WC-Webhook-Topic": topic, "X-WC-Webhook-Source": f"https://{_HOST}/"},
            )
            for place, (topic, order) in enumerate(_told(life))
        ]

    def answers(self, lives: Sequence[Life], request: ApiRequest) -> ApiResponse:
        asked = urlsplit(request.url)
        query = {name: value[0] for name, value in parse_qs(asked.query).items()}
        if asked.path != "/wp-json/wc/v3/orders":
            raise LookupError(request.url)
        assert (query["orderby"], query["order"], query["dates_are_gmt"]) == ("modified", "asc", "true")
        last = {order["id"]: order for life in lives for _, order in _told(life)}
        after = seconds(query["modified_after"])
        found = [each for each in last.values() if seconds(f"{each['date_modified_gmt']}Z") > after]
        found.sort(key=lambda each: (each["date_modified_gmt"], each["id"]))
        start, size = (int(query["page"]) - 1) * int(query["per_page"]), int(query["per_page"])
        return answer(found[start : start + size])


def _told(life: Life) -> Iterator[tuple[str, dict[str, Any]]]:
    """Its orders, as they are after each change."""
    orders: dict[int, dict[str, Any]] = {}
    for step in life.steps:
        if step.step is Step.CANCELLED:
            continue
        now = datetime.fromtimestamp(step.at, UTC).strftime("%Y-%m-%dT%H:%M:%S")
        if step.payment not in orders:
            orders[step.payment] = _order(life, step.payment, 0 if step.step is Step.TRIAL else life.price, now)
            yield "order.created", orders[step.payment]
        order = orders[step.payment] | {"date_modified_gmt": now}
        match step.step:
            case Step.TRIAL | Step.START | Step.RENEWAL:
                order |= {"status": "processing", "date_paid_gmt": now}
                yield "order.updated", order
                order |= {"status": "completed"}
            case Step.FAILED:
                order |= {"status": "failed"}
            case Step.PART_REFUND | Step.FULL_REFUND:
                refund = {"id": 900_000 + step.number, "reason": "", "total": f"-{_decimal(step.minor)}"}
                order |= {"refunds": [*order["refunds"], refund]}
                if step.step is Step.FULL_REFUND:
                    order |= {"status": "refunded"}
        orders[step.payment] = order
        yield "order.updated", order


def _order(life: Life, payment: int, total: int, now: str) -> dict[str, Any]:
    number = 1_000 + life.number * 10 + payment
    return {
        "id": number,
        "parent_id": 0,
        "number": str(number),
        "created_via": "subscription" if payment else "checkout",
        "status": "pending",
        "currency": "USD",
        "total": _decimal(total),
        "billing": {"first_name": "Ada", "last_name": "Byron", "email": "ada@example.com"},
        "payment_method": "stripe",
        "date_created_gmt": now,
        "date_modified_gmt": now,
        "date_paid_gmt": None,
        "line_items": [{"id": 1, "name": "Tea each month &ndash; Green", "quantity": 1, "total": _decimal(total)}],
        "refunds": [],
    }


def _decimal(minor: int) -> str:
    return f"{minor // 100}.{minor % 100:02}"
