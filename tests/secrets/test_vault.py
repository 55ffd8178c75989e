import asyncio
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from jeepney import DBusAddress, DBusErrorResponse, new_error, new_method_call
from keyring.backend import KeyringBackend
from keyring.backends import fail, null
from keyring.errors import InitError, KeyringLocked, PasswordSetError

from shopwatch.domain.errors import Outage, UserError
from shopwatch.secrets.vault import KeyringVault, MemoryVault, Vault, failures
from tests.secrets.password_store import PasswordStore

_ASKED = new_method_call(DBusAddress("/item", "org.freedesktop.secrets"), "GetSecret")
"""Another program may lock the store between the search for a secret and its reading (Secret Service API, Errors)."""

type Choose = Callable[[KeyringBackend], None]


class HandMade(KeyringBackend):
    """A store in memory; `fate` is what happens before each call."""

    priority = 1

    def __init__(self, fate: Callable[[], None] = lambda: None) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.fate = fate
        self.held: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        self.fate()
        return self.held.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.fate()
        self.held[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self.fate()
        del self.held[service, username]


class FileStore(HandMade):
    """As keyrings.alt's plaintext store ranks itself."""

    priority = 0.5  # type: ignore[assignment]


class LikeWindows(HandMade):
    """Refuses what Windows refuses, as CredWrite does."""

    def set_password(self, service: str, username: str, password: str) -> None:
        if len(password.encode("utf-16-le")) > 2560:
            raise WinError(1783)
        super().set_password(service, username, password)


LikeWindows.__module__ = "keyring.backends.Windows"


class LockedWallet(HandMade):
    """KWallet while it is locked: no error, nothing kept, nothing found (keyring #327)."""

    def get_password(self, service: str, username: str) -> str | None:
        return None

    def set_password(self, service: str, username: str, password: str) -> None:
        pass


LockedWallet.__module__ = "keyring.backends.kwallet"


class WinError(Exception):
    """As pywin32-ctypes raises it: the number is in `winerror`."""

    def __init__(self, winerror: int) -> None:
        super().__init__(winerror, "CredWrite", "?")
        self.winerror = winerror


def raising(error: Exception) -> Callable[[], None]:
    def fate() -> None:
        raise error

    return fate


async def code_of(vault: Vault, name: str = "source/a") -> str:
    with pytest.raises(UserError) as failure:
        await vault.get(name)
    return failure.value.code


async def test_the_real_store_keeps_gives_back_and_forgets(password_store: PasswordStore) -> None:
    vault = KeyringVault("a1")
    await vault.check()
    assert (vault.name, vault.backend) == ("GNOME Keyring", "keyring.backends.SecretService.Keyring")
    assert await vault.get("source/a") is None
    await vault.set("source/a", "whsec_ä☃")
    assert await vault.get("source/a") == "whsec_ä☃"
    assert await KeyringVault("a2").get("source/a") is None, "another data folder must not see it"
    assert password_store.values() == {"a1/source/a": "whsec_ä☃"}
    await vault.forget("source/a")
    await vault.forget("source/a")
    assert password_store.values() == {}


async def test_a_locked_store_is_an_outage_without_a_prompt_and_works_again_once_unlocked(
    password_store: PasswordStore,
) -> None:
    vault = KeyringVault("b1")
    await vault.set("source/a", "secret")
    password_store.lock()
    assert await code_of(vault) == "vault-locked"
    for call in (vault.check(), vault.unlock(), vault.set("source/a", "other")):
        # No screen here, so the store's own prompt ends unanswered.
        with pytest.raises(Outage) as failure:
            await call
        assert failure.value.code == "vault-locked"
    password_store.unlock()
    assert await vault.get("source/a") == "secret"
    await vault.unlock()
    await vault.forget("source/a")


async def test_a_store_that_hangs_is_slow_at_once_for_later_calls_and_works_again_later(
    password_store: PasswordStore,
) -> None:
    await KeyringVault("c1").set("source/a", "secret")
    vault = KeyringVault("c1", patience=0.5, prompt_patience=10)
    turns: list[None] = []
    password_store.send_signal(signal.SIGSTOP)
    try:
        watch = asyncio.get_running_loop().create_task(heartbeat(turns))
        assert await code_of(vault) == "vault-slow"
        watch.cancel()
        with pytest.raises(Outage) as failure:
            vault.get("source/a").send(None)
        assert failure.value.code == "vault-slow"
    finally:
        password_store.send_signal(signal.SIGCONT)
    assert len(turns) > 2, "the loop must not wait for the store"
    async with asyncio.timeout(30):
        while True:
            try:
                assert await vault.get("source/a") == "secret"
                break
            except Outage:
                await asyncio.sleep(0.05)
    await KeyringVault("c1").forget("source/a")


async def heartbeat(turns: list[None]) -> None:
    while True:
        await asyncio.sleep(0.01)
        turns.append(None)


@pytest.mark.parametrize(
    ("store", "code"),
    [
        (fail.Keyring, "vault-absent"),
        (null.Keyring, "vault-forgets"),
        (FileStore, "vault-absent"),
        (LockedWallet, "vault-locked"),
    ],
)
async def test_a_store_that_cannot_be_trusted_is_refused(
    choose: Choose, store: Callable[[], KeyringBackend], code: str
) -> None:
    choose(store())
    vault = KeyringVault("d1")
    assert await code_of(vault) == code
    for call in (vault.check(), vault.unlock(), vault.set("source/a", "secret")):
        with pytest.raises(Outage) as failure:
            await call
        assert failure.value.code == code
        assert "secret" not in str(failure.value).replace("secrets", "")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (KeyringLocked("Failed to unlock the collection!"), "vault-locked"),
        (InitError("Failed to create the collection: Prompt dismissed."), "vault-locked"),
        (WinError(8), "vault-full"),
        (DBusErrorResponse(new_error(_ASKED, "org.freedesktop.Secret.Error.IsLocked")), "vault-locked"),
    ],
)
async def test_every_failure_of_a_store_has_its_own_sentence(choose: Choose, error: Exception, code: str) -> None:
    choose(HandMade(raising(error)))
    assert await code_of(KeyringVault("e1")) == code


async def test_a_failure_nobody_foresaw_has_a_calm_sentence_and_its_details_in_the_log(
    choose: Choose, caplog: pytest.LogCaptureFixture
) -> None:
    choose(HandMade(raising(PasswordSetError("the tenth of its kind"))))
    assert await code_of(KeyringVault("e2")) == "vault-refused"
    assert "the tenth of its kind" in caplog.text
    caplog.clear()


@pytest.mark.parametrize(
    ("status", "code"), [(-25293, "vault-unsigned"), (-67030, "vault-unsigned"), (-25308, "vault-locked")]
)
async def test_the_keychain_failures_are_told_by_their_number(choose: Choose, status: int, code: str) -> None:
    failure = PasswordSetError("Can't store password on keychain")
    failure.__cause__ = Exception(status, "Security Auth Failure")
    choose(HandMade(raising(failure)))
    assert await code_of(KeyringVault("f1")) == code


async def test_a_value_too_long_for_windows_is_refused_before_anything_is_written(choose: Choose) -> None:
    store = LikeWindows()
    choose(store)
    vault = KeyringVault("g1")
    with pytest.raises(UserError) as failure:
        await vault.set("source/a", "x" * 1281)
    assert not isinstance(failure.value, Outage)
    assert failure.value.code == "value-too-long"
    assert "1,280" in failure.value.title
    assert store.held == {}
    await vault.set("source/a", "x" * 1280)
    assert await vault.get("source/a") == "x" * 1280
    assert vault.name == "Windows Credential Manager"


async def test_a_failure_once_is_not_a_failure_for_ever(choose: Choose) -> None:
    store = HandMade(raising(KeyringLocked("no")))
    choose(store)
    vault = KeyringVault("h1")
    assert await code_of(vault) == "vault-locked"
    store.fate = lambda: None
    await vault.check()
    assert store.held == {}


async def test_work_that_nobody_waits_for_any_more_is_dropped(choose: Choose) -> None:
    hangs, free = threading.Event(), threading.Event()

    def fate() -> None:
        hangs.set()
        free.wait(60)

    store = HandMade(fate)
    choose(store)
    vault = KeyringVault("i1", patience=0.2, prompt_patience=0.2)
    first = asyncio.get_running_loop().create_task(vault.get("source/a"))
    assert await asyncio.to_thread(hangs.wait, 5)
    with pytest.raises(Outage):
        await vault.set("source/b", "secret")
    with pytest.raises(Outage):
        await first
    free.set()
    async with asyncio.timeout(30):
        while True:
            try:
                await vault.check()
                break
            except Outage:
                await asyncio.sleep(0.02)
    assert store.held == {}


async def test_the_memory_vault_keeps_the_same_promises() -> None:
    vault = MemoryVault()
    await vault.check()
    await vault.set("source/a", "secret")
    assert await vault.get("source/a") == "secret"
    await vault.forget("source/a")
    await vault.forget("source/a")
    assert await vault.get("source/a") is None


PROGRAM = """
import asyncio
from shopwatch.domain.errors import UserError
from shopwatch.secrets.vault import KeyringVault

async def main():
    vault = KeyringVault("z1")
    try:
        await vault.check()
    except UserError as error:
        print(error.code)
    else:
        print(vault.backend, vault.name)

asyncio.run(main())
"""


def found_by_a_process(env: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=env, capture_output=True, text=True, timeout=60, check=False
    )
    return done.stdout.strip()


def test_a_process_of_its_own_finds_the_store(gnome_keyring: PasswordStore) -> None:
    assert found_by_a_process(gnome_keyring.env) == "keyring.backends.SecretService.Keyring GNOME Keyring"


def test_a_store_that_runs_only_on_demand_is_started(gnome_keyring: PasswordStore) -> None:
    gnome_keyring.end()
    assert found_by_a_process(gnome_keyring.env) == "keyring.backends.SecretService.Keyring GNOME Keyring"


def test_without_a_message_bus_there_is_no_store_and_nothing_is_written(tmp_path: Path) -> None:
    env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path)}
    assert found_by_a_process(env) == "vault-absent"
    assert list(tmp_path.rglob("*")) == []


def test_a_program_can_end_while_the_store_hangs(gnome_keyring: PasswordStore) -> None:
    gnome_keyring.send_signal(signal.SIGSTOP)
    try:
        program = PROGRAM.replace('"z1"', '"z1", patience=0.5')
        done = subprocess.run(
            [sys.executable, "-c", program],
            env=gnome_keyring.env,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    finally:
        gnome_keyring.send_signal(signal.SIGCONT)
    assert (done.returncode, done.stdout.strip()) == (0, "vault-slow")


def test_a_store_named_in_the_environment_that_is_not_there_is_absent() -> None:
    env = os.environ | {"PYTHON_KEYRING_BACKEND": "keyrings.nowhere.Keyring"}
    assert found_by_a_process(env) == "vault-absent"


def test_every_code_is_its_own() -> None:
    made = [
        failures.locked(),
        failures.absent(),
        failures.forgets(),
        failures.slow(),
        failures.full(),
        failures.too_long(1280),
        failures.unsigned(),
        failures.refused(),
    ]
    assert len({each.code for each in made}) == len({each.title for each in made}) == len(made)
