"""Every way in which a password store can fail, each with its own sentence."""

from shopwatch.domain.errors import Outage, UserError
from shopwatch.domain.i18n import phrase

# The numbers are Windows' own (winerror.h) and macOS' own (SecBase.h).
_WINDOWS_NOT_ENOUGH_MEMORY = 8
_WINDOWS_BAD_STUB_DATA = 1783
_MACOS_UNSIGNED = {-25293, -67030}
_MACOS_NO_INTERACTION = -25308
_LOCKED_MEANWHILE = "org.freedesktop.Secret.Error.IsLocked"


def locked() -> Outage:
    return Outage(
        phrase("Your password store is locked."),
        phrase("Unlock it so that ShopWatch can check messages."),
        code="vault-locked",
    )


def absent() -> Outage:
    return Outage(
        phrase("This computer has no password store that ShopWatch can use."),
        phrase("Install GNOME Keyring or KWallet, or switch it on; secrets are never written to a file."),
        code="vault-absent",
    )


def forgets() -> Outage:
    return Outage(
        phrase("Your password store forgets what it is given."),
        phrase("Choose another one in this computer’s keyring settings; ShopWatch cannot work with this one."),
        code="vault-forgets",
    )


def slow() -> Outage:
    return Outage(
        phrase("Your password store does not answer."),
        phrase("ShopWatch asks again. If it stays like this, sign out of this computer and in again."),
        code="vault-slow",
    )


def full() -> Outage:
    return Outage(
        phrase("Windows’ password store is full."),
        phrase("Remove entries that you no longer need in Credential Manager, then try again."),
        code="vault-full",
    )


def too_long(limit: int) -> UserError:
    return UserError(
        phrase("This is too long for Windows’ password store ({limit} characters).", limit=f"{limit:,}"),
        phrase("Check that you copied only the secret."),
        code="value-too-long",
    )


def unsigned() -> Outage:
    return Outage(
        phrase("This copy of ShopWatch is not signed, so macOS does not let it use the Keychain."),
        phrase("Install ShopWatch from its own download page."),
        code="vault-unsigned",
    )


def refused() -> Outage:
    return Outage(
        phrase("Your password store refused to work with ShopWatch."),
        phrase("Open the password store’s own program and see whether it works there. The log has the details."),
        code="vault-refused",
    )


def of(error: Exception, *, limit: int | None = None) -> UserError:
    """What a failure of keyring, or of a library below it, means for the owner.

    The libraries below are there on their own system only, so their failures are told by name and number.
    """
    chain = _chain(error)
    names = {kind.__name__ for link in chain for kind in type(link).__mro__}
    windows = {getattr(link, "winerror", None) for link in chain}
    said = {getattr(link, "name", None) for link in chain}
    statuses = {link.args[0] for link in chain if link.args and isinstance(link.args[0], int)}
    if statuses & _MACOS_UNSIGNED:
        return unsigned()
    if names & {"NoKeyringError", "SecretServiceNotAvailableException"}:
        return absent()
    if _MACOS_NO_INTERACTION in statuses or names & {"KeyringLocked", "LockedException", "PromptDismissedException"}:
        return locked()
    if _LOCKED_MEANWHILE in said:
        return locked()
    if limit is not None and _WINDOWS_BAD_STUB_DATA in windows:
        return too_long(limit)
    if _WINDOWS_NOT_ENOUGH_MEMORY in windows:
        return full()
    # InitError is how SecretService and KWallet say that nobody opened the store for us.
    return locked() if "InitError" in names else refused()


def _chain(error: BaseException | None) -> list[BaseException]:
    links: list[BaseException] = []
    while error is not None and error not in links:
        links.append(error)
        error = error.__cause__ or error.__context__
    return links
