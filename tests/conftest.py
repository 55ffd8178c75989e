"""What every test stands on: no screen, and nothing of the developer's own home, desktop or password store."""

import gc
import logging
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from shopwatch.host.paths import Paths
from shopwatch.secrets import redaction
from tests import browser as chromium
from tests.desktop.session import Session, desktop_session, missing_programs
from tests.secrets import password_store
from tests.secrets.password_store import PasswordStore

# How hard properties are tried. How long an example takes says more of the machine than of ShopWatch.
settings.register_profile("everyday", max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("nightly", settings.get_profile("everyday"), max_examples=10_000)
settings.load_profile(os.environ.get("SHOPWATCH_HYPOTHESIS", "everyday"))

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # Tests that were begun in the background would hand that on to every program they start, and Ctrl-C to none.
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, so that no worker ends long after the other."""
    items.sort(key=lambda item: not item.nodeid.startswith(("tests/desktop/", "tests/package/")))


def pytest_collection_finish() -> None:
    """No look for garbage needs to walk through what stays to the end."""
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("HOME", str(home))
        for name in ("CONFIG", "DATA", "STATE", "CACHE"):
            environment.setenv(f"XDG_{name}_HOME", str(home / name.lower()))
        environment.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
        for name in ("DBUS_SESSION_BUS_ADDRESS", "SHOPWATCH_DATA_DIR", "SHOPWATCH_DATABASE_URL", "PYNGROK_NGROK_PATH"):
            environment.delenv(name, raising=False)
        yield


@pytest.fixture(scope="session")
def desktop_programs() -> None:
    _need("desktop session", missing_programs())


@pytest.fixture(scope="session")
def browser() -> None:
    _need("browser", chromium.missing_programs())


@pytest.fixture(scope="module")
def module_keyring(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PasswordStore]:
    _need("password store", password_store.missing_programs())
    with password_store.running_store(tmp_path_factory.mktemp("keyring")) as store:
        yield store


@pytest.fixture
def gnome_keyring(module_keyring: PasswordStore) -> PasswordStore:
    """A real password store, unlocked, that only processes with its `env` reach."""
    return module_keyring


def _need(what: str, missing: list[str]) -> None:
    if missing:
        reason = f"no real {what} without {', '.join(missing)}: run `make setup`"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    """A data folder that is ready."""
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
def desktop(desktop_programs: None) -> Iterator[Session]:
    """A whole desktop session of its own, with nothing of ShopWatch in it yet."""
    with desktop_session() as running:
        yield running


@pytest.fixture(autouse=True)
def no_secret_seen() -> Iterator[None]:
    """Each test begins as a program does; the secrets of thousands of others would be looked for in all it writes."""
    with pytest.MonkeyPatch.context() as memory:
        memory.setattr(redaction, "_known", set())
        memory.setattr(redaction, "_redactor", None)
        yield


@pytest.fixture(autouse=True)
def quiet_log(request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Fails a test during which ShopWatch warned into its log, unless the test is marked `loud`."""
    yield
    if request.node.get_closest_marker("loud") is None:
        loud = [record for record in caplog.get_records("call") if record.levelno >= logging.WARNING]
        assert not loud, "unlooked-for warnings in the log: " + "; ".join(record.getMessage() for record in loud)
