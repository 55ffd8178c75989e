"""The vectors, and messages made for a test and signed as their senders would."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from itertools import permutations
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

from shopwatch.domain.instant import Instant
from shopwatch.domain.messages.delivery import Headers, Request
from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.messages.verdict import Accepted, Reason, Rejected, Verdict, Wanting
from shopwatch.domain.sales.sale import Part, Sale, fold
from shopwatch.domain.source import NO_OPTIONS, Options, Secrets
from shopwatch.providers import CHECKS, PROVIDERS
from shopwatch.providers.kit.check import Check, Choice, FirstOf
from shopwatch.providers.kit.jwt import claims_in
from shopwatch.providers.kit.recipe import Recipe
from shopwatch.providers.kit.sample import Sample
from shopwatch.providers.provider import PracticeDraft, Provider
from shopwatch.providers.request_file import Filed, requests_in
from shopwatch.providers.senders.ebay_signature import PRACTICE_KEY
from shopwatch.providers.senders.paypal_signature import PRACTICE_CERTIFICATE
from tests.providers.authority import (
    ebay_key,
    paypal_certificate,
    paypal_key,
    pem,
    private_pem,
    public_half,
    root,
    signing_secret,
)

VECTORS = Path(__file__).parents[1] / "vectors"
NOW: Instant = 1_795_500_000_000
SECRET = "whsec_c2VlZC12ZWN0b3JzLXZpc2libGUta2V5LTAxIQ=="
KEYS = Secrets((SECRET,))
OTHER_SECRET = "whsec_b3RoZXItc2VjcmV0LW90aGVyLXNlY3JldC0wMQ=="
SECRETS: dict[str, str] = {
    "braintree": "btpub577f96497a9:affd8e7ce73ea2f964a2a728ecbadb39",
    "adyen": "7CC312C7D3B79682CB10EFA4DA4EA33CB8FF44A23BE5396E27911D27E29E0604",
    # A pair of keys; Discord itself shows only the second half, the public one.
    "discord": "e1ba4807a15d8579f79cfd90a07fc015e6125565c9271eb94aded0b2ebf86163"
    "a6fbf9fc39e1cd92a49b2e6860095d34a9047319ddd56904792e428da60f901b",
    "adobe-commerce": private_pem(),
    "squarespace": "26af1b2b6b4cc08506489114fc74d88430f5c70343c40b1c23620b30ab260324",
    "paypal": signing_secret("8PT597110X687430L", paypal_key()),
    # What eBay itself signs by; nobody else holds it.
    "ebay": ebay_key(),
    # A private key, which can sign as well; Wix itself shows only the public one.
    "wix": pem(paypal_key()),
}
"""Secrets of the providers whose secrets have a form of their own; all others take any text."""
OPTIONS: dict[str, Options] = {
    "custom": {
        "method": "hmac",
        "signature_header": "X-Signature",
        "signature_prefix": "v1=",
        "signed": "{id}.{timestamp}.{body}",
        "timestamp_header": "X-Time",
        "id_header": "X-Id",
        "type": "event",
        "sales": "paid",
        "refunds": "refunded",
        "contacts": "signed_up",
        "messages": "wrote",
        "notices": "*",
        "items": "data.lines",
        "item_name": "title",
        "item_qty": "count",
        "item_price": "price.each",
    }
    | {name: f"data.{name}" for name in "order refund amount currency name email phone text".split()},
    "adobe-commerce": {
        "order": "order.increment_id",
        "amount": "order.grand_total",
        "currency": "order.order_currency_code",
        "email": "order.customer_email",
        "items": "order.items",
    },
    "meta": {"verify_token": "agreed-word"},
    "ebay": {"verification_token": "agreed-word-of-at-least-thirty-two-letters"},
    "paynow-zw": {"currency": "USD"},
    "websub": {"topic": "https://bloom.example/feed"},
    "zettle": {"email": "owner@example.com"},
}
"""What sources of some providers have set beside their secret."""
URL = "https://shop.example/in/x"
BY_ID = {provider.id: provider for provider in PROVIDERS + CHECKS}
_FILES = {"paynow_gg": "paynow", "twilio-sharedkey": "twilio"}
"""Files of vectors that have another name than their provider."""


@dataclass(frozen=True)
class Case:
    provider: Provider
    name: str
    given: dict[str, Any]

    @property
    def filed(self) -> Filed:
        return requests_in(json.dumps(self.given).encode())[0]

    def judge(self, **more: str) -> Verdict:
        """What its provider thinks of it; `more` are options beside its own. There are no keys but its own."""
        filed = self.filed
        assert filed.now is not None
        options = {**filed.options, **more}
        verdict = self.provider.judge(filed.request, filed.secrets, filed.now, options)
        if not isinstance(verdict, Wanting):
            return verdict
        secrets = replace(filed.secrets, certificates={**filed.secrets.certificates, verdict.url: ""})
        return self.provider.judge(filed.request, secrets, filed.now, options)


def files() -> dict[Path, Provider]:
    """The files of vectors, and whose messages are in each: it is named as its provider is."""
    named = {file: _FILES.get(file.stem, file.stem.replace("_", "-")) for file in sorted(VECTORS.glob("*/*.json"))}
    return {file: BY_ID[name] for file, name in named.items() if name in BY_ID}


def vectors() -> list[Case]:
    """The cases of every provider there is."""
    found = []
    for file, provider in files().items():
        found += [Case(provider, case["name"], case) for case in json.loads(file.read_text())["cases"]]
    return found


def recipe(provider: Provider) -> Recipe:
    """The recipe of a provider that signs in headers, by which it signs practice."""
    found = _strongest(provider.recipe)
    assert isinstance(found, Recipe)
    return found


def _strongest(check: Check) -> Check:
    if isinstance(check, FirstOf):
        return _strongest(check.checks[0])
    return check.usual if isinstance(check, Choice) else check


SIGNING = [provider for provider in PROVIDERS if isinstance(_strongest(provider.recipe), Recipe)]
UNCOVERED = ("ecwid", "mercadopago", "zettle")
"""Their signature covers some words of the message alone: all that counts (Zettle), or a message that is never believed
before it was asked about."""


def secret_of(provider: Provider) -> str:
    return SECRETS.get(provider.id, SECRET)


def keys_of(provider: Provider) -> Secrets:
    return certified(Secrets((secret_of(provider),)))


def certified(secrets: Secrets) -> Secrets:
    """These secrets with the certificate and the key of those who stand in for PayPal and eBay."""
    published = {PRACTICE_CERTIFICATE: paypal_certificate(), PRACTICE_KEY: public_half(ebay_key())}
    return replace(secrets, certificates=published, trust=_trust())


@cache
def _trust() -> str:
    return root().pem


def options_of(provider: Provider) -> Options:
    return OPTIONS.get(provider.id, NO_OPTIONS)


def practice(provider: Provider, kind: Kind | None = None, seed: int = 7, now: Instant = NOW) -> Request:
    """A practice message; without `kind`, of what the provider mostly tells."""
    told, options = kind or provider.practises[0], options_of(provider)
    return provider.practise(told, secret_of(provider), now, seed, url=URL, options=options)


def judge(provider: Provider, request: Request, secrets: Secrets | None = None, now: Instant = NOW) -> Verdict:
    """What a source of this provider thinks of `request`, with its right secrets or others. With the right ones, what
    nobody signs and the sender only hints at is judged as practice is."""
    held = keys_of(provider) if secrets is None else certified(secrets)
    verdict = provider.judge(request, held, now, options_of(provider))
    if secrets is None and provider.secretless and isinstance(verdict, Rejected) and verdict.reason is Reason.HINT:
        return provider.judge_practice(request, now, options_of(provider))
    return verdict


def opened(body: bytes) -> Any:
    """What a body holds: JSON, which may be that of a token, or the fields of a form, in which JSON is opened too."""
    try:
        return claims_in(body) if body.startswith(b"eyJ") else json.loads(body)
    except ValueError:
        return {name: _opened_field(value) for name, value in parse_qsl(body.decode(), keep_blank_values=True)}


def _opened_field(value: str) -> Any:
    return json.loads(value) if value[:1] in ("{", "[") else value


def redrafted(provider: Provider, kind: Kind, seed: int, body: Any) -> Request:
    """A practice message with another body, written and signed as this provider does."""
    if not _writes_forms(provider.id, kind):
        return bodied(provider, json.dumps(body, allow_nan=False).encode(), kind, seed)
    fields = {name: value if isinstance(value, str) else json.dumps(value) for name, value in body.items()}
    return bodied(provider, urlencode(fields, errors="replace").encode(), kind, seed)


@cache
def _writes_forms(provider_id: str, kind: Kind) -> bool:
    return "form" in (practice(BY_ID[provider_id], kind).headers.only("Content-Type") or "")


def bodied(provider: Provider, body: bytes, kind: Kind | None = None, seed: int = 7) -> Request:
    """A practice message of which the body has these bytes, signed as this provider does."""

    def draft(kind: Kind, sample: Sample, at: Instant) -> PracticeDraft:
        return replace(provider.described(options_of(provider)).draft(kind, sample, at), body=body)

    return practice(replace(provider.described(options_of(provider)), draft=draft), kind, seed)


def members(value: Any, *path: Any) -> Iterable[tuple[Any, ...]]:
    """Where something stands in what a body holds."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, held in inner:
        yield (*path, key)
        yield from members(held, *path, key)


def signed(provider: Provider, body: bytes, message_id: str = "msg_1", **headers: str) -> Request:
    """`body` as a request this provider's sender made now; underscores in header names are hyphens.

    As it is, where the provider signs within the body and this one has no place for that.
    """
    others = {
        "X-Shopify-Topic": "orders/paid",
        "X-Shopify-Shop-Domain": "bloom.myshopify.com",
        "X-Shopify-API-Version": "2026-07",
        "X-Shopify-Webhook-Id": "b54557e4",
    }
    others |= {name.replace("_", "-"): value for name, value in headers.items()}
    request = Request("POST", URL, Headers.of(others), body)
    return provider.recipe.sign(request, secret_of(provider), NOW, message_id, options_of(provider)) or request


def accepted(verdict: Verdict) -> Event:
    assert isinstance(verdict, Accepted), verdict
    return verdict.event


def rejected(verdict: Verdict) -> Rejected:
    assert isinstance(verdict, Rejected), verdict
    return verdict


def judged(provider: Provider, body: bytes, message_id: str = "msg_1", **headers: str) -> Event:
    return accepted(judge(provider, signed(provider, body, message_id, **headers)))


def one_sale(*events: Event) -> Sale:
    """The sale that all of these events tell of, whatever their order and however often they come.

    They must be of one purchase, by the ids and links they bear.
    """
    parts = []
    names: list[set[str]] = []
    for event in events:
        assert event.claim is not None, event
        parts.append(Part(event.id, event.type, event.occurred_at, event.claim, live=event.live))
        called = {event.claim.order_id, *event.links}
        joined = [group for group in names if group & called]
        names = [group for group in names if not group & called] + [called.union(*joined)]
    assert len(names) == 1, names
    sale = fold(parts)
    assert all(fold([*order, order[0]]) == sale for order in permutations(parts))
    return sale
