"""Sales in files of other programs: whole, and no formula in any cell (docs/attacks.md, E8, F7, F16, F17)."""

import asyncio
import csv
import io
import json
import re
import sys
import tempfile
import unicodedata
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from msgspec import structs

from shopwatch.domain.errors import UserError
from shopwatch.domain.facts import SaleRow
from shopwatch.domain.legible import unhidden
from shopwatch.domain.sales.money import LARGEST
from shopwatch.host.paths import Paths
from shopwatch.ledger.sales.query import SalesQuery
from shopwatch.secrets.vault import MemoryVault
from shopwatch.shop.opening import open_shop
from shopwatch.shop.outgoing.export import COLUMNS, Csv, Workbook, harmless, write_file
from shopwatch.shop.shop import Shop
from tests.actions.sales import sale
from tests.ledger.arrivals import NOON, paid, record_all, told
from tests.trouble import ALL, KINDS

# What any reader may take for the beginning of a cell, and then for that of a formula.
_CELL_BEGINS = re.compile(r"[\t\n\v\f\r;\x1c-\x1e\x85\u2028\u2029]")
_SIGNS = "=+-@\uff1d\uff0b\uff0d\uff20"
# Default_Ignorable_Code_Point of Unicode 16 that is a letter or a sign, and the empty Braille cell.
_EMPTY = "\u115f\u1160\u3164\uffa0\u2800\U0001d159"


def can_run(cell: str) -> bool:
    """Behind what nobody sees, by the categories of Unicode: controls, formats, separators and marks."""
    parts = [cell, *_CELL_BEGINS.split(cell)]
    seen = [next((char for char in part if not unseen(char)), "") for part in parts]
    return any(first and first in _SIGNS for first in seen) or cell.startswith(("\t", "\r", "\n"))


def unseen(char: str) -> bool:
    return char in _EMPTY or unicodedata.category(char) in ("Cc", "Cf", "Cn", "Co", "Cs", "Zs", "Zl", "Zp", "Mn", "Me")


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    shop = await open_shop(Paths(tmp_path / "data"), vault=MemoryVault())
    yield shop
    await shop.close()


def bare(text: str) -> str:
    """As far as it can be compared: without apostrophes, and no more than is in a cell if it begins with them."""
    return text.replace("'", "")[:30_000]


def as_a_workbook_holds(text: str) -> str:
    """XML 1.0, section 2.2."""
    return re.sub("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", text)


def as_excel_reads(cell: object) -> str:
    """ECMA-376, part 1, section 22.9.2.19 (ST_Xstring), which openpyxl leaves to its caller."""
    return re.sub("_x([0-9A-F]{4})_", lambda found: chr(int(found[1], 16)), str(cell or ""))


def names_in(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


async def sell(shop: Shop, *texts: str) -> list[SaleRow]:
    """One sale for each text, which is in every field that holds text; as the ledger has them, the newest first."""
    source = await shop.connections.add("paynow", "=1+1")
    arrivals = [
        told(source.id, f"e{place}", paid(f"{place}", number=text, name=text, email=text, items=(text, text)))
        for place, text in enumerate(texts)
    ]
    await record_all(shop.ledger, arrivals)
    return [row async for row in shop.ledger.sales.every(SalesQuery())]


async def test_no_cell_of_a_csv_file_runs_and_none_is_lost(shop: Shop, tmp_path: Path) -> None:
    rows = await sell(shop, *ALL)
    file = tmp_path / "sales.csv"

    assert await shop.exports.sales(SalesQuery(), file, "csv") == len(rows) == len(ALL)

    with file.open(encoding="utf-8", newline="") as lines:
        head, *read = list(csv.reader(lines, strict=True))
    assert tuple(head) == COLUMNS
    assert [cell for line in read for cell in line if can_run(cell)] == []
    assert [bare(line[1]) for line in read] == [bare(row.sale.number) for row in rows]
    assert {len(line) for line in read} == {len(COLUMNS)}


async def test_no_cell_of_a_workbook_runs_and_none_is_lost(shop: Shop, tmp_path: Path) -> None:
    rows = await sell(shop, *ALL)
    file = tmp_path / "sales.xlsx"

    assert await shop.exports.sales(SalesQuery(), file, "xlsx") == len(rows)

    with closing(openpyxl.load_workbook(file)) as book:
        _, *read = book["Sales"].iter_rows()
    assert len(read) == len(rows)
    texts = [cell for line in read for cell in line if cell.data_type not in ("n", "d")]
    assert {cell.data_type for cell in texts} == {"s"}
    assert not any(can_run(str(cell.value)) for cell in texts)
    numbers = [as_excel_reads(line[1].value) for line in read]
    assert [bare(each) for each in numbers] == [bare(as_a_workbook_holds(row.sale.number)) for row in rows]


async def test_a_workbook_can_be_added_up_and_sorted(shop: Shop, tmp_path: Path) -> None:
    source = await shop.connections.add("paynow", "PayNow")
    sold = [("USD", 1_250), ("JPY", 700), ("KWD", -1_005), ("USD", LARGEST)]
    await record_all(
        shop.ledger,
        [told(source.id, f"e{n}", paid(str(n), minor, currency=currency)) for n, (currency, minor) in enumerate(sold)],
    )
    file = tmp_path / "sales.xlsx"

    await shop.exports.sales(SalesQuery(), file, "xlsx")

    with closing(openpyxl.load_workbook(file)) as book:
        head, *read = book["Sales"].iter_rows()
    columns = [cell.value for cell in head]
    moments = [line[columns.index("paid_at")] for line in read]
    noon = datetime.fromtimestamp(NOON / 1000)  # noqa: DTZ006 - as this computer's clock shows it
    assert {cell.value for cell in moments} == {noon}
    assert {cell.number_format for cell in moments} == {"yyyy-mm-dd hh:mm:ss"}
    kept = {line[columns.index("order_id")].value: line[columns.index("amount")] for line in read}
    assert [(kept[n].value, kept[n].number_format) for n in "012"] == [(12.5, "0.00"), (700, "0"), (-1.005, "0.000")]
    assert kept["3"].value == "90071992547409.91", "which a spreadsheet would round"
    assert book["Sales"].freeze_panes == "A2"


def test_a_sale_of_a_time_that_a_workbook_cannot_hold_is_written_with_it(tmp_path: Path) -> None:
    book = Workbook(tmp_path / "sales.xlsx", {}, tmp_path)
    row = sale()
    book.add([structs.replace(row, sale=structs.replace(row.sale, paid_at=-3_000_000_000_000))])
    book.finish()
    with closing(openpyxl.load_workbook(tmp_path / "sales.xlsx")) as read:
        assert read["Sales"]["A2"].value == "1874-12-07T18:40:00.000Z"


async def test_a_workbook_that_is_not_finished_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither where it was to be nor where its lines waited, for they name customers."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    async def rows() -> AsyncIterator[SaleRow]:
        for _ in range(1_000):
            yield sale()
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await write_file(rows(), {}, tmp_path / "sales.xlsx", "xlsx")

    assert names_in(tmp_path) == []


async def test_json_says_what_the_ledger_has(shop: Shop, tmp_path: Path) -> None:
    rows = await sell(shop, *ALL)
    file = tmp_path / "sales.json"

    assert await shop.exports.sales(SalesQuery(), file, "json") == len(rows)

    lines = file.read_text("utf-8").split("\n")
    assert [line for line in lines if not line.isprintable()] == []
    read = [json.loads(line) for line in lines if line]
    assert [(line["name"], line["number"]) for line in read] == [(r.sale.name or None, r.sale.number) for r in rows]


async def test_a_table_that_somebody_looks_at_hides_nothing(shop: Shop) -> None:
    """docs/attacks.md, F6: on a terminal."""
    rows = await sell(shop, *(text for text in ALL if len(text) < 1_000))
    seen = io.StringIO()

    Csv(seen, shop.sources.names, unhidden).add(rows)

    assert [line for line in seen.getvalue().split("\r\n") if not line.replace("\t", "").isprintable()] == []


def test_formulas_get_an_apostrophe_and_lose_nothing() -> None:
    cells = {text: harmless(text) for text in KINDS["formulas"]}
    assert [cell for cell in cells.values() if can_run(cell)] == []
    assert [text for text, cell in cells.items() if cell.replace("'", "") != text.replace("'", "")] == []


@pytest.mark.parametrize(
    "text", ["Maya Lindqvist", "12.50", "a=b", "Rose; red", "x - y", "maya@example.com", "", "#1001"]
)
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert harmless(text) == text


def test_a_sign_behind_whatever_nobody_sees_gets_an_apostrophe() -> None:
    """docs/attacks.md, F7: every character of Unicode that shows nothing."""
    blank = [char for char in map(chr, range(sys.maxunicode + 1)) if unseen(char)]
    assert [hex(ord(char)) for char in blank if "'" not in harmless(f"{char}=1+1")] == []
    assert [hex(ord(char)) for char in blank if harmless(f"{char}=1").replace("'", "") != f"{char}=1"] == []


def test_a_phone_number_is_whole_behind_its_apostrophe() -> None:
    assert harmless("+49 170 1234567") == "'+49 170 1234567"


async def test_it_says_how_far_it_is_and_leaves_the_old_file_until_it_is_done(shop: Shop, tmp_path: Path) -> None:
    await sell(shop, *(str(number) for number in range(1_200)))
    file = tmp_path / "sales.csv"
    file.write_text("as it was", encoding="utf-8")
    heard: list[tuple[int, str]] = []

    written = await shop.exports.sales(
        SalesQuery(), file, "csv", lambda count: heard.append((count, file.read_text(encoding="utf-8")))
    )

    assert heard == [(500, "as it was"), (1_000, "as it was")]
    assert written == len(file.read_text(encoding="utf-8").splitlines()) - 1 == 1_200
    assert names_in(tmp_path) == ["data", "sales.csv"]


@pytest.mark.parametrize("form", ["csv", "xlsx", "json"])
@pytest.mark.parametrize("name", ["there/is/no/such/folder.csv", "w" * 300])
async def test_a_place_that_cannot_be_written_is_told(shop: Shop, tmp_path: Path, name: str, form: str) -> None:
    with pytest.raises(UserError) as failure:
        await shop.exports.sales(SalesQuery(), tmp_path / name, form)
    assert failure.value.code == "file-unwritable"
    assert names_in(tmp_path) == ["data"]


async def save(shop: Shop, file: Path, form: str) -> None:
    """The sales, or with "message" the first message as it came."""
    if form == "message":
        await shop.exports.message(1, file)
    else:
        await shop.exports.sales(SalesQuery(), file, form)


@pytest.mark.parametrize("form", ["csv", "xlsx", "json", "message"])
async def test_what_names_customers_is_for_this_user_only(shop: Shop, tmp_path: Path, form: str) -> None:
    await sell(shop, "Maya")
    file = tmp_path / "maya"
    file.touch(0o644)

    await save(shop, file, form)

    assert file.stat().st_size
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("form", ["csv", "xlsx", "json", "message"])
async def test_nothing_is_saved_in_place_of_the_ledger(shop: Shop, form: str) -> None:
    await sell(shop, "Maya")

    with pytest.raises(UserError) as refused:
        await save(shop, shop.paths.ledger, form)

    assert refused.value.code == "own-file"
    assert await shop.ledger.integrity()


def test_a_full_sheet_is_followed_by_another(tmp_path: Path) -> None:
    book = Workbook(tmp_path / "sales.xlsx", {}, tmp_path, longest_sheet=3)
    book.add([sale() for _ in range(5)])
    book.finish()
    with closing(openpyxl.load_workbook(tmp_path / "sales.xlsx")) as read:
        assert [len(list(sheet.iter_rows())) for sheet in read] == [3, 3, 2]
        assert all(sheet["A1"].value == "paid_at" for sheet in read)
