"""The program as it would be if it did not sync each commit: `python -m tests.torture.lax` in the place of `shopwatch`.

What looks for losses has to find them here.
"""

import sqlite3
import sys

from shopwatch.__main__ import main
from shopwatch.ledger.engine.sqlite import pragmas

_strict = pragmas._require_pragma


def _lax(driver: sqlite3.Connection, name: str, value: int | str) -> None:
    _strict(driver, name, 1 if name == "synchronous" else value)


if __name__ == "__main__":
    pragmas._require_pragma = _lax
    sys.exit(main())
