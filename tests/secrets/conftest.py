from collections.abc import Callable, Iterator

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import SecretService

from tests.secrets.password_store import PasswordStore


@pytest.fixture
def choose() -> Iterator[Callable[[KeyringBackend], None]]:
    """Makes keyring use the given backend, by its own public door, for one test."""
    before = keyring.get_keyring()
    yield keyring.set_keyring
    keyring.set_keyring(before)


@pytest.fixture
def password_store(
    gnome_keyring: PasswordStore, monkeypatch: pytest.MonkeyPatch, choose: Callable[[KeyringBackend], None]
) -> Iterator[PasswordStore]:
    """The real store, unlocked, reached from this process; unlocked again afterwards."""
    for name in ("DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR"):
        monkeypatch.setenv(name, gnome_keyring.env[name])
    choose(SecretService.Keyring())  # type: ignore[no-untyped-call]
    yield gnome_keyring
    gnome_keyring.unlock()
