import pytest

from shopwatch.domain.source import Source
from shopwatch.ledger import Ledger
from shopwatch.ledger.sales.query import SalesQuery, Sort
from tests.ledger.arrivals import NOON, back, paid, record_all, told


@pytest.fixture
async def shop(ledger: Ledger, source: Source) -> Ledger:
    """Three sales that differ in every word."""
    claims = [
        paid("cs_1", number="#1001", name="Maya Lindqvist", email="maya.l@example.com", items=("Peony bunch",)),
        paid("9f4c-77", number="PN-2002", name="Zoë Åström", email="zoe@blåbär.example", items=("Stoneware vase",)),
        paid("o3", name='Rob"; DROP TABLE sales; --', email="", items=("हिन्दी AND * NOT", "花束")),
    ]
    for place, claim in enumerate(claims):
        await record_all(ledger, [told(source.id, f"e{place}", claim, links=(f"pi_{place}_X",))])
    return ledger


async def _found(ledger: Ledger, text: str) -> list[int]:
    page = await ledger.sales.page(SalesQuery(text=text, sort=Sort.ORDER, descending=False))
    assert await ledger.sales.count(SalesQuery(text=text)) == len(page.rows)
    return sorted(row.id for row in page.rows)


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("may", [1]),
        ("MAYA LIND", [1]),
        ("lindqvist maya", [1]),
        ("aya", []),
        ("#1001", [1]),
        ("1001", [1]),
        ("pn-20", [2]),
        ("9f4c-77", [2]),
        ("maya.l@ex", [1]),
        ("zoe", [2]),
        ("Zoë ASTR", [2]),
        ("åström", [2]),
        ("blabar", [2]),
        ("peony maya", [1]),
        ("peony zoe", []),
        ("vas", [2]),
        ("pi_0_X", [1]),
        (" pi_1_X ", [2]),
        ("花", [3]),
        ("हिन", [3]),
        ("m", [1]),
        ("z s", [2]),
        ("example", [1, 2]),
        ("", [1, 2, 3]),
        ("  ", [1, 2, 3]),
    ],
)
async def test_sales_are_found_by_the_beginnings_of_words(shop: Ledger, text: str, ids: list[int]) -> None:
    assert await _found(shop, text) == ids


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ('"', [1, 2, 3]),
        ("*", [1, 2, 3]),
        ("-", [1, 2, 3]),
        ("AND", [3]),
        ("NOT maya", []),
        ("maya OR zoe", []),
        ("NEAR(maya zoe)", []),
        ("words:maya", []),
        ("^maya", [1]),
        ('rob" drop', [3]),
        ("'; DROP TABLE sales; --", [3]),
        ("maya*", [1]),
        ("{maya}", [1]),
        ("%", [1, 2, 3]),
        ("_", [1, 2, 3]),
        ("maya\0zoe", []),
        ("\ud800", [1, 2, 3]),
        ("x" * 10_000, []),
        ("maya " * 3_000, [1]),
    ],
)
async def test_no_text_is_read_as_a_command(shop: Ledger, text: str, ids: list[int]) -> None:
    assert await _found(shop, text) == ids


async def test_a_sale_is_found_by_what_it_says_now(ledger: Ledger, source: Source) -> None:
    await record_all(ledger, [told(source.id, "e1", back("o"))])
    assert await _found(ledger, "maya") == []

    await record_all(ledger, [told(source.id, "e2", paid("o"))])
    assert await _found(ledger, "maya") == [1]

    await record_all(ledger, [told(source.id, "e0", paid("o", name="Ida Berg", email="ida@example.com"), at=1)])
    assert await _found(ledger, "maya") == []
    assert await _found(ledger, "ida") == [1]


async def test_sales_are_found_at_once_and_also_when_there_are_many(ledger: Ledger, source: Source) -> None:
    for start in (0, 600, 1_200):
        claims = [paid(f"o{n}", name=f"Customer{n:04}", email=f"c{n}@example.com") for n in range(start, start + 600)]
        await record_all(ledger, [told(source.id, f"e{start + place}", claim) for place, claim in enumerate(claims)])
        for number in (start, start + 599, 0):
            assert len(await _found(ledger, f"customer{number:04}")) == 1
        assert await ledger.sales.count(SalesQuery(text="cust")) == start + 600


@pytest.mark.parametrize("others", [0, 600])
async def test_a_sale_whose_words_change_is_found_by_the_new_ones(ledger: Ledger, source: Source, others: int) -> None:
    await record_all(ledger, [told(source.id, "late", paid("order", name="Maya", email=""))])
    await record_all(ledger, [told(source.id, f"e{n}", paid(f"o{n}", name="Ben", email="")) for n in range(others)])
    await record_all(ledger, [told(source.id, "early", paid("order", name="Zoe", email=""), at=NOON - 1)])

    assert (await _found(ledger, "maya"), await _found(ledger, "zoe")) == ([], [1])
    assert await ledger.integrity()


@pytest.mark.parametrize("others", [0, 600])
async def test_which_order_of_a_customer_it_is_counts_all_of_them(ledger: Ledger, source: Source, others: int) -> None:
    await record_all(ledger, [told(source.id, "first", paid("first", email="maya@example.com"))])
    await record_all(ledger, [told(source.id, f"e{n}", paid(f"o{n}", email="maya@example")) for n in range(others)])
    await record_all(ledger, [told(source.id, "second", paid("second", email="maya@example.com"), at=NOON + 1)])

    detail = await ledger.sales.get(others + 2)

    assert detail is not None
    assert detail.nth_order == 2
