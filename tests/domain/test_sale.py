"""One sale from its parts, in whatever order they come."""

import random
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import (
    Claim,
    DisputeClaim,
    DisputeState,
    Item,
    Part,
    RefundClaim,
    Sale,
    SaleClaim,
    SaleState,
    fold,
)

ROSES = (Item("Single roses", 6, Money(400, "USD")),)


def usd(minor: int) -> Money:
    return Money(minor, "USD")


def part(number: int, claim: Claim, at: int | None = None) -> Part:
    return Part(f"evt_{number}", "type", number * 1000 if at is None else at, claim)


PAID = part(1, SaleClaim("A-1", usd(2400), "#1001", "Maya", "maya@example.com", ROSES))
PART_BACK = part(2, RefundClaim("A-1", usd(400), "R-1"))
MORE_BACK = part(3, RefundClaim("A-1", usd(600), "R-2"))
ALL_BACK = part(4, RefundClaim("A-1", usd(2400), "ch_1", cumulative=True))
DISPUTED = part(5, DisputeClaim("A-1", usd(2400), "D-1"))
WON = part(6, DisputeClaim("A-1", usd(2400), "D-1", DisputeState.WON))
NOT_BACK = part(8, RefundClaim("A-1", usd(400), "R-1", failed=True))
NOT_BACK_AGAIN = part(9, RefundClaim("A-1", usd(400), "R-1", failed=True))
SOME_BACK = part(9, RefundClaim("A-1", None, "R-9", partial=True))
TOLD_BACK = part(10, RefundClaim("A-1", usd(500), "R-9"))
LATER_BACK = part(10, RefundClaim("A-1", usd(2400), "ch_1", cumulative=True))


def lost_over(amount: Money | None) -> Part:
    return part(7, DisputeClaim("A-1", amount, "D-2", DisputeState.LOST))


LOST = part(7, DisputeClaim("A-1", usd(2400), "D-1", DisputeState.LOST))


@pytest.mark.parametrize(
    ("parts", "state", "given_back", "kept"),
    [
        ((PAID,), SaleState.PAID, None, 2400),
        ((PAID, PAID), SaleState.PAID, None, 2400),
        ((PAID, PART_BACK), SaleState.PART_REFUNDED, 400, 2000),
        ((PAID, PART_BACK, PART_BACK), SaleState.PART_REFUNDED, 400, 2000),
        ((PAID, PART_BACK, MORE_BACK), SaleState.PART_REFUNDED, 1000, 1400),
        ((PAID, ALL_BACK), SaleState.REFUNDED, 2400, None),
        ((PAID, PART_BACK, ALL_BACK), SaleState.REFUNDED, 2400, None),
        ((PAID, DISPUTED), SaleState.DISPUTED, None, 2400),
        ((PAID, DISPUTED, WON), SaleState.PAID, None, 2400),
        ((PAID, WON), SaleState.PAID, None, 2400),
        ((part(1, SaleClaim("A-1", usd(0))),), SaleState.PAID, None, None),
        ((PAID, DISPUTED, LOST), SaleState.LOST, None, None),
        ((PAID, lost_over(usd(500))), SaleState.PART_REFUNDED, 500, 1900),
        ((PAID, PART_BACK, lost_over(usd(500))), SaleState.PART_REFUNDED, 900, 1500),
        ((PAID, PART_BACK, lost_over(usd(2000))), SaleState.LOST, 400, None),
        ((PAID, lost_over(usd(500)), part(8, DisputeClaim("A-1", usd(5), "D-3"))), SaleState.DISPUTED, 500, 1900),
        ((PAID, lost_over(Money(500, "EUR"))), SaleState.LOST, None, None),
        ((PAID, lost_over(usd(0))), SaleState.LOST, None, None),
        ((PAID, lost_over(None)), SaleState.LOST, None, None),
        ((PAID, PART_BACK, DISPUTED, WON), SaleState.PART_REFUNDED, 400, 2000),
        ((PART_BACK,), SaleState.INCOMPLETE, 400, None),
        ((DISPUTED,), SaleState.INCOMPLETE, None, None),
        ((PAID, part(9, RefundClaim("A-1", None, "R-9"))), SaleState.REFUNDED, None, None),
        ((PAID, part(9, RefundClaim("A-1", None, "R-9", partial=True))), SaleState.PART_REFUNDED, None, None),
        ((PAID, PART_BACK, SOME_BACK), SaleState.PART_REFUNDED, None, None),
        ((PAID, PART_BACK, part(9, RefundClaim("A-1", None, "R-9"))), SaleState.REFUNDED, None, None),
        (
            (PAID, PART_BACK, SOME_BACK, part(10, RefundClaim("A-1", usd(500), "R-9"))),
            SaleState.PART_REFUNDED,
            900,
            1500,
        ),
        ((PAID, SOME_BACK, LATER_BACK), SaleState.REFUNDED, 2400, None),
        ((PAID, PART_BACK, part(9, RefundClaim("A-1", None, "A-1"))), SaleState.PART_REFUNDED, 400, 2000),
        ((PAID, PART_BACK, part(9, RefundClaim("A-1", Money(2000, "EUR"), "R-9"))), SaleState.REFUNDED, None, None),
        ((part(2, RefundClaim("A-1", Money(400, "EUR"), "R-1")), PAID, MORE_BACK), SaleState.REFUNDED, None, None),
        (
            (PAID, part(8, RefundClaim("A-1", None, "R-8")), part(9, RefundClaim("A-1", None, "R-9", partial=True))),
            SaleState.REFUNDED,
            None,
            None,
        ),
        ((PAID, part(9, RefundClaim("A-1", Money(400, "EUR"), "R-9"))), SaleState.REFUNDED, 400, None),
        ((PAID, PART_BACK, NOT_BACK), SaleState.PAID, None, 2400),
        ((PAID, NOT_BACK), SaleState.PAID, None, 2400),
        ((PAID, PART_BACK, MORE_BACK, NOT_BACK), SaleState.PART_REFUNDED, 600, 1800),
        ((PAID, ALL_BACK, NOT_BACK, NOT_BACK_AGAIN), SaleState.PART_REFUNDED, 2000, 400),
        ((PAID, ALL_BACK, NOT_BACK, LATER_BACK), SaleState.REFUNDED, 2400, None),
        ((PAID, part(9, RefundClaim("A-1", None, "R-1")), NOT_BACK), SaleState.PAID, None, 2400),
    ],
)
def test_states(parts: tuple[Part, ...], state: SaleState, given_back: int | None, kept: int | None) -> None:
    for order in permutations(parts):
        sale = fold(order)
        assert sale.state is state
        assert (sale.given_back.minor if sale.given_back else None) == given_back
        assert (sale.kept.minor if sale.kept else None) == kept


def test_what_is_not_confirmed_is_no_sale_and_says_nothing_beside_what_is() -> None:
    hint = part(1, SaleClaim("A-1", usd(9_999), "#9", "Somebody", unconfirmed=True))
    told = part(2, SaleClaim("A-1", usd(2400), "#1001", "Maya"))

    awaited = fold([hint])
    assert (awaited.state, awaited.kept, awaited.amount) == (SaleState.INCOMPLETE, None, usd(9_999))
    for order in permutations((hint, told, part(3, hint.claim))):
        sale = fold(order)
        assert (sale.state, sale.kept, sale.number, sale.name) == (SaleState.PAID, usd(2400), "#1001", "Maya")
    practice = structs.replace(hint, practice=True)
    assert (fold([practice]).state, fold([practice]).kept) == (SaleState.PAID, None)
    assert fold([hint, PART_BACK]).state is SaleState.INCOMPLETE


@pytest.mark.parametrize(
    ("hint", "state"),
    [
        (RefundClaim("A-1", None, "R-9", unconfirmed=True), SaleState.REFUNDED),
        (DisputeClaim("A-1", None, "D-9", unconfirmed=True), SaleState.DISPUTED),
    ],
)
def test_what_is_not_confirmed_is_neither_refund_nor_dispute(
    hint: RefundClaim | DisputeClaim, state: SaleState
) -> None:
    announced, confirmed = part(8, hint), part(9, structs.replace(hint, unconfirmed=False))

    for order in permutations((PAID, announced)):
        assert (fold(order).state, fold(order).kept) == (SaleState.PAID, usd(2400))
    for order in permutations((PAID, announced, confirmed)):
        assert fold(order).state is state
    assert fold([PAID, structs.replace(announced, practice=True)]).state is state


def paid_by(number: int, payment: str, amount: Money | None) -> Part:
    return part(number, SaleClaim("A-1", amount, payment=payment))


@pytest.mark.parametrize(
    ("parts", "amount"),
    [
        ((paid_by(1, "gift card", usd(1000)),), usd(1000)),
        ((paid_by(1, "gift card", usd(1000)), paid_by(2, "card", usd(1400))), usd(2400)),
        ((paid_by(1, "gift card", usd(1000)), paid_by(2, "card", usd(1400)), paid_by(3, "card", usd(1400))), usd(2400)),
        ((paid_by(1, "gift card", usd(1000)), paid_by(2, "card", None)), None),
        ((paid_by(1, "card", None), paid_by(2, "card", usd(1400))), usd(1400)),
        ((paid_by(1, "", usd(0)), paid_by(2, "", usd(1400)), paid_by(3, "", None)), usd(1400)),
        ((paid_by(1, "", None), paid_by(2, "", usd(0)), paid_by(3, "", None)), usd(0)),
        ((paid_by(1, "gift card", usd(1000)), paid_by(2, "card", Money(1400, "EUR"))), None),
        ((paid_by(1, "gift card", usd(1000)), paid_by(2, "", usd(2500)), paid_by(3, "card", usd(1400))), usd(2500)),
        ((paid_by(1, "gift card", usd(1000)), paid_by(2, "", None), paid_by(3, "card", usd(1400))), usd(2400)),
    ],
)
def test_several_payments_of_one_order_add_up(parts: tuple[Part, ...], amount: Money | None) -> None:
    for order in permutations(parts):
        assert fold(order).amount == amount


@settings(max_examples=500, deadline=None)
@given(st.randoms(use_true_random=False), st.lists(st.sampled_from((PAID, PART_BACK, MORE_BACK, DISPUTED, WON))))
def test_any_order_and_any_repeats_end_in_the_same_state(chance: random.Random, repeats: list[Part]) -> None:
    parts = [PAID, PART_BACK, MORE_BACK, DISPUTED, WON, *repeats]
    chance.shuffle(parts)

    assert fold(parts) == Sale(
        order_id="A-1",
        number="#1001",
        state=SaleState.PART_REFUNDED,
        amount=usd(2400),
        amount_text="",
        given_back=usd(1000),
        name="Maya",
        email="maya@example.com",
        items=ROSES,
        paid_at=1000,
        practice=False,
        live=True,
    )


amounts = st.one_of(st.none(), st.builds(Money, st.integers(0, 5000), st.sampled_from(("USD", "EUR"))))
claims = st.one_of(
    st.builds(SaleClaim, st.sampled_from(("A-1", "pi_1")), amounts, st.sampled_from(("", "#1"))),
    st.builds(
        RefundClaim, st.just("A-1"), amounts, st.sampled_from(("R-1", "R-2")), st.booleans(), failed=st.booleans()
    ),
    st.builds(DisputeClaim, st.just("A-1"), amounts, st.sampled_from(("D-1", "D-2")), st.sampled_from(DisputeState)),
)


@settings(max_examples=500, deadline=None)
@given(st.lists(st.tuples(claims, st.integers(0, 3)), min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_no_parts_depend_on_their_order(told: list[tuple[Claim, int]], chance: random.Random) -> None:
    parts = [part(number, claim, at) for number, (claim, at) in enumerate(told)]
    shuffled = parts + parts[:2]
    chance.shuffle(shuffled)

    sale = fold(parts)

    assert fold(shuffled) == sale
    if sale.kept is not None:
        assert sale.kept.minor >= 0
        assert sale.state not in (SaleState.REFUNDED, SaleState.LOST, SaleState.INCOMPLETE)


def test_the_earliest_sale_that_says_a_thing_decides_it() -> None:
    first = part(1, SaleClaim("pi_1", usd(2400)))
    second = part(2, SaleClaim("cs_1", usd(9999), name="Maya", items=ROSES))

    sale = fold((second, first))

    assert (sale.order_id, sale.amount, sale.name, sale.items) == ("pi_1", usd(2400), "Maya", ROSES)
    assert sale.paid_at == 1000


def test_the_longest_receipt_counts_because_some_messages_hold_only_its_first_line() -> None:
    both = (*ROSES, Item("Card", 1))
    first = part(1, SaleClaim("A-1", usd(2400), items=ROSES))
    asked = part(1, SaleClaim("A-1", None, items=both), at=1000)
    for parts in permutations((first, asked, part(3, SaleClaim("A-1", None)))):
        assert fold(parts).items == both


def test_an_amount_that_is_not_counted_stays_in_words_until_one_is() -> None:
    unclear = part(1, SaleClaim("A-1", None, amount_text="1e30 USD"))

    assert fold((unclear,)).amount_text == "1e30 USD"
    assert fold((unclear,)).kept is None
    assert fold((unclear, part(2, SaleClaim("A-1", usd(5))))).amount_text == ""


def test_practice_and_test_mode_never_count() -> None:
    practice = Part("evt_1", "type", 1, PAID.claim, practice=True)
    test_mode = Part("evt_1", "type", 1, PAID.claim, live=False)

    assert fold((practice,)).practice
    assert fold((practice,)).kept is None
    assert not fold((test_mode,)).live
    assert fold((test_mode,)).kept is None


def test_a_sale_has_parts() -> None:
    with pytest.raises(ValueError, match="at least one part"):
        fold(())


UNPLACED = part(1, SaleClaim("ch_1", usd(2400), name="Maya", payment="pi_1", unplaced=True))


def test_a_payment_of_which_nobody_says_whose_it_is_counts_no_money() -> None:
    sale = fold([UNPLACED, part(2, RefundClaim("ch_1", usd(400), "R-1"))])

    assert (sale.state, sale.amount, sale.given_back, sale.kept) == (SaleState.INCOMPLETE, usd(2400), usd(400), None)


@pytest.mark.parametrize(
    "placing", [SaleClaim("pi_1", usd(2400), payment="pi_1"), SaleClaim("in_1", usd(2400)), SaleClaim("in_1", None)]
)
def test_a_payment_is_of_the_order_that_another_part_names(placing: SaleClaim) -> None:
    for order in permutations([UNPLACED, part(2, placing)]):
        sale = fold(order)

        assert (sale.state, sale.kept, sale.name) == (SaleState.PAID, usd(2400), "Maya")
        assert (sale.order_id, sale.paid_at) == (placing.order_id, 2000)


def test_totals_given_back_of_several_payments_add_up() -> None:
    parts = [
        PAID,
        part(2, RefundClaim("ch_1", usd(300), "ch_1", cumulative=True, payment="ch_1")),
        part(3, RefundClaim("ch_2", usd(200), "ch_2", cumulative=True, payment="ch_2")),
        part(4, RefundClaim("ch_2", usd(200), "re_2", payment="ch_2")),
        part(5, RefundClaim("ch_1", usd(500), "ch_1", cumulative=True, payment="ch_1")),
        part(6, RefundClaim("ch_1", usd(200), "re_1", failed=True, payment="ch_1")),
    ]

    for order in permutations(parts):
        assert fold(order).given_back == usd(500)
