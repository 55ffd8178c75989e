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
from shopwatch.providers.recipe import Recipe
from shopwatch.providers.request_file import requests_in

VECTORS = Path(__file__).parents[1] / "vectors"
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
        filed = requests_in(json.dumps(self.given).encode())[0]
        assert filed.now is not None
        return self.provider.judge(filed.request, filed.secrets, filed.now, filed.options)


def vectors() -> list[Case]:
    """The cases of every provider there is, which is named as their file is."""
    found = []
    for file in sorted(VECTORS.rglob("*.json")):
        provider = BY_ID.get({"paynow_gg": "paynow"}.get(file.stem, file.stem.replace("_", "-")))
        if provider is not None:
            found += [Case(provider, case["name"], case) for case in json.loads(file.read_text())["cases"]]
    return found


def recipe(provider: Provider) -> Recipe:
    """The recipe of a provider that signs in headers."""
    assert isinstance(provider.recipe, Recipe)
    return provider.recipe


def signed(provider: Provider, body: bytes, message_id: str = "msg_1", **headers: str) -> Request:
    """`body` as a request this provider's sender made now; underscores in header names are hyphens."""
    others = {
        "X-Shopify-Topic": "orders/paid",
        "X-Shopify-Shop-Domain": "bloom.myshopify.com",
        "X-Shopify-API-Version": "2026-07",
        "X-Shopify-Webhook-Id": "b54557e4",
    }
    others |= {name.replace("_", "-"): value for name, value in headers.items()}
    request = Request("POST", "https://shop.example/in/x", Headers.of(others), body)
    found = provider.recipe.sign(request, SECRET, NOW, message_id, {})
    assert found is not None
    return found


def accepted(verdict: Verdict) -> Event:
    assert isinstance(verdict, Accepted), verdict
    return verdict.event


def rejected(verdict: Verdict) -> Rejected:
    assert isinstance(verdict, Rejected), verdict
    return verdict


def judged(provider: Provider, body: bytes, message_id: str = "msg_1", **headers: str) -> Event:
    return accepted(provider.judge(signed(provider, body, message_id, **headers), KEYS, NOW))
