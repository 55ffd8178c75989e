"""A real GNOME Keyring on a message bus of its own, in a home of its own."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import secretstorage
from jeepney.io.blocking import DBusConnection, open_dbus_connection
from secretstorage.defines import SS_PATH
from secretstorage.util import DBusAddressWrapper, add_match_rules, format_secret, open_session

# Without service folders nothing is started on demand: neither a second keyring, nor a prompt on somebody's screen.
BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={socket}</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""

PROGRAMS = ("dbus-daemon", "gnome-keyring-daemon")


def missing_programs() -> list[str]:
    return [program for program in PROGRAMS if shutil.which(program) is None]


@dataclass
class PasswordStore:
    """`env` leads a process to it; `process` is the keyring's own."""

    env: dict[str, str]
    process: subprocess.Popen[bytes]

    def _bus(self) -> DBusConnection:
        bus = open_dbus_connection(self.env["DBUS_SESSION_BUS_ADDRESS"])
        add_match_rules(bus)
        return bus

    def revive(self) -> bool:
        """Start the keyring again if it has ended by itself, as it does once in many hours; whether it had."""
        if self.process.poll() is None:
            return False
        self.process = keyring(self.env)
        _wait_until_open(self.env["DBUS_SESSION_BUS_ADDRESS"])
        return True

    def lock(self) -> None:
        with closing(self._bus()) as bus:
            secretstorage.get_default_collection(bus).lock()

    def unlock(self) -> None:
        """As the owner does by typing the password; the keyring's own prompter goes through the same door."""
        with closing(self._bus()) as bus:
            collection = secretstorage.get_default_collection(bus)
            password = format_secret(open_session(bus), b"pw", "text/plain")
            keyring = DBusAddressWrapper(SS_PATH, "org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface", bus)
            keyring.call("UnlockWithMasterPassword", "o(oayays)", collection.collection_path, password)

    def values(self) -> dict[str, str]:
        """What ShopWatch has in it, by the item's user name, asked of the store itself."""
        with closing(self._bus()) as bus:
            items = list(secretstorage.get_default_collection(bus).search_items({"service": "ShopWatch"}))
            return {item.get_attributes()["username"]: item.get_secret().decode() for item in items}


def _wait_until_open(address: str, seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    with closing(open_dbus_connection(address)) as bus:
        while not (secretstorage.check_service_availability(bus) and _is_open(bus)):
            assert time.monotonic() < deadline, "the password store did not start"
            time.sleep(0.02)


def _is_open(bus: DBusConnection) -> bool:
    try:
        return not secretstorage.Collection(bus).is_locked()
    except secretstorage.ItemNotFoundException:
        return False


def keyring(env: dict[str, str]) -> subprocess.Popen[bytes]:
    """The keyring's process, unlocked soon; whoever starts it ends it."""
    process = subprocess.Popen(
        ["gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets"],
        env=env,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    assert process.stdin is not None
    process.stdin.write(b"pw")
    process.stdin.close()
    return process


@contextmanager
def running_store(folder: Path) -> Iterator[PasswordStore]:
    """Started, with an unlocked collection, until the block ends."""
    run = folder / "run"
    run.mkdir(mode=0o700)
    config = folder / "bus.conf"
    config.write_text(BUS.format(socket=run / "bus"))
    env = {
        "PATH": os.environ["PATH"],
        "LANG": "C.UTF-8",
        "HOME": str(folder),
        "XDG_DATA_HOME": str(folder / "data"),
        "XDG_CONFIG_HOME": str(folder / "config"),
        "XDG_RUNTIME_DIR": str(run),
    }
    bus = subprocess.Popen(
        ["dbus-daemon", f"--config-file={config}", "--nofork", "--nopidfile", "--print-address"],
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert bus.stdout is not None
    try:
        env["DBUS_SESSION_BUS_ADDRESS"] = bus.stdout.readline().decode().strip()
        store = PasswordStore(env, keyring(env))
        try:
            _wait_until_open(env["DBUS_SESSION_BUS_ADDRESS"])
            yield store
        finally:
            store.process.kill()
            store.process.wait()
    finally:
        bus.kill()
        bus.wait()
        bus.stdout.close()
