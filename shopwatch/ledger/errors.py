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
        phrase("These sales were kept by a newer ShopWatch."),
        phrase("Install the newest version; nothing was changed."),
        code="store-newer",
    )


def not_updated() -> UserError:
    return UserError(
        phrase("These sales cannot be brought up to date."),
        phrase("They were left as they are. Go on with the ShopWatch that kept them, or bring back a backup."),
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
        phrase("Give a file, like sqlite:///sales.sqlite, or a server, like postgresql://shop@db.example/shop."),
        code="store-url",
    )


def moved(place: str) -> Outage:
    return Outage(
        phrase("The shop’s sales are kept in another place now."),
        phrase("Start ShopWatch with --database {place}", place=place),
        code="store-moved",
    )


def occupied() -> UserError:
    return UserError(
        phrase("There is a shop in this database already."),
        phrase("Give the address of an empty one. Nothing was changed in either."),
        code="store-occupied",
    )


def not_the_same() -> UserError:
    return UserError(
        phrase("What was copied is not what is in the ledger."),
        phrase("The shop works on in the old place. Empty the new one, and try again."),
        code="store-differs",
    )


def password_in_address() -> UserError:
    return UserError(
        phrase("Others who use this computer could read the password in this address."),
        phrase("Leave it out, and keep it in the file ~/.pgpass, or in one that “?passfile=…” names."),
        code="store-password",
    )


def away() -> Outage:
    return Outage(
        phrase("The database server cannot be reached."),
        phrase("Messages are not accepted until it is back, so that they are sent again."),
        code="store-away",
    )


def denied() -> Outage:
    return Outage(
        phrase("The database server does not accept this user name and password."),
        phrase("Check both, and give the password again. Messages are not accepted until then."),
        code="store-denied",
    )


def no_such_database() -> Outage:
    return Outage(
        phrase("The database server has no database of this name."),
        phrase("Check the address, or have the database made."),
        code="store-unknown",
    )


def forbidden() -> Outage:
    return Outage(
        phrase("This user may not do that in the shop’s database."),
        phrase("Ask whoever looks after the database for the rights, or sign in as another user."),
        code="store-forbidden",
    )


def untrusted_server() -> Outage:
    return Outage(
        phrase("The database server cannot prove that it is the right one."),
        phrase("Check its address and its certificate. No password was sent to it."),
        code="store-certificate",
    )


def server_full() -> Outage:
    return Outage(
        phrase("The database server’s disk is full."),
        phrase("New messages are not accepted, so that they are sent again. Please free some space there."),
        code="disk-full",
    )


def copy_only() -> Outage:
    return Outage(
        phrase("This database server takes no changes."),
        phrase("It is a copy of another, or only to be read. Messages are not accepted until one takes changes."),
        code="store-read-only",
    )


def server_busy() -> Outage:
    return Outage(
        phrase("The database server does not get ahead."),
        phrase("Messages are not accepted until it does, so that they are sent again."),
        code="store-busy",
    )


def server_damaged() -> Outage:
    return Outage(
        phrase("The database server cannot read its own files."),
        phrase("Have whoever looks after it bring back a backup, or change over to its copy."),
        code="store-damaged",
    )


def unsafe_server(name: str, found: object) -> Outage:
    return Outage(
        phrase("The database server cannot keep sales safely."),
        phrase("Its setting “{name}” is “{found}”. Have it changed.", name=name, found=found),
        code="store-unsafe",
    )


def foreign_database() -> UserError:
    return UserError(
        phrase("This database belongs to another program."),
        phrase("ShopWatch has left it as it is. Give the address of an empty one."),
        code="store-foreign",
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
