"""The owner's sentences for a store that cannot be read or written."""

import shutil
from pathlib import Path

from shopwatch.domain.errors import Outage, UserError
from shopwatch.domain.i18n import phrase

_ROOM: int = 2**20


def damaged() -> Outage:
    return Outage(
        phrase("The sales file cannot be read."),
        phrase("ShopWatch has kept it untouched. Restore the last good copy, or move the file away to start anew."),
        code="store-damaged",
    )


def foreign() -> UserError:
    return UserError(
        phrase("This file is not a sales file of ShopWatch."),
        phrase("ShopWatch has left it as it is. Choose another folder for its data."),
        code="store-foreign",
    )


def newer() -> UserError:
    return UserError(
        phrase("The sales file was made by a newer ShopWatch."),
        phrase("Install the newest version; the file was left as it is."),
        code="store-newer",
    )


def not_updated() -> UserError:
    return UserError(
        phrase("The sales file cannot be brought up to date."),
        phrase("It was left as it is. Go on with the ShopWatch that made it, or bring back a backup."),
        code="store-not-updated",
    )


def busy() -> Outage:
    return Outage(
        phrase("Another program holds the sales file."),
        phrase("Messages are not accepted until it lets go, so that they are sent again."),
        code="store-busy",
    )


def overloaded() -> Outage:
    return Outage(
        phrase("ShopWatch cannot store messages as fast as they arrive."),
        phrase("They are not accepted for a moment, so that they are sent again."),
        code="store-overloaded",
    )


def interrupted() -> Outage:
    return Outage(
        phrase("The part of ShopWatch that writes into the sales file has stopped."),
        phrase("It starts again by itself; messages are not accepted until then, so that they are sent again."),
        code="store-interrupted",
    )


def closed() -> Outage:
    return Outage(phrase("The sales file is closed."), phrase("Start ShopWatch again."), code="store-closed")


def unwritable(folder: Path, *, full: bool = False) -> Outage:
    """`full` where the database itself says so; else the disk under `folder` is asked."""
    if full or _is_full(folder):
        return Outage(
            phrase("The disk is full."),
            phrase("New messages are not accepted, so that they are sent again. Please free some space."),
            code="disk-full",
        )
    return Outage(
        phrase("The sales file cannot be written."),
        phrase("New messages are not accepted, so that they are sent again. Check the disk and the data folder."),
        code="store-unwritable",
    )


def unsafe(name: str, found: object) -> Outage:
    """A setting on which durability rests does not hold."""
    return Outage(
        phrase("This computer cannot keep sales safely."),
        phrase("The database setting “{name}” stays at “{found}”.", name=name, found=found),
        code="store-unsafe",
    )


def unknown_database() -> UserError:
    return UserError(
        phrase("ShopWatch cannot keep sales in this kind of database."),
        phrase("Give a file, like sqlite:///sales.sqlite."),
        code="store-url",
    )


def already_there() -> UserError:
    return UserError(
        phrase("There is a file of this name already."), phrase("Choose another name."), code="file-exists"
    )


def _is_full(folder: Path) -> bool:
    try:
        return shutil.disk_usage(folder).free < _ROOM
    except OSError:
        return False
