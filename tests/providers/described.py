"""A shop that sends in a way of its own, as its owner has described it, and what its messages come to."""

import json
from typing import Any

from shopwatch.domain.messages.delivery import Headers, Request
from shopwatch.domain.messages.event import Event
from shopwatch.domain.messages.verdict import Verdict
from shopwatch.domain.source import Options, Secrets
from shopwatch.providers.described.custom import CUSTOM
from tests.providers.cases import NOW, URL, accepted

SECRET = "6d1f0c8e2b7a4953"
KEYS = Secrets((SECRET,))
SHOP = {"method": "none", "type": "event", "sales": "paid", "refunds": "refunded", "contacts": "*", "order": "order.no"}
SHOP |= {"amount": "order.total", "currency": "order.currency", "name": "who.name", "email": "who.email"}
SHOP |= {"items": "order.lines", "item_name": "title", "item_qty": "n", "item_price": "each", "time": "at"}


def request(body: Any, url: str = URL, **headers: str) -> Request:
    lines = {name.replace("_", "-"): value for name, value in headers.items()}
    return Request("POST", url, Headers.of(lines), json.dumps(body).encode())


def read(options: Options, body: Any, **headers: str) -> Event:
    return accepted(CUSTOM.judge(request(body, **headers), KEYS, NOW, options))


def judge(options: Options, message: Request, secrets: Secrets = KEYS) -> Verdict:
    return CUSTOM.judge(message, secrets, NOW, options)
