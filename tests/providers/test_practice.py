"""Practice: messages that pass for real ones, because they are made and signed the same way."""

import json

import pytest

from shopwatch.domain.delivery import Request
from shopwatch.domain.errors import UserError
from shopwatch.domain.event import Event, Kind
from shopwatch.domain.sale import DisputeClaim, Part, RefundClaim, SaleClaim, SaleState, fold
from shopwatch.providers import PROVIDERS
from shopwatch.providers.provider import Provider
from tests.providers.cases import KEYS, NOW, SECRET, VECTORS, accepted

KINDS = (Kind.SALE, Kind.REFUND, Kind.DISPUTE)
every_provider = pytest.mark.parametrize("provider", PROVIDERS, ids=lambda provider: provider.id)


def practised(provider: Provider, kind: Kind, seed: int, now: int = NOW) -> Event:
    return accepted(provider.judge(provider.practise(kind, SECRET, now, seed), KEYS, now))


@every_provider
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", [0, 1, 2**63, -5])
def test_practice_is_believed(provider: Provider, kind: Kind, seed: int) -> None:
    event = practised(provider, kind, seed)

    assert event.kind is kind
    assert event.live
    assert not event.unreadable
    assert event.claim is not None
    assert event.claim.amount is not None
    assert abs(event.occurred_at - NOW) < 1000


@every_provider
def test_a_seed_always_makes_the_same_message_and_another_seed_another(provider: Provider) -> None:
    def bodies(seed: int) -> list[bytes]:
        return [provider.practise(kind, SECRET, NOW, seed).body for kind in KINDS]

    assert bodies(4) == bodies(4)
    assert bodies(4) != bodies(5)
    sales = [practised(provider, Kind.SALE, seed) for seed in range(300)]
    assert len({event.id for event in sales}) == 300
    assert len({event.claim.order_id for event in sales if event.claim}) == 300


@every_provider
def test_the_kinds_of_one_seed_have_ids_of_their_own(provider: Provider) -> None:
    assert len({practised(provider, kind, 4).id for kind in KINDS}) == 3


@every_provider
def test_refund_and_dispute_are_of_the_order_of_the_same_seed(provider: Provider) -> None:
    sale, refund, dispute = (practised(provider, kind, 4, NOW + index) for index, kind in enumerate(KINDS))
    assert isinstance(sale.claim, SaleClaim)
    assert isinstance(refund.claim, RefundClaim)
    assert isinstance(dispute.claim, DisputeClaim)

    for event in (refund, dispute):
        assert event.claim is not None
        assert {sale.claim.order_id, *sale.links} & {event.claim.order_id, *event.links}
    parts = [Part(each.id, each.type, each.occurred_at, each.claim) for each in (sale, refund) if each.claim]
    folded = fold(parts)
    assert folded.state in (SaleState.PART_REFUNDED, SaleState.REFUNDED)
    assert folded.given_back is not None
    assert folded.kept is None or folded.kept.minor > 0


@every_provider
def test_names_are_those_of_a_flower_shop_without_any_mark_of_practice(provider: Provider) -> None:
    for seed in range(50):
        request = provider.practise(Kind.SALE, SECRET, NOW, seed)
        whole = (request.body + repr(request.headers).encode()).lower()
        for word in (b"practice", b"shopwatch", b"sample", b"test_", b'"test": true', b'"test":true'):
            assert word not in whole


def shape(value: object) -> object:
    return {key: shape(inner) for key, inner in value.items()} if isinstance(value, dict) else None


@pytest.mark.parametrize(
    ("provider_id", "file", "kind", "case", "left_out"),
    [
        ("paynow", "paynow_gg", Kind.SALE, 0, {"steam", "profile"}),
        ("paynow", "paynow_gg", Kind.REFUND, 1, set()),
        ("paynow", "paynow_gg", Kind.DISPUTE, 2, set()),
        ("stripe", "stripe", Kind.SALE, 0, {"order_ref", "line2"}),
        ("stripe", "stripe", Kind.REFUND, 2, set()),
        ("shopify", "shopify", Kind.SALE, 0, {"total_price_set"}),
        ("shopify", "shopify", Kind.REFUND, 1, set()),
    ],
)
def test_practice_is_shaped_like_the_real_messages(
    provider_id: str, file: str, kind: Kind, case: int, left_out: set[str]
) -> None:
    provider = next(each for each in PROVIDERS if each.id == provider_id)
    real = json.loads((VECTORS / "commerce" / f"{file}.json").read_text())["cases"][case]
    made: Request = provider.practise(kind, SECRET, NOW, 4)

    missing = _missing(shape(json.loads(real["body"])), shape(json.loads(made.body))) - left_out

    assert not missing
    sent = {name.decode().lower() for name, _ in made.headers.lines}
    assert {name.lower() for name in real["headers"]} <= sent


def _missing(real: object, made: object) -> set[str]:
    if not isinstance(real, dict) or not isinstance(made, dict):
        return set()
    found = set(real) - set(made)
    return found.union(*(_missing(real[key], made[key]) for key in set(real) & set(made)))


def test_a_public_key_cannot_practise() -> None:
    standard = next(each for each in PROVIDERS if each.id == "standard-webhooks")

    with pytest.raises(UserError) as failure:
        standard.practise(Kind.SALE, "whpk_ZlN4eg7dSSqi0moX9hQUk3orrOouK3QVQSlJa248c/g=", NOW, 1)

    assert failure.value.code == "secret-cannot-sign"
    assert "ZlN4" not in str(failure.value)
