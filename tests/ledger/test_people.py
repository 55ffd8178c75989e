import random
from pathlib import Path

import pytest

from shopwatch.domain.facts import HappeningsKept, Outcome
from shopwatch.domain.instant import MINUTE
from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.messages.happening import Contact, TextMessage
from shopwatch.domain.messages.verdict import Accepted, Reason, Rejected
from shopwatch.domain.sales.money import Money
from shopwatch.domain.source import Source
from shopwatch.ledger import Ledger
from shopwatch.ledger.inbox.query import InboxQuery
from shopwatch.ledger.people.phones import phone_key
from shopwatch.ledger.people.query import PersonDetail, PersonRow
from shopwatch.ledger.text_keys import email_key
from tests.ledger.arrivals import NOON, back, delivery, paid, record_all, told, written
from tests.ledger.happened import CHECK_IN, CONTACT, NOTICE, TEXT, happened


async def _only(ledger: Ledger, search: str = "") -> PersonDetail:
    (row,) = (await ledger.people.page(search)).rows
    detail = await ledger.people.get(row.id)
    assert detail is not None
    return detail


async def _names(ledger: Ledger, search: str) -> list[str]:
    return sorted(row.name for row in (await ledger.people.page(search)).rows)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("+1 (555) 010-2030", "+15550102030"),
        ("0015550102030", "+15550102030"),
        ("15550102030", "+15550102030"),
        ("whatsapp:+15550102030", "+15550102030"),
        ("tel:+44-20 7946 0958 ext. 5", "+442079460958"),
        ("+44 (0)20 7946 0958", "+442079460958"),
        ("\uff0b\uff11 555 010 2030", "+15550102030"),
        ("SHOPNEWS", ""),
        ("911", ""),
        ("1" * 16, ""),
        ("", ""),
    ],
)
def test_a_phone_number_is_its_digits(text: str, key: str) -> None:
    assert phone_key(text) == key


@pytest.mark.parametrize(
    ("country", "text", "key"),
    [
        ("DE", "0151 23456789", "+4915123456789"),
        ("DE", "+49 (0)151 2345-6789", "+4915123456789"),
        ("DE", "+49 0151 23456789", "+4915123456789"),
        ("DE", "4915123456789", "+4915123456789"),
        ("DE", "12125550123", "+12125550123"),  # with its country, without the plus
        ("DE", "(0044) 20 7946 0958", "+442079460958"),
        ("US", "(212) 555-0123", "+12125550123"),
        ("US", "1 212 555 0123", "+12125550123"),
        ("US", "011 44 20 7946 0958", "+442079460958"),
        ("GB", "020 7946 0958", "+442079460958"),
        ("IT", "06 1234 5678", "+390612345678"),  # whose numbers keep their 0
        ("ES", "612 34 56 78", "+34612345678"),
        ("", "0151 23456789", "+015123456789"),
        ("US", "0151 23456789", "+015123456789"),  # is none there
        ("DE", "123456", "+123456"),
        ("XX", "0151 23456789", "+015123456789"),
    ],
)
def test_a_phone_number_without_its_country_is_one_of_the_shops(country: str, text: str, key: str) -> None:
    assert phone_key(text, country) == key


async def test_a_number_with_and_without_its_country_is_one_person_and_found_by_either(
    ledger: Ledger, source: Source
) -> None:
    await ledger.people.set_country("DE")
    await ledger.people.set_country("US")  # it is asked once
    told_as = ("0151 23456789", "+49 (0)151 / 23456789", "0049 151 23456789", "4915123456789")
    texts = [TextMessage(f"SM{n}", phone, name=f"Maya {n}") for n, phone in enumerate(told_as)]
    await record_all(ledger, [happened(source.id, f"e{n}", text) for n, text in enumerate(texts)])
    await ledger.record(*happened(source.id, "other", TextMessage("SM9", "0151 23456780", name="Ben")))

    assert len((await ledger.people.page()).rows) == 2
    for search in ("0151 23456789", "+49 151 234567 89", "004915123456789", "6789"):
        (row,) = (await ledger.people.page(search)).rows
        assert row.name.startswith("Maya")


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (" Maya@Example.COM\n", "maya@example.com"),
        ("ZOË@blåbär.example", "zoë@blåbär.example"),
        ("n/a", ""),
        ("@", ""),
        ("a@b@c", ""),
        ("Maya <maya@example.com>", ""),
        ("a" * 320 + "@example.com", ""),
    ],
)
def test_an_e_mail_address_is_compared_without_case_and_space(text: str, key: str) -> None:
    assert email_key(text) == key


async def test_sales_texts_forms_and_check_ins_of_one_person_stand_on_one_time_line(
    ledger: Ledger, source: Source
) -> None:
    other = await ledger.sources.add("stripe", "Stripe", {})
    arrivals = [
        told(source.id, "e1", paid("o1", 4_200, email="MAYA@example.com"), at=NOON),
        happened(other.id, "e2", CONTACT, at=NOON + 1 * MINUTE),
        happened(source.id, "e3", TEXT, at=NOON + 2 * MINUTE),
        told(other.id, "e4", paid("o2", 1_000, currency="EUR", email=" maya@example.com"), at=NOON + 3 * MINUTE),
        told(source.id, "e5", back("o1", 200), at=NOON + 4 * MINUTE),
    ]
    random.Random(5).shuffle(arrivals)
    await record_all(ledger, arrivals, at_once=2)

    detail = await _only(ledger)

    told_of = [each.sale.sale.order_id if each.sale else each.happening for each in detail.occasions]
    assert told_of == ["o2", TEXT, CONTACT, "o1"]
    assert [each.provider for each in detail.occasions] == ["stripe", "paynow", "stripe", "paynow"]
    assert detail.company == "Lindqvist & Co"
    row = detail.row
    assert (row.name, row.orders, row.last_kind) == ("Maya Lindqvist", 2, Kind.SALE)
    assert set(row.totals) == {Money(4_000, "USD"), Money(1_000, "EUR")}
    assert row.phones[0] in ("+15550102030", "+1 555 010 2030")


async def test_two_people_become_one_when_an_event_names_both(
    ledger: Ledger, source: Source, facts: list[object]
) -> None:
    await ledger.record(*told(source.id, "e1", paid("o1", email="maya@example.com", name="May"), at=NOON))
    await ledger.record(*happened(source.id, "e2", TEXT, at=NOON + MINUTE))
    before = {row.id for row in (await ledger.people.page()).rows}
    assert len(before) == 2

    await ledger.record(*happened(source.id, "e3", CONTACT, at=NOON + 2 * MINUTE))

    detail = await _only(ledger)
    last = [fact for fact in facts if isinstance(fact, HappeningsKept)][-1]
    assert {*last.merged, detail.row.id} == before
    assert detail.row.name == "Maya Lindqvist"
    assert detail.row.emails == ("maya@example.com",)
    assert len(detail.occasions) == 3
    for search in ("lindq", "maya@ex", "555 010", "0102030", "15550102030"):
        assert len((await ledger.people.page(search)).rows) == 1, search
    assert await _names(ledger, "may lindqvist") == ["Maya Lindqvist"]


async def test_a_chain_of_people_within_one_batch_becomes_one(ledger: Ledger, source: Source) -> None:
    links = [Contact(f"c{n}", f"N{n}", f"m{n}@example.com", f"+1555000{n:04}") for n in range(40)]
    links += [Contact(f"d{n}", "", f"m{n + 1}@example.com", f"+1555000{n:04}") for n in range(39)]
    random.Random(3).shuffle(links)

    await record_all(ledger, [happened(source.id, f"e{n}", each) for n, each in enumerate(links)], at_once=64)

    detail = await _only(ledger)
    assert len(detail.row.emails) == len(detail.row.phones) == 40
    assert len(detail.occasions) == 79


async def test_any_order_of_arrival_ends_in_the_same_people(tmp_path: Path) -> None:
    seen = set()
    for turn in range(12):
        ledger = Ledger.open(f"sqlite:///{tmp_path / f'{turn}.sqlite'}")
        source = await ledger.sources.add("paynow", "PayNow", {})
        arrivals = [
            told(source.id, "e1", paid("o1", email="maya@example.com", name="M."), at=NOON),
            told(source.id, "e2", back("o1", 700), at=NOON + MINUTE),
            happened(source.id, "e3", CONTACT, at=NOON + 2 * MINUTE),
            happened(source.id, "e4", TEXT, at=NOON + 3 * MINUTE),
            happened(source.id, "e5", CHECK_IN, at=NOON + 4 * MINUTE),
        ]
        random.Random(turn).shuffle(arrivals)
        for arrival in arrivals:
            await ledger.record(*arrival)
            if turn % 2:
                await ledger.people.page()
        rows = (await ledger.people.page()).rows
        seen.add(tuple((row.name, row.emails, row.phones, row.last_at, row.totals, row.orders) for row in rows))
        ledger.close()
    assert len(seen) == 1
    assert [row[0] for row in next(iter(seen))] == ["Ben Carter", "Maya Lindqvist"]


async def test_whoever_names_neither_e_mail_nor_phone_is_nobody(ledger: Ledger, source: Source) -> None:
    await ledger.record(*told(source.id, "e1", paid("o1", email="", name="Walk-in")))
    await ledger.record(*happened(source.id, "e2", TextMessage("SM1", "SHOPNEWS", text="Sale")))

    assert (await ledger.people.page()).rows == ()


async def test_practice_makes_people_of_its_own(ledger: Ledger, source: Source) -> None:
    (nonce,) = await ledger.sources.issue_practice(source.id, 1)
    await ledger.record(*told(source.id, "e1", paid("o1"), nonce=nonce))
    await ledger.record(*happened(source.id, "e2", CONTACT))

    rows = (await ledger.people.page()).rows
    assert sorted((row.practice, row.totals) for row in rows) == [(False, ()), (True, ())]


async def test_a_sale_that_gets_its_e_mail_later_gets_its_person_then(ledger: Ledger, source: Source) -> None:
    await ledger.record(*told(source.id, "e1", back("pi_1", 100), at=NOON + MINUTE))
    assert (await ledger.people.page()).rows == ()
    await ledger.record(*told(source.id, "e2", paid("cs_1", email=""), at=NOON))
    await ledger.record(*told(source.id, "e3", paid("pi_1"), at=NOON, links=("cs_1",)))

    detail = await _only(ledger)
    assert [each.sale and each.sale.sale.given_back for each in detail.occasions] == [Money(100, "USD")]
    assert detail.row.orders == 1


async def test_pages_follow_each_other_newest_first(ledger: Ledger, source: Source) -> None:
    arrivals = [
        told(source.id, f"e{n}", paid(f"o{n}", email=f"c{n}@example.com", name=f"C{n}"), at=NOON + n // 3)
        for n in range(250)
    ]
    await record_all(ledger, arrivals)

    found: list[PersonRow] = []
    page = await ledger.people.page(limit=40)
    while page.next is not None:
        found.extend(page.rows)
        page = await ledger.people.page("", page.next, 40)
    found.extend(page.rows)

    assert [(row.last_at, row.id) for row in found] == sorted([(row.last_at, row.id) for row in found], reverse=True)
    assert len({row.id for row in found}) == len(found) == 250
    assert len((await ledger.people.page("c1 example", limit=200)).rows) == 111


async def test_who_was_heard_of_last_comes_first(ledger: Ledger, source: Source) -> None:
    await ledger.record(*told(source.id, "e1", paid("o1", name="Maya"), at=NOON))
    await ledger.record(*happened(source.id, "e2", NOTICE, at=NOON + MINUTE))
    assert [row.name for row in (await ledger.people.page()).rows] == ["Nora", "Maya"]

    await ledger.record(*told(source.id, "e3", paid("o2", name="Maya"), at=NOON + 2 * MINUTE))
    assert [row.name for row in (await ledger.people.page()).rows] == ["Maya", "Nora"]


@pytest.mark.parametrize(
    "search", ["+49 (0)30 123 45 67", "(0)30 1234567", "0049(0)30/1234567", "+49\N{NO-BREAK SPACE}30\N{EN DASH}123"]
)
async def test_a_number_is_found_as_it_is_written(ledger: Ledger, source: Source, search: str) -> None:
    await ledger.record(*happened(source.id, "e1", TextMessage("SM1", "+49 30 1234567", text="Hello", name="Mia")))
    await ledger.record(*happened(source.id, "e2", CONTACT))

    assert await _names(ledger, search) == ["Mia"]


@pytest.mark.parametrize("search", ["", "  ", "zzz", '"*', "%", "' OR 1=1 --", "\x00", "+", "1" * 400, "a " * 500])
async def test_any_search_gets_an_answer(ledger: Ledger, source: Source, search: str) -> None:
    await ledger.record(*happened(source.id, "e1", CONTACT))

    assert len((await ledger.people.page(search)).rows) <= 1


async def test_a_very_long_time_line_is_cut_and_says_so(ledger: Ledger, source: Source) -> None:
    texts = [
        happened(source.id, f"e{n}", TextMessage(f"SM{n}", "+15550102030", text=str(n)), at=NOON + n)
        for n in range(230)
    ]
    await record_all(ledger, texts)

    detail = await _only(ledger)
    assert (len(detail.occasions), detail.earlier) == (200, 30)
    assert detail.occasions[0].happening == TextMessage("SM229", "+15550102030", text="229")


async def test_totals_larger_than_a_database_can_add_are_added(ledger: Ledger, source: Source) -> None:
    huge = 2**53
    await record_all(ledger, [told(source.id, f"e{n}", paid(f"o{n}", huge)) for n in range(1_100)])

    assert (await _only(ledger)).row.totals == (Money(1_100 * huge, "USD"),)


async def test_a_message_that_is_judged_again_takes_its_person_along(ledger: Ledger, source: Source) -> None:
    for place, arrival in enumerate((happened(source.id, "e1", TEXT), told(source.id, "e2", paid("o1")))):
        await ledger.record(arrival[0], Rejected(Reason.SIGNATURE_MISMATCH))
        await written(ledger)
        (rejected,) = await ledger.inbox.page(InboxQuery(outcome=Outcome.REJECTED))
        await ledger.record(*told(source.id, f"later{place}", paid(f"l{place}", email="")))
        await ledger.people.page()
        recorded = await ledger.record(*arrival)
        assert recorded.delivery_id is not None
        await ledger.inbox.take_place(recorded.delivery_id, rejected.id)

    rows = (await ledger.people.page()).rows
    details = [await ledger.people.get(row.id) for row in rows]
    assert sorted(len(detail.occasions) for detail in details if detail) == [1, 1]
    assert {row.emails for row in rows} == {(), ("maya@example.com",)}


async def test_who_the_customers_are_is_learned_when_it_is_first_asked(ledger: Ledger, source: Source) -> None:
    sold = [told(source.id, f"e{n}", paid(f"o{n}", email=f"c{n % 7}@example.com")) for n in range(3_000)]
    await record_all(ledger, sold)

    rows = (await ledger.people.page()).rows
    assert sum(row.orders for row in rows) == 3_000
    assert len(rows) == 7
    await ledger.record(*happened(source.id, "new", CONTACT))
    assert len((await ledger.people.page()).rows) == 8


async def test_an_event_without_meaning_has_no_person(ledger: Ledger, source: Source) -> None:
    await ledger.record(delivery(source.id), Accepted(Event("e1", "x", Kind.OTHER, NOON)))

    assert (await ledger.people.page()).rows == ()
