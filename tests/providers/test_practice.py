"""Practice: messages that pass for real ones, because they are made and signed the same way."""

import json

import pytest

from shopwatch.domain.errors import UserError
from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.messages.verdict import Reason
from shopwatch.domain.sales.sale import DisputeClaim, Part, RefundClaim, SaleClaim, SaleState, fold
from shopwatch.domain.source import Secrets
from shopwatch.providers import PROVIDERS
from shopwatch.providers.provider import Provider
from tests.portions import FULL
from tests.providers.cases import BY_ID, NOW, VECTORS, accepted, judge, opened, practice, rejected, secret_of

SEEDS = 300 if FULL else 60

every_provider = pytest.mark.parametrize("provider", PROVIDERS, ids=lambda provider: provider.id)
every_kind = pytest.mark.parametrize(
    ("provider", "kind"),
    [(provider, kind) for provider in PROVIDERS for kind in provider.practises],
    ids=lambda each: each.id if isinstance(each, Provider) else each.value,
)


def heard(provider: Provider, kind: Kind, seed: int, now: int = NOW) -> Event:
    return accepted(judge(provider, practice(provider, kind, seed, now), now=now))


@every_kind
def test_practice_is_believed(provider: Provider, kind: Kind) -> None:
    for seed in (0, 1, 2**63, -5):
        event = heard(provider, kind, seed)

        assert event.kind is kind, seed
        assert event.live
        assert not event.unreadable
        assert event.happening is not None or event.claim is not None
        assert event.claim is None or event.claim.amount is not None or event.needs_fetch
        assert abs(event.occurred_at - NOW) < 1000, seed


@every_provider
def test_a_seed_always_makes_the_same_message_and_another_seed_another(provider: Provider) -> None:
    def bodies(seed: int) -> list[bytes]:
        return [practice(provider, kind, seed).body for kind in provider.practises]

    assert bodies(4) == bodies(4)
    assert bodies(4) != bodies(5)
    first = [heard(provider, provider.practises[0], seed) for seed in range(SEEDS)]
    assert len({event.id for event in first}) == SEEDS
    claims = [event.claim for event in first if event.claim]
    assert len({claim.order_id for claim in claims}) == len(claims)


@every_provider
def test_the_kinds_of_one_seed_have_ids_of_their_own(provider: Provider) -> None:
    assert len({heard(provider, kind, 4).id for kind in provider.practises}) == len(provider.practises)


@pytest.mark.parametrize(
    "provider", [each for each in PROVIDERS if Kind.SALE in each.practises], ids=lambda provider: provider.id
)
def test_refund_and_dispute_are_of_the_order_of_the_same_seed(provider: Provider) -> None:
    told = {kind: heard(provider, kind, 4, NOW + index) for index, kind in enumerate(provider.practises)}
    sale, refund = told[Kind.SALE], told.get(Kind.REFUND)
    assert isinstance(sale.claim, SaleClaim)
    assert refund is None or isinstance(refund.claim, RefundClaim)
    assert Kind.DISPUTE not in told or isinstance(told[Kind.DISPUTE].claim, DisputeClaim)

    for kind in (Kind.REFUND, Kind.DISPUTE):
        event = told.get(kind)
        if event is not None and event.claim is not None:
            assert {sale.claim.order_id, *sale.links} & {event.claim.order_id, *event.links}
    if refund is not None:
        made = [(each, each.claim) for each in (sale, refund) if each.claim]
        folded = fold(Part(each.id, each.type, each.occurred_at, claim, practice=True) for each, claim in made)
        assert folded.state in (SaleState.PART_REFUNDED, SaleState.REFUNDED)
        assert folded.given_back is not None or refund.needs_fetch
        assert folded.kept is None


@every_provider
def test_names_are_those_of_a_flower_shop_without_any_mark_of_practice(provider: Provider) -> None:
    for seed in range(50):
        request = practice(provider, seed=seed)
        whole = (request.body + repr(request.headers).encode()).lower().replace(b'"test_mode":false', b"")
        for word in (b"practice", b"shopwatch", b"sample", b"test_", b'"test": true', b'"test":true'):
            assert word not in whole


def shape(value: object) -> object:
    return {key: shape(inner) for key, inner in value.items()} if isinstance(value, dict) else None


@pytest.mark.parametrize(
    ("provider_id", "kind", "case", "left_out"),
    [
        ("paynow", Kind.SALE, 0, {"steam", "profile"}),
        ("paynow", Kind.REFUND, 1, set()),
        ("paynow", Kind.DISPUTE, 2, set()),
        ("stripe", Kind.SALE, 0, {"order_ref", "line2"}),
        ("stripe", Kind.REFUND, 2, set()),
        ("shopify", Kind.SALE, 0, {"total_price_set"}),
        ("shopify", Kind.REFUND, 1, set()),
        ("square", Kind.SALE, 1, set()),
        ("square", Kind.REFUND, 2, set()),
        ("woocommerce", Kind.SALE, 0, set()),
        ("woocommerce", Kind.REFUND, 1, set()),
        ("bigcommerce", Kind.SALE, 0, set()),
        ("bigcommerce", Kind.REFUND, 1, set()),
        ("lemonsqueezy", Kind.SALE, 0, set()),
        ("lemonsqueezy", Kind.REFUND, 1, set()),
        ("paddle", Kind.SALE, 0, set()),
        ("paddle", Kind.REFUND, 1, set()),
        ("etsy", Kind.SALE, 0, set()),
        ("razorpay", Kind.SALE, 0, {"sku"}),
        ("razorpay", Kind.REFUND, 1, {"sku"}),
        ("razorpay", Kind.DISPUTE, 2, {"sku"}),
        ("mollie", Kind.SALE, 0, set()),
        ("mollie", Kind.REFUND, 2, set()),
        ("sumup", Kind.SALE, 0, set()),
        ("shopware", Kind.SALE, 0, set()),
        ("shopware", Kind.REFUND, 1, set()),
        ("paypal", Kind.SALE, 4, set()),
        ("paypal", Kind.REFUND, 6, {"final_capture", "seller_protection"}),
        ("adyen", Kind.SALE, 1, set()),
        ("adyen", Kind.REFUND, 2, set()),
        ("adyen", Kind.DISPUTE, 3, set()),
        ("buymeacoffee", Kind.SALE, 0, set()),
        ("buymeacoffee", Kind.REFUND, 1, set()),
        ("kofi", Kind.SALE, 2, set()),
        ("gumroad", Kind.SALE, 0, set()),
        ("gumroad", Kind.REFUND, 1, set()),
        ("gumroad", Kind.DISPUTE, 2, set()),
        ("paynow-zw", Kind.SALE, 1, set()),
        ("paynow-zw", Kind.REFUND, 3, set()),
        ("paynow-zw", Kind.DISPUTE, 4, set()),
    ],
)
def test_practice_is_shaped_like_the_real_messages(provider_id: str, kind: Kind, case: int, left_out: set[str]) -> None:
    file = {"paynow": "paynow_gg", "paynow-zw": "paynow_zw"}.get(provider_id, provider_id)
    real = json.loads((VECTORS / "commerce" / f"{file}.json").read_text())["cases"][case]
    made = practice(BY_ID[provider_id], kind)

    missing = _missing(shape(opened(real["body"].encode())), shape(opened(made.body))) - left_out

    assert not missing
    sent = {name.decode().lower() for name, _ in made.headers.lines}
    assert {name.lower() for name in real["headers"]} <= sent


def _missing(real: object, made: object) -> set[str]:
    if not isinstance(real, dict) or not isinstance(made, dict):
        return set()
    found = set(real) - set(made)
    return found.union(*(_missing(real[key], made[key]) for key in set(real) & set(made)))


def test_a_public_key_cannot_practise() -> None:
    standard = BY_ID["standard-webhooks"]

    with pytest.raises(UserError) as failure:
        standard.practise(Kind.SALE, "whpk_ZlN4eg7dSSqi0moX9hQUk3orrOouK3QVQSlJa248c/g=", NOW, 1)

    assert failure.value.code == "secret-cannot-sign"
    assert "ZlN4" not in str(failure.value)


def test_whoever_signs_alone_is_rehearsed_with_what_only_checks() -> None:
    discord = BY_ID["discord"]
    public = secret_of(discord)[64:]

    request = discord.practise(Kind.NOTICE, public, NOW, 7)

    assert rejected(judge(discord, request, Secrets((public,)))).reason is Reason.SIGNATURE_MISSING
    assert accepted(discord.judge_practice(request, NOW)).kind is Kind.NOTICE
