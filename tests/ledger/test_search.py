import pytest

from shopwatch.domain.source import Source
from shopwatch.ledger import Ledger
from shopwatch.ledger.query import SalesQuery, Sort
from tests.ledger.arrivals import back, paid, record_all, told


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
    page = await ledger.page(SalesQuery(text=text, sort=Sort.ORDER, descending=False))
    assert await ledger.count(SalesQuery(text=text)) == len(page.rows)
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
