from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopwatch.actions.ring.coalescing import TEXT, TITLE, NotificationPreferences, Realm
from shopwatch.actions.ring.sale_popups import SalePopUps
from shopwatch.domain.facts import NotificationsDue
from shopwatch.domain.rules.popup import Destination, Topic
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import Item, SaleState
from tests.actions.sales import sale

WISHES = NotificationPreferences()
NAMES = {"paynow": "PayNow", "shopify": "Shopify"}


def bursts() -> SalePopUps:
    return SalePopUps(lambda provider: NAMES.get(provider, provider))


def test_one_sale_is_one_pop_up_and_one_bell() -> None:
    change = sale()
    decision = bursts().add(NotificationsDue((change,)), 0.0, WISHES)
    (popup,) = decision.popups
    assert (popup.title, popup.text) == ("$120.00", "Priya Shah\nSympathy spray")
    assert popup.opens == Destination(Topic.SALE, change.id)
    assert decision.bell


def test_refunds_and_disputes_have_words_of_their_own() -> None:
    told = NotificationsDue(
        refunds=(sale(given_back=Money(3400, "USD")), sale(None), sale(practice=True, given_back=Money(1, "USD"))),
        disputes=(sale(6400), sale(6400, live=False)),
    )
    assert [popup.title for popup in bursts().add(told, 0.0, WISHES).popups] == [
        "$34.00 given back",
        "Money was given back",
        "Practice: $0.01 given back",
        "A sale of $64.00 is disputed",
        "Test: A sale of $64.00 is disputed",
    ]
    many = NotificationsDue(refunds=tuple(sale() for _ in range(4)), disputes=tuple(sale() for _ in range(5)))
    assert [popup.title for popup in bursts().add(many, 0.0, WISHES).popups] == [
        "4 sales given back",
        "5 sales disputed",
    ]
    hidden = bursts().add(told, 0.0, replace(WISHES, hide_details=True)).popups
    assert {popup.title for popup in hidden if popup.realm is Realm.REAL} == {
        "Money was given back",
        "A sale is disputed",
    }
    assert {popup.text for popup in hidden} == {"From PayNow"}


def test_the_sale_of_an_order_whose_refund_came_first_rings_and_says_so() -> None:
    given_back = Money(12000, "USD")
    late = sale(state=SaleState.REFUNDED, given_back=given_back)
    decision = bursts().add(NotificationsDue((late,)), 0.0, WISHES)
    assert decision.bell
    assert decision.popups[0].title == "$120.00, already given back"


def test_practice_says_what_works_and_what_does_not() -> None:
    (popup,) = bursts().add(NotificationsDue((sale(5450, practice=True),)), 0.0, WISHES).popups
    assert (popup.title, popup.text) == ("Practice sale, $54.50", "Everything works. Pop-ups and bell are on.")
    (popup,) = bursts().add(NotificationsDue((sale(5450, practice=True),)), 0.0, replace(WISHES, bell=False)).popups
    assert popup.text == "Everything works. Pop-ups are on, the bell is off."


def test_a_provider_s_test_mode_is_not_taken_for_money() -> None:
    (popup,) = bursts().add(NotificationsDue((sale(5450, live=False),)), 0.0, WISHES).popups
    assert popup.title == "Test sale, $54.50"


def test_fourteen_sales_at_once_are_one_pop_up_and_one_bell() -> None:
    decision = bursts().add(NotificationsDue(tuple(sale(2949 if n else 2943) for n in range(14))), 0.0, WISHES)
    (popup,) = decision.popups
    assert (popup.title, popup.text) == ("14 sales, $412.80", "In the last minute, from PayNow")
    assert popup.opens == Destination(Topic.SALE)
    assert decision.bell


def test_many_sales_are_counted_as_the_locale_counts() -> None:
    many = NotificationsDue(tuple(sale(1000) for _ in range(1_614)))
    assert bursts().add(many, 0.0, WISHES).popups[0].title == "1,614 sales, $16,140.00"
    assert bursts().add(many, 0.0, replace(WISHES, locale="de_DE")).popups[0].title.startswith("1.614 sales")


def test_the_fourth_sale_in_ten_seconds_takes_the_place_of_the_three() -> None:
    folding = bursts()
    single = [folding.add(NotificationsDue((sale(1000),)), float(second), WISHES) for second in range(3)]
    assert all(decision.bell and len(decision.popups) == 1 for decision in single)
    fourth = folding.add(NotificationsDue((sale(1000),)), 3.0, WISHES)
    assert fourth.bell
    assert fourth.popups[0].title == "4 sales, $40.00"
    assert fourth.popups[0].ends == tuple(decision.popups[0].key for decision in single)


def test_the_fourth_sale_after_ten_seconds_stands_alone() -> None:
    folding = bursts()
    for second in (0.0, 4.0, 8.0):
        folding.add(NotificationsDue((sale(),)), second, WISHES)
    assert folding.add(NotificationsDue((sale(),)), 10.5, WISHES).popups[0].count == 1


def test_a_burst_is_renewed_at_most_every_two_seconds_and_never_rings_again() -> None:
    folding = bursts()
    shown = 0
    folding.add(NotificationsDue(tuple(sale(100) for _ in range(4))), 0.0, WISHES)
    due: list[float] = []
    for step in range(1, 100):
        decision = folding.add(NotificationsDue((sale(100),)), step * 0.05, WISHES)
        assert not decision.bell
        shown += len(decision.popups)
        due += [decision.due] if decision.due is not None else []
    assert shown == 2
    assert due[-1] == pytest.approx(6.0)
    assert folding.settle(5.9, WISHES).popups == ()
    last = folding.settle(6.0, WISHES)
    assert last.popups[0].title == "103 sales, $103.00"
    assert last.due is None
    assert folding.settle(7.0, WISHES).popups == ()


def test_a_burst_ends_after_ten_quiet_seconds() -> None:
    folding = bursts()
    folding.add(NotificationsDue(tuple(sale() for _ in range(5))), 0.0, WISHES)
    decision = folding.add(NotificationsDue((sale(),)), 10.1, WISHES)
    assert decision.bell
    assert decision.popups[0].count == 1


def test_an_endless_stream_rings_every_two_minutes() -> None:
    folding = bursts()
    bells = [
        second for second in range(600) if folding.add(NotificationsDue((sale(), sale())), float(second), WISHES).bell
    ]
    assert len(bells) == 6
    assert bells[:3] == [0, 1, 121]


def test_the_pop_up_of_a_new_burst_takes_the_place_of_the_old() -> None:
    folding = bursts()
    (first,) = folding.add(NotificationsDue(tuple(sale() for _ in range(4))), 0.0, WISHES).popups
    for second in range(1, 121):
        folding.add(NotificationsDue((sale(),)), float(second), WISHES)
    (second_burst,) = folding.add(NotificationsDue((sale(),)), 121.0, WISHES).popups
    assert second_burst.ends == (first.key,)


def test_two_currencies_and_two_providers_are_named_and_never_added_up() -> None:
    folding = bursts()
    folding.add(NotificationsDue((sale(41280), sale(1), *(sale(0) for _ in range(10)))), 0.0, WISHES)
    folding.add(NotificationsDue((sale(9600, "EUR", provider="shopify"), sale(0, "EUR"))), 65.0 - 60, WISHES)
    for second in range(10, 100, 9):
        folding.add(NotificationsDue((sale(0),)), float(second), WISHES)
    (popup,) = folding.add(NotificationsDue((sale(-1),)), 100.0, WISHES).popups
    assert popup.title == f"{popup.count} sales, $412.80 and €96.00"
    assert popup.text == "In the last 2 minutes, from PayNow and Shopify"


def test_many_currencies_do_not_overflow_the_title() -> None:
    codes = ("USD", "EUR", "GBP", "JPY", "KWD")
    changes = tuple(sale(99_999_999, code) for place, code in enumerate(codes) for _ in range(9 - place))
    (popup,) = bursts().add(NotificationsDue(changes), 0.0, WISHES).popups
    assert popup.title == "35 sales, $8,999,999.91 and more"


def test_practice_and_real_money_never_share_a_pop_up() -> None:
    changes = tuple(sale(100, practice=place % 2 == 0) for place in range(10))
    popups = bursts().add(NotificationsDue(changes), 0.0, WISHES).popups
    assert {(popup.realm, popup.title) for popup in popups} == {
        (Realm.PRACTICE, "5 practice sales, $5.00"),
        (Realm.REAL, "5 sales, $5.00"),
    }


def test_hidden_details_leave_neither_name_nor_amount() -> None:
    hidden = replace(WISHES, hide_details=True)
    (one,) = bursts().add(NotificationsDue((sale(),)), 0.0, hidden).popups
    assert (one.title, one.text) == ("A sale came in", "From PayNow")
    (practice,) = bursts().add(NotificationsDue((sale(practice=True),)), 0.0, hidden).popups
    assert practice.title == "Practice sale"
    (many,) = bursts().add(NotificationsDue(tuple(sale() for _ in range(9))), 0.0, hidden).popups
    assert many.title == "9 sales"


def test_an_amount_that_is_not_sure_is_shown_as_sent_and_not_added_up() -> None:
    (one,) = bursts().add(NotificationsDue((sale(None, amount_text="12,34 credits"),)), 0.0, WISHES).popups
    assert one.title == "12,34 credits"
    (nothing,) = bursts().add(NotificationsDue((sale(None, name="", items=()),)), 0.0, WISHES).popups
    assert (nothing.title, nothing.text) == ("A sale came in", "From PayNow")
    (many,) = bursts().add(NotificationsDue((sale(None), *(sale(100) for _ in range(4)))), 0.0, WISHES).popups
    assert many.title == "5 sales, $4.00"


def test_money_is_written_as_the_owner_s_locale_does() -> None:
    german = replace(WISHES, locale="de_DE")
    (popup,) = bursts().add(NotificationsDue((sale(100850, "EUR"),)), 0.0, german).popups
    assert popup.title == "1.008,50\N{NO-BREAK SPACE}€"


@given(name=st.text(max_size=300), item=st.text(max_size=300), text=st.text(max_size=300), many=st.integers(1, 6))
def test_whatever_a_sale_is_called_fits(name: str, item: str, text: str, many: int) -> None:
    changes = tuple(sale(None, name=name, items=[Item(item, many)] * many, amount_text=text) for _ in range(many))
    for popup in bursts().add(NotificationsDue(changes), 0.0, WISHES).popups:
        assert len(popup.title) <= TITLE
        assert len(popup.text) <= TEXT
        assert popup.title
        assert popup.text.count("\n") <= 1
