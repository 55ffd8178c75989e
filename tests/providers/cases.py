"""The vectors, and messages made for a test and signed as their senders would."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shopwatch.domain.clock import Instant
from shopwatch.domain.delivery import Headers, Request
from shopwatch.domain.event import Event
from shopwatch.domain.source import Secrets
from shopwatch.domain.verdict import Accepted, Rejected, Verdict
from shopwatch.providers import PROVIDERS
from shopwatch.providers.provider import Provider

VECTORS = Path(__file__).parents[1] / "vectors"
FILES = {
    "paynow": "commerce/paynow_gg",
    "stripe": "commerce/stripe",
    "shopify": "commerce/shopify",
    "standard-webhooks": "seed/standard-webhooks",
}
NOW: Instant = 1_795_500_000_000
SECRET = "whsec_c2VlZC12ZWN0b3JzLXZpc2libGUta2V5LTAxIQ=="
KEYS = Secrets((SECRET,))
BY_ID = {provider.id: provider for provider in PROVIDERS}


@dataclass(frozen=True)
class Case:
    provider: Provider
    name: str
    given: dict[str, Any]

    def judge(self) -> Verdict:
        given = self.given
        request = Request(given["method"], given["url"], Headers.of(given["headers"]), given["body"].encode())
        return self.provider.judge(request, Secrets((given["secret"],)), given["now"] * 1000)


def vectors() -> list[Case]:
    found = []
    for provider_id, file in FILES.items():
        cases = json.loads((VECTORS / f"{file}.json").read_text())["cases"]
        found += [Case(BY_ID[provider_id], case["name"], case) for case in cases]
    return found


def signed(provider: Provider, body: bytes, message_id: str = "msg_1", **headers: str) -> Request:
    """`body` as a request this provider's sender made now; underscores in header names are hyphens."""
    others = {
        "X-Shopify-Topic": "orders/paid",
        "X-Shopify-Shop-Domain": "bloom.myshopify.com",
        "X-Shopify-API-Version": "2026-07",
        "X-Shopify-Webhook-Id": "b54557e4",
    }
    others |= {name.replace("_", "-"): value for name, value in headers.items()}
    signature = provider.recipe.sign(SECRET, body, NOW, message_id)
    assert signature is not None
    return Request("POST", "https://shop.example/in/x", Headers.of(others | signature), body)


def accepted(verdict: Verdict) -> Event:
    assert isinstance(verdict, Accepted), verdict
    return verdict.event


def rejected(verdict: Verdict) -> Rejected:
    assert isinstance(verdict, Rejected), verdict
    return verdict


def judged(provider: Provider, body: bytes, message_id: str = "msg_1", **headers: str) -> Event:
    return accepted(provider.judge(signed(provider, body, message_id, **headers), KEYS, NOW))
