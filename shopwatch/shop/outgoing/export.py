"""Sales written out for other programs: JSON lines, CSV and XLSX."""

import asyncio
import csv
import errno
import os
import re
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import MAXYEAR, UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol, TextIO

from shopwatch.domain.errors import UserError
from shopwatch.domain.facts import SaleRow
from shopwatch.domain.i18n import say
from shopwatch.domain.instant import Instant
from shopwatch.domain.legible import is_blank, json_line, shorten
from shopwatch.domain.sales.sale import Item
from shopwatch.host.files import move_into_place

LONGEST_CELL = 32_767
"""Characters that Excel holds in a cell; what is longer would run over into the next line of a CSV file."""

LONGEST_SHEET = 1_048_576
"""Lines that Excel holds in one sheet."""

_EXACT_DIGITS = 15
"""Of a number in a spreadsheet."""
_FIRST_YEAR = 1900

_AT_ONCE = 50
"""Sales that are written in one go: few enough that the window hardly waits for a turn."""

_TOLD_EVERY = 500

# A spreadsheet runs a cell that begins like this as a formula, also behind what is blank; some read the wide signs too
# (OWASP, CVE-2021-41270). Line ends, tabs and the semicolon begin a cell for careless readers.
_SIGN = re.compile("[=+\\-@\uff1d\uff0b\uff0d\uff20]")
_BEGINS = frozenset("\t\n\v\f\r;\x1c\x1d\x1e\x85\u2028\u2029")
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

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
_PAID_AT = COLUMNS.index("paid_at")
_AMOUNTS = [COLUMNS.index(each) for each in ("amount", "given_back", "kept")]


class Table(Protocol):
    """What sales are written into, some at a time, from any thread."""

    def add(self, rows: Sequence[SaleRow]) -> None:
        """Raises OSError."""

    def finish(self) -> None:
        """Nothing comes after the last. Raises OSError."""


class JsonLines:
    """One object a line, with nothing in it that cannot be seen."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def add(self, rows: Sequence[SaleRow]) -> None:
        self._out.writelines(json_line(as_object(row)) + "\n" for row in rows)

    def finish(self) -> None:
        self._out.flush()


class Csv:
    """A header line, then one line a sale, every cell quoted. `sources` are the owner's names for them.

    `shown` is how a cell is written, where it is not for another program.
    """

    def __init__(self, out: TextIO, sources: Mapping[str, str], shown: Callable[[str], str] = str) -> None:
        self._out = out
        self._shown = shown
        self._sources = sources
        self._writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
        self._writer.writerow(COLUMNS)

    def add(self, rows: Sequence[SaleRow]) -> None:
        self._writer.writerows(map(self._shown, as_cells(row, self._sources)) for row in rows)

    def finish(self) -> None:
        self._out.flush()


class Workbook:
    """Amounts are numbers and moments are times of this computer, so that they can be added up and sorted; all else is
    text, which runs nowhere. A sheet more for each that is full. Its lines wait in the folder `aside`.
    """

    def __init__(
        self, file: Path, sources: Mapping[str, str], aside: Path, *, longest_sheet: int = LONGEST_SHEET
    ) -> None:
        from xlsxwriter import Workbook as Book

        self._sources = sources
        self._longest_sheet = longest_sheet
        how = {"constant_memory": True, "tmpdir": str(aside), "default_date_format": "yyyy-mm-dd hh:mm:ss"}
        self._book = Book(file, how)
        self._book.use_zip64()
        self._bold = self._book.add_format({"bold": True})
        self._numbers: dict[int, Any] = {}
        self._finished = False
        self._turn_over()

    def add(self, rows: Sequence[SaleRow]) -> None:
        for row in rows:
            if self._lines == self._longest_sheet:
                self._turn_over()
            for place, cell in enumerate(as_cells(row, self._sources)):
                if cell:
                    self._sheet.write_string(self._lines, place, _NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", cell))
            self._write_moment(row.sale.paid_at)
            for place, amount in zip(_AMOUNTS, (row.sale.amount, row.sale.given_back, row.sale.kept), strict=True):
                if amount is not None:
                    self._write_amount(place, amount.decimal)
            self._lines += 1

    def finish(self) -> None:
        from xlsxwriter.exceptions import XlsxFileError

        self._finished = True
        try:
            self._book.close()
        except XlsxFileError as error:
            raise OSError(str(error)) from error

    def close(self) -> None:
        """Let the lines go that wait aside, whether it is finished or not. Never raises."""
        if not self._finished:
            with suppress(Exception):
                self.finish()

    def _turn_over(self) -> None:
        number = len(self._book.worksheets())
        self._sheet = self._book.add_worksheet(f"Sales {number + 1}" if number else "Sales")
        self._sheet.freeze_panes(1, 0)
        self._sheet.set_column(0, len(COLUMNS) - 1, 20)
        self._sheet.write_row(0, 0, COLUMNS, self._bold)
        self._lines = 1

    def _write_moment(self, at: Instant) -> None:
        """A workbook knows no zones, and nothing before 1900."""
        moment = datetime.fromtimestamp(at / 1000, UTC)
        if _FIRST_YEAR < moment.year < MAXYEAR:
            self._sheet.write_datetime(self._lines, _PAID_AT, moment.astimezone().replace(tzinfo=None))

    def _write_amount(self, place: int, amount: Decimal) -> None:
        """Where a spreadsheet would round it, it stays text."""
        if len(amount.as_tuple().digits) <= _EXACT_DIGITS:
            self._sheet.write_number(self._lines, place, amount, self._write_number(-int(amount.as_tuple().exponent)))

    def _write_number(self, decimals: int) -> Any:
        if decimals not in self._numbers:
            self._numbers[decimals] = self._book.add_format({"num_format": f"0.{'0' * decimals}" if decimals else "0"})
        return self._numbers[decimals]


async def write(rows: AsyncIterator[SaleRow], table: Table, told: Callable[[int], None] = lambda _: None) -> int:
    """Write all `rows` beside the loop; how many. `told` hears now and then how many there are so far.

    Raises OSError.
    """
    written = 0
    waiting: list[SaleRow] = []
    async for row in rows:
        waiting.append(row)
        if len(waiting) == _AT_ONCE:
            await asyncio.to_thread(table.add, waiting)
            written += len(waiting)
            waiting = []
            if written % _TOLD_EVERY == 0:
                told(written)
    await asyncio.to_thread(table.add, waiting)
    await asyncio.to_thread(table.finish)
    return written + len(waiting)


async def write_file(
    rows: AsyncIterator[SaleRow],
    sources: Mapping[str, str],
    file: Path,
    form: str,
    told: Callable[[int], None] = lambda _: None,
) -> int:
    """As `write`, to `file` as "csv", "xlsx" or "json"; until all is written, what was there before stays."""
    with _in_place_of(file) as made:
        if form == "xlsx":
            with tempfile.TemporaryDirectory(prefix="shopwatch-", ignore_cleanup_errors=True) as aside:
                book = await asyncio.to_thread(Workbook, made, sources, Path(aside))
                try:
                    return await write(rows, book, told)
                finally:
                    await asyncio.to_thread(book.close)
        with made.open("w", encoding="utf-8", newline="") as out:
            return await write(rows, Csv(out, sources) if form == "csv" else JsonLines(out), told)


def write_content(file: Path, content: bytes) -> None:
    """`content` as it is to `file`, which only this user can read. Raises OSError."""
    with _in_place_of(file) as made:
        made.write_bytes(content)


def unwritable(file: Path) -> UserError:
    """What the owner hears where `file` cannot be written."""
    return UserError(
        say("{file} cannot be written.", file=file.name),
        say("Choose another place, or free some space there."),
        code="file-unwritable",
    )


@contextmanager
def _in_place_of(file: Path) -> Iterator[Path]:
    if file.exists() and not file.is_file():
        raise OSError(errno.EEXIST, "a folder or a device")  # which a file would replace
    handle, name = tempfile.mkstemp(prefix=".sales-", dir=file.parent)
    os.close(handle)
    made = Path(name)
    try:
        yield made
        move_into_place(made, file)
    finally:
        made.unlink(missing_ok=True)


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
        ", ".join(_item_text(item) for item in sale.items),
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
    return [shorten(harmless(cell), LONGEST_CELL) for cell in cells]


def harmless(cell: str) -> str:
    """`cell`, with an apostrophe before it and before each sign in it that a spreadsheet could begin a formula with."""
    quoted = _SIGN.sub(lambda found: f"'{found[0]}" if _begins_formula(cell, found.start()) else found[0], cell)
    if cell.startswith(("\t", "\r", "\n")) or (quoted != cell and not quoted.startswith("'")):
        return f"'{quoted}"
    return quoted


def _begins_formula(cell: str, at: int) -> bool:
    """Whether somebody may take what stands at `at` for the beginning of a cell."""
    while at and cell[at - 1] not in _BEGINS and is_blank(cell[at - 1]):
        at -= 1
    return not at or cell[at - 1] in _BEGINS


def _item_text(item: Item) -> str:
    return f"{item.name} × {item.qty}" if item.qty != 1 else item.name
