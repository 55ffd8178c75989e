"""What `doctor` asks of Python, the data folder, the password store and the clock."""

import sys

from shopwatch.domain.check import Check
from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import say
from shopwatch.domain.instant import Instant
from shopwatch.host.paths import Paths
from shopwatch.runtime.clock import now
from shopwatch.secrets.vault.vault import Vault

_NEWEST_BUT_ONE, _NEWEST = (3, 12), (3, 13)

_EARLIEST: Instant = 1_764_547_200_000
_LATEST: Instant = 4_102_444_800_000


def check_python(version: tuple[int, int, int] = sys.version_info[:3]) -> Check:
    """Whether ShopWatch runs well on this Python."""
    text = ".".join(map(str, version))
    if _NEWEST_BUT_ONE <= version[:2] <= _NEWEST:
        return Check("python", True, say("Python {version} runs ShopWatch.", version=text))
    return Check(
        "python",
        False,
        say("Python {version} does not run ShopWatch well; it needs 3.12 or 3.13.", version=text),
        say("Install ShopWatch again as its README says; that fetches the right one."),
    )


def check_data_folder(paths: Paths) -> Check:
    """Whether the ledger is safe in the data folder and can be written there. Creates the folder if need be."""
    try:
        paths.prepare()
    except UserError as error:
        return Check("data-folder", False, error.title, error.hint)
    return Check("data-folder", True, say("The data folder is {folder}.", folder=paths.data_dir))


async def check_vault(vault: Vault) -> Check:
    """Whether the password store keeps, gives back and forgets a value."""
    try:
        await vault.check()
    except UserError as error:
        return Check("keyring", False, error.title, error.hint)
    store = vault.name or vault.backend
    return Check("keyring", True, say("{store} keeps, gives back and forgets secrets.", store=store))


def check_clock(at: Instant | None = None, problem: UserError | None = None) -> Check:
    """Whether the clock shows a time that can be, and what a server outside has said of it: `problem` if it is off."""
    instant = now() if at is None else at
    if problem is not None:
        return Check("clock", False, problem.title, problem.hint)
    if _EARLIEST < instant < _LATEST:
        return Check("clock", True, say("The clock shows a time that can be."))
    return Check(
        "clock",
        False,
        say("This computer’s clock is years off. Messages look too old or too new because of it."),
        say("Set the clock to automatic."),
    )
