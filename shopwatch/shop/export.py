"""Sales written out for other programs: JSON lines, CSV and XLSX."""

import csv
import json
import re
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from shopwatch.domain.clock import Instant
from shopwatch.domain.facts import SaleRow
from shopwatch.domain.sale import Item

# A spreadsheet runs a cell that begins like this as a formula, also behind white space (OWASP, CVE-2021-41270).
_FORMULA = re.compile(r"^[\s\0]*[=+\-@\t\r\n]")

COLUMNS = (
    "paid_at",
    "number",
    "order_id",
    "name",
    "email",
    "items",
    "amount",
    "given_back",
    "kept",
    "currency",
    "state",
    "provider",
    "source",
    "practice",
    "live",
)


def iso(at: Instant) -> str:
    """The instant as ISO 8601 in UTC, to the millisecond."""
    return datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def as_object(row: SaleRow) -> dict[str, object]:
    """The sale as `shopwatch sales --json` prints it; amounts in minor units, times in UTC."""
    sale = row.sale
    return {
        "id": row.id,
        "source": row.source_id,
        "provider": row.provider,
        "order_id": sale.order_id,
        "number": sale.number,
        "state": sale.state.value,
        "amount_minor": sale.amount.minor if sale.amount else None,
        "amount_text": sale.amount_text or None,
        "currency": sale.amount.currency if sale.amount else None,
        "given_back_minor": sale.given_back.minor if sale.given_back else 0,
        "kept_minor": sale.kept.minor if sale.kept else None,
        "name": sale.name or None,
        "email": sale.email or None,
        "items": [
            {"name": item.name, "qty": item.qty, "unit_minor": item.unit.minor if item.unit else None}
            for item in sale.items
        ],
        "paid_at": iso(sale.paid_at),
        "received_at": iso(row.received_at),
        "practice": sale.practice,
        "live": sale.live,
    }


def as_cells(row: SaleRow, sources: Mapping[str, str]) -> list[str]:
    """The sale as one line of a table, in the order of `COLUMNS`; no cell can act as a formula."""
    sale = row.sale
    cells = [
        iso(sale.paid_at),
        sale.number,
        sale.order_id,
        sale.name,
        sale.email,
        ", ".join(_item(item) for item in sale.items),
        str(sale.amount.decimal) if sale.amount else sale.amount_text,
        str(sale.given_back.decimal) if sale.given_back else "",
        str(sale.kept.decimal) if sale.kept else "",
        sale.amount.currency if sale.amount else "",
        sale.state.value,
        row.provider,
        sources.get(row.source_id, row.source_id),
        "yes" if sale.practice else "",
        "yes" if sale.live else "test",
    ]
    return [_harmless(cell) for cell in cells]


def _item(item: Item) -> str:
    return f"{item.name} × {item.qty}" if item.qty != 1 else item.name


def _harmless(cell: str) -> str:
    return f"'{cell}" if any(_FORMULA.match(line) for line in cell.split("\n")) else cell


async def write_json(rows: AsyncIterator[SaleRow], out: TextIO) -> int:
    """One object a line; how many were written."""
    written = 0
    async for row in rows:
        out.write(json.dumps(as_object(row), ensure_ascii=False) + "\n")
        written += 1
    return written


async def write_csv(rows: AsyncIterator[SaleRow], sources: Mapping[str, str], out: TextIO) -> int:
    """A header line, then one line a sale, every cell quoted; how many sales were written."""
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    written = 0
    async for row in rows:
        writer.writerow(as_cells(row, sources))
        written += 1
    return written


async def write_xlsx(rows: AsyncIterator[SaleRow], sources: Mapping[str, str], file: Path) -> int:
    """A workbook of one sheet, all cells text so that nothing is reckoned or bent; how many sales were written."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.utils.exceptions import IllegalCharacterError

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Sales")
    sheet.append(list(COLUMNS))
    written = 0
    async for row in rows:
        line = []
        for text in as_cells(row, sources):
            try:
                cell = WriteOnlyCell(sheet, value=text)
            except IllegalCharacterError:
                cell = WriteOnlyCell(
                    sheet, value="".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
                )
            cell.data_type = "s"
            line.append(cell)
        sheet.append(line)
        written += 1
    book.save(file)
    return written
