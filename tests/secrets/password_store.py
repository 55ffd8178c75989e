"""A real GNOME Keyring on a message bus of its own, in a home of its own."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
import secretstorage
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import DBusConnection, open_dbus_connection
from secretstorage.defines import SS_PATH
from secretstorage.util import DBusAddressWrapper, add_match_rules, format_secret, open_session

# Nothing but the keyring is started on demand, in particular no prompt on somebody's screen.
BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={socket}</listen>
  <servicedir>{services}</servicedir>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""

NAME = "org.freedesktop.secrets"
SERVICE = f"""[D-BUS Service]
Name={NAME}
Exec=/bin/sh -c "printf pw | exec gnome-keyring-daemon --foreground --unlock --components=secrets"
"""

PROGRAMS = ("dbus-daemon", "gnome-keyring-daemon")


def missing_programs() -> list[str]:
    return [program for program in PROGRAMS if shutil.which(program) is None]


@dataclass(frozen=True)
class PasswordStore:
    """`env` leads a process to it. The keyring ends by itself once in many hours; the bus starts it for the next."""

    env: dict[str, str]

    def _bus(self) -> DBusConnection:
        bus = open_dbus_connection(self.env["DBUS_SESSION_BUS_ADDRESS"])
        add_match_rules(bus)
        return bus

    def wait_until_open(self, seconds: float = 15) -> None:
        deadline = time.monotonic() + seconds
        with closing(self._bus()) as bus:
            while not _is_open(bus):
                assert time.monotonic() < deadline, "the password store did not start"
                time.sleep(0.02)

    def send_signal(self, which: signal.Signals) -> None:
        """To the process that keeps the secrets now."""
        with closing(self._bus()) as bus:
            _pid(bus).send_signal(which)

    def end(self) -> None:
        """End the process that keeps the secrets now, if there is one, at once."""
        with closing(self._bus()) as bus, suppress(psutil.NoSuchProcess):
            process = _pid(bus)
            process.kill()
            process.wait()

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


def _is_open(bus: DBusConnection) -> bool:
    try:
        return not secretstorage.Collection(bus).is_locked()
    except secretstorage.ItemNotFoundException:
        return False


def _pid(bus: DBusConnection) -> psutil.Process:
    (pid,) = bus.send_and_get_reply(message_bus.GetConnectionUnixProcessID(NAME)).body
    if not isinstance(pid, int):
        raise psutil.NoSuchProcess(0)
    return psutil.Process(pid)


def configure_bus(folder: Path, socket: Path, *, keyring: bool = True) -> Path:
    """The configuration of a bus that listens at `socket`, and starts the keyring for whoever asks for it."""
    services = folder / "services"
    services.mkdir()
    if keyring:
        (services / f"{NAME}.service").write_text(SERVICE)
    config = folder / "bus.conf"
    config.write_text(BUS.format(socket=socket, services=services))
    return config


@contextmanager
def running_store(folder: Path) -> Iterator[PasswordStore]:
    """Started, with an unlocked collection, until the block ends."""
    run = folder / "run"
    run.mkdir(mode=0o700)
    config = configure_bus(folder, run / "bus")
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
        store = PasswordStore(env)
        try:
            store.wait_until_open()
            yield store
        finally:
            store.end()
    finally:
        bus.kill()
        bus.wait()
        bus.stdout.close()
