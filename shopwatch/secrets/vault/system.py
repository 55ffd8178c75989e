"""The operating system's password store, by keyring. The only file that imports keyring."""

import contextlib
import logging
import secrets
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from shopwatch.domain.errors import UserError
from shopwatch.runtime.worker_thread import WorkerThread
from shopwatch.secrets.vault import failures, secret_service

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

_log = logging.getLogger(__name__)

_SECRET_SERVICE = "keyring.backends.SecretService"  # noqa: S105 - a module's name
_KWALLET = "keyring.backends.kwallet"
_WINDOWS = "keyring.backends.Windows"
_MACOS = "keyring.backends.macOS"
_STORES = {
    "linux": (f"{_SECRET_SERVICE}.Keyring", f"{_KWALLET}.DBusKeyring", f"{_KWALLET}.DBusKeyringKWallet4"),
    "darwin": (f"{_MACOS}.Keyring",),
    "win32": (f"{_WINDOWS}.WinVaultKeyring",),
}
_NAMES = {_KWALLET: "KWallet", _WINDOWS: "Windows Credential Manager", _MACOS: "macOS Keychain"}

# Windows keeps at most 2,560 bytes an item, and keyring writes UTF-16 (keyring #355).
_WINDOWS_CHARACTERS = 1_280

_SERVICE = "ShopWatch"
_CHECK_ITEM = "check"


class KeyringVault:
    """Items "`scope`/name" of the service "ShopWatch" in the best store that this system has.

    Stores that keep nothing, or keep it readable in a file, count as none. `patience` is how many seconds the store
    may take; `prompt_patience` how many where it may first ask the owner to unlock.
    """

    def __init__(self, scope: str, *, patience: float = 8, prompt_patience: float = 60) -> None:
        self._scope = scope
        self._patience = patience
        self._prompt_patience = prompt_patience
        self._worker = WorkerThread("password store")
        self._store: KeyringBackend | None = None
        self._name = ""

    @property
    def name(self) -> str:
        return self._name

    @property
    def backend(self) -> str:
        return "" if self._store is None else f"{_module(self._store)}.{type(self._store).__qualname__}"

    async def get(self, name: str) -> str | None:
        return await self._do(lambda: self._get(self._open(), name), self._patience)

    async def set(self, name: str, value: str) -> None:
        await self._do(lambda: self._set(self._open(may_ask=True), name, value), self._prompt_patience)

    async def forget(self, name: str) -> None:
        await self._do(lambda: self._forget(self._open(may_ask=True), name), self._prompt_patience)

    async def check(self) -> None:
        await self._do(lambda: self._check(self._open()), self._patience)

    async def unlock(self) -> None:
        await self._do(lambda: self._check(self._open(may_ask=True)), self._prompt_patience)

    async def _do[Result](self, work: Callable[[], Result], seconds: float) -> Result:
        try:
            return await self._worker.do(work, seconds)
        except TimeoutError as error:
            raise failures.slow() from error

    # From here on, on the worker's thread.

    def _open(self, *, may_ask: bool = False) -> "KeyringBackend":
        """The store, ready for use. Unless `may_ask`, a locked one is an outage before it could show its prompt."""
        with _translated():
            store = self._store or _find()
            is_service = _module(store) == _SECRET_SERVICE
            path = getattr(store, "preferred_collection", None)
            is_open = not is_service or secret_service.is_open(path)
            if self._store is None:
                self._name = secret_service.program_name() if is_service else _NAMES.get(_module(store), "")
                self._store = store
            if not is_open and may_ask:
                is_open = secret_service.unlocked(path, 0.9 * self._prompt_patience)
            if not is_open:
                raise failures.locked()
        return store

    def _get(self, store: "KeyringBackend", name: str) -> str | None:
        with _translated():
            value = store.get_password(_SERVICE, self._item(name))
        if value is None and _module(store) != _SECRET_SERVICE:
            # KWallet says None while it is locked (keyring #327): only a store that still keeps things is believed.
            self._check(store)
        return value

    def _set(self, store: "KeyringBackend", name: str, value: str) -> None:
        limit = _WINDOWS_CHARACTERS if _module(store) == _WINDOWS else None
        if limit is not None and len(value.encode("utf-16-le", "surrogatepass")) > 2 * limit:
            raise failures.too_long(limit)
        with _translated(limit):
            store.set_password(_SERVICE, self._item(name), value)
            held = store.get_password(_SERVICE, self._item(name))
        if held != value:
            raise failures.locked() if _module(store) == _KWALLET else failures.forgets()

    def _forget(self, store: "KeyringBackend", name: str) -> None:
        with _translated():
            if store.get_password(_SERVICE, self._item(name)) is not None:
                store.delete_password(_SERVICE, self._item(name))

    def _check(self, store: "KeyringBackend") -> None:
        self._set(store, _CHECK_ITEM, secrets.token_hex(16))
        self._forget(store, _CHECK_ITEM)

    def _item(self, name: str) -> str:
        return f"{self._scope}/{name}"


def _module(store: "KeyringBackend") -> str:
    return type(store).__module__


def _find() -> "KeyringBackend":
    """The store that the owner named to keyring, else this system's best.

    Raises `Outage` unless it keeps secrets as they must be kept.
    """
    from keyring import core  # noqa: PLC0415 - 40 ms that the first window does not need
    from keyring.backends import chainer, fail, null  # noqa: PLC0415 - the same

    # keyring remembers for ever that it found none; the owner may have switched one on since.
    store: KeyringBackend | None = vars(core)["_keyring_backend"]
    if store is None or isinstance(store, fail.Keyring):
        try:
            store = core.load_env() or core.load_config() or _best()
        except (RuntimeError, ImportError, AttributeError) as error:
            # The configuration or PYTHON_KEYRING_BACKEND names a store that is not here.
            raise failures.absent() from error
        core.set_keyring(store)
    if isinstance(store, chainer.ChainerBackend):
        store = next(iter(store.backends), store)
    if isinstance(store, null.Keyring):
        raise failures.forgets()
    if store.priority < 1:
        # keyring's own line between stores it recommends and those that write files.
        raise failures.absent()
    return store


def _best() -> "KeyringBackend":
    """The store of this system that keyring prefers. To ask it for all of every system would start compilers: its macOS
    one looks for a library in whatever way the system at hand has.
    """
    from keyring import core  # noqa: PLC0415 - as above

    found = [core.load_keyring("keyring.backends.fail.Keyring")]
    for name in _STORES.get(sys.platform, _STORES["linux"]):
        with contextlib.suppress(Exception):  # each says in its own way that it cannot be used here
            found.append(core.load_keyring(name))
    return max(found, key=lambda store: store.priority)


@contextlib.contextmanager
def _translated(limit: int | None = None) -> Iterator[None]:
    try:
        yield
    except UserError:
        raise
    except Exception as error:
        failure = failures.of(error, limit=limit)
        if failure.code == "vault-refused":
            _log.warning("the password store refused", exc_info=error)
        raise failure from error
