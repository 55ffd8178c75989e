"""The log: one JSON line for each record in a file of this user's own, and short lines for a person on stderr.

Whatever a record holds, its line stays one line, shows no secret and no local variable.
"""

import json
import logging
import os
import sys
from datetime import UTC, datetime
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TextIO, override

from shopwatch.secrets.redaction import hide

_log = logging.getLogger(__name__)

DETAILS = "details"
"""Under this name a record's `extra` may hold more for its line: names with texts, numbers or truths of our own."""

_FILES = 5
_FILE_BYTES = 5_000_000


def configure(folder: Path | None = None, *, verbose: bool = False) -> None:
    """Send all records to `folder`/shopwatch.log (5 files of 5 MB, 0600) and warnings to stderr.

    With `verbose`, stderr is for a program that collects logs: all records go there, as the file has them.
    Only the process that holds the data folder's lock may name the folder: rotation bears one writer. Calling it again
    replaces what the earlier call set up. Logging never raises and never stops the program.
    """
    logging.raiseExceptions = False
    root = logging.getLogger()
    for handler in root.handlers[:]:
        if isinstance(handler, (_Lines, _Words)):
            root.removeHandler(handler)
            handler.close()
    root.setLevel(logging.INFO)
    if sys.stderr is not None:
        words = _Words(sys.stderr)
        if verbose:
            words.setFormatter(_Json())
        words.setLevel(logging.INFO if verbose else logging.WARNING)
        root.addHandler(words)
    if folder is not None:
        try:
            root.addHandler(_Lines(folder / "shopwatch.log"))
        except OSError as error:
            _log.warning("no log can be written in %s: %s", folder, error)


class _Lines(RotatingFileHandler):
    def __init__(self, file: Path) -> None:
        super().__init__(file, maxBytes=_FILE_BYTES, backupCount=_FILES - 1, encoding="ascii")
        self.setFormatter(_Json())

    @override
    def _open(self) -> TextIOWrapper:
        # A link planted here would let another program choose which file grows.
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
        return open(os.open(self.baseFilename, flags, 0o600), "a", encoding=self.encoding)  # noqa: PTH123 - by a handle


class _Words(logging.StreamHandler[TextIO]):
    def __init__(self, stream: TextIO) -> None:
        super().__init__(stream)
        self.setFormatter(_Plain())


class _Json(logging.Formatter):
    @override
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "message": hide(_message(record)),
        }
        line |= getattr(record, DETAILS, {})
        if record.exc_info and record.exc_info[0]:
            line["error"] = hide(self.formatException(record.exc_info))
        # With ensure_ascii every control character, line separator and lone surrogate is escaped.
        return json.dumps(line, ensure_ascii=True)


class _Plain(logging.Formatter):
    @override
    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created).astimezone().strftime("%H:%M:%S")
        text = f"{at} {record.levelname.lower()}: {hide(_message(record))}"
        if record.exc_info and record.exc_info[1]:
            error = record.exc_info[1]
            text += f" ({type(error).__name__}: {hide(str(error))})"
        return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in text)


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except Exception:
        return str(record.msg)
