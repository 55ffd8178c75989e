"""What SQLite's failures mean for the owner."""

import sqlite3
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from shopwatch.domain.errors import UserError
from shopwatch.ledger import errors

# Primary result codes: https://www.sqlite.org/rescode.html
_FULL = 13
_WRITE_FAILURES = frozenset({3, 7, 8, 10, 14, 15})
BUSY = frozenset({5, 6})
_DAMAGED = frozenset({11, 26})


def translate(error: Exception, folder: Path) -> UserError | None:
    """See `Store.translate`; the file is in `folder`."""
    if isinstance(error, UserError):
        return error
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, OSError):
        return errors.unwritable(folder)
    if not isinstance(cause, sqlite3.Error):
        return None
    code = getattr(cause, "sqlite_errorcode", 0) & 0xFF
    if code in _DAMAGED:
        return errors.damaged()
    if code in BUSY:
        return errors.busy()
    if code == _FULL or code in _WRITE_FAILURES:
        return errors.unwritable(folder, full=code == _FULL)
    return None
