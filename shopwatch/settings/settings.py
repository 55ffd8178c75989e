"""What the owner chose: one frozen value, read at start and replaced whole. Never a secret."""

import contextlib
import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, get_type_hints

import msgspec

from shopwatch.domain.connection.ownership import Home
from shopwatch.domain.connection.reach import TunnelKind
from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import say
from shopwatch.domain.instant import HOUR, Instant
from shopwatch.domain.rules.letter import Letter
from shopwatch.domain.rules.target import Target
from shopwatch.domain.sales.popular_page import PopularPage
from shopwatch.host.files import write_first, write_whole
from shopwatch.host.paths import unwritable
from shopwatch.runtime.clock import now

_ID = re.compile(r'"id"\s*:\s*"([0-9a-f]{16})"')

LONGEST_QUIET: Instant = HOUR
"""How long the owner can have it quiet at one go."""


class Look(StrEnum):
    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True)
class Settings:
    """`id` names this data folder's items in the password store.

    `hide_details` keeps names and amounts out of pop-ups. `quiet_from` and `quiet_to` are minutes of the day between
    which nothing rings, alike for never; `remind_after` is in minutes, 0 for never. `check_at` is the minute of the day
    at which its sales are compared with the providers' lists, -1 for never.
    `port` 0 takes any free one. `known_url` is the last address of ngrok's that every provider was given; `own_url` the
    one of an owner who brings an address. `ngrok_is_free` warns before the free requests of a month are used up.
    `targets` are the places that steps of rules send to, and `letters`
    what e-mails say. `popular` is what the owner chose for the public page of popular items. `home` says whether the
    shop works in this copy of it. `ledger` is the URL of the database that it was moved to,
    empty for the file in the folder.
    """

    id: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{16}$")] = ""
    setup_done: bool = False
    shop_name: str = ""
    look: Look = Look.SYSTEM
    compact_rows: bool = False
    fewer_animations: bool = False
    bell: bool = True
    popups: bool = True
    hide_details: bool = False
    quiet_until: Instant = 0
    quiet_from: Annotated[int, msgspec.Meta(ge=0, lt=1440)] = 0
    quiet_to: Annotated[int, msgspec.Meta(ge=0, lt=1440)] = 0
    remind_after: Annotated[int, msgspec.Meta(ge=0, le=1440)] = 0
    check_at: Annotated[int, msgspec.Meta(ge=-1, lt=1440)] = -1
    tunnel: TunnelKind = TunnelKind.NONE
    tunnel_domain: str = ""
    ngrok_is_free: bool = True
    tunnel_program: str = ""
    own_url: str = ""
    known_url: str = ""
    targets: tuple[Target, ...] = ()
    letters: tuple[Letter, ...] = ()
    popular: PopularPage = field(default_factory=PopularPage)
    home: Home = field(default_factory=Home)
    port: Annotated[int, msgspec.Meta(ge=0, le=65535)] = 0
    ledger: str = ""


def fresh() -> Settings:
    """The defaults, with a new random `id`."""
    return Settings(id=secrets.token_hex(8))


def load(file: Path) -> tuple[Settings, UserError | None]:
    """The settings in `file`, and what to tell the owner if they could not be read whole.

    Without a file the settings are fresh, and saved at once so that their `id` stays. A broken file is kept beside it
    under another name. Names that this version does not know are passed over; a value that does not fit gives way to
    its default. Raises `UserError` only if the data folder cannot be read or written.
    """
    try:
        if not file.exists():
            settings = fresh()
            # Another process may be here for the first time too, and there is one id for both.
            with contextlib.suppress(FileExistsError):
                write_first(file, _encoded(settings))
                return settings, None
        settings, whole = _read(file.read_bytes())
        if whole:
            return settings, None
        file.replace(file.with_name(f"{file.stem}-broken-{now()}{file.suffix}"))
    except OSError as error:
        raise unwritable(file.parent, error) from error
    save(file, settings)
    return settings, UserError(
        say("Some of ShopWatch’s settings could not be read and were set back."),
        say("Look through the settings once; the old file was kept in {folder}.", folder=file.parent),
        code="settings-broken",
    )


def save(file: Path, settings: Settings) -> None:
    """Write `settings` whole and durably, for this user only (0600). Raises `UserError` if that cannot be done."""
    try:
        write_whole(file, _encoded(settings))
    except OSError as error:
        raise unwritable(file.parent, error) from error


def changed(old: Settings, new: Settings) -> frozenset[str]:
    """The names of the settings whose values differ."""
    return frozenset(each.name for each in fields(Settings) if getattr(old, each.name) != getattr(new, each.name))


def written_values(settings: Settings, names: Iterable[str]) -> dict[str, str]:
    """The JSON text of each of these settings, by its name."""
    values = asdict(settings)
    return {name: msgspec.json.encode(values[name]).decode() for name in names}


def read_values(written: Mapping[str, str]) -> dict[str, Any]:
    """What was written; what is unknown here, or does not fit, is passed over."""
    kinds = get_type_hints(Settings, include_extras=True)
    found: dict[str, Any] = {}
    for name in written.keys() & kinds.keys():
        with contextlib.suppress(msgspec.DecodeError):
            found[name] = msgspec.json.decode(written[name], type=kinds[name])
    return found


def _encoded(settings: Settings) -> bytes:
    return msgspec.json.format(msgspec.json.encode(asdict(settings)))


def _read(raw: bytes) -> tuple[Settings, bool]:
    """The settings that `raw` holds, and whether everything in it could be used."""
    try:
        values = msgspec.json.decode(raw, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        # Without its id every stored secret would be orphaned, so it is looked for even in broken text.
        found = _ID.search(raw.decode("latin-1"))
        return replace(fresh(), id=found[1]) if found else fresh(), False
    known: dict[str, Any] = {}
    whole = True
    for name, kind in get_type_hints(Settings, include_extras=True).items():
        if name in values:
            try:
                known[name] = msgspec.convert(values[name], kind)
            except msgspec.ValidationError:
                whole = False
    return replace(fresh(), **known), whole and "id" in known
