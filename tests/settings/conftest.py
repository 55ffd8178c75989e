import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import SecretService

from shopwatch.settings.paths import Paths
from tests.settings.password_store import PasswordStore


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    paths = Paths(tmp_path / "data")
    paths.prepare()
    return paths


@pytest.fixture
def own_logging() -> Iterator[None]:
    """Puts the root logger back as it was, whatever the test configures."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    for handler in root.handlers[:]:
        if handler not in handlers:
            root.removeHandler(handler)
            handler.close()
    root.setLevel(level)
    logging.raiseExceptions = True


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
