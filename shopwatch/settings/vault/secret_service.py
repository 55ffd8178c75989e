"""What the Secret Service (GNOME Keyring, KWallet 6, KeePassXC) says of itself, asked without making it prompt."""

from contextlib import closing

import psutil

_NAMES = {
    "gnome-keyring": "GNOME Keyring",
    "kwallet": "KWallet",
    "ksecret": "KWallet",
    "keepassxc": "KeePassXC",
}


def is_open(collection: str | None = None) -> bool:
    """Whether the collection (by default the default one) is there and unlocked. Raises what secretstorage raises."""
    import secretstorage  # noqa: PLC0415 - Linux only, and late: the first window does not need it

    with closing(secretstorage.dbus_init()) as bus:
        try:
            found = secretstorage.Collection(bus, collection) if collection else secretstorage.Collection(bus)
            return not found.is_locked()
        except secretstorage.ItemNotFoundException:
            return False


def program_name() -> str:
    """The name of the program that answers for the Secret Service, or "" if we do not know it."""
    import secretstorage  # noqa: PLC0415 - as above
    from secretstorage.util import BUS_NAME, DBusAddressWrapper  # noqa: PLC0415

    with closing(secretstorage.dbus_init()) as bus:
        daemon = DBusAddressWrapper("/org/freedesktop/DBus", "org.freedesktop.DBus", bus)
        daemon.bus_name = "org.freedesktop.DBus"
        (pid,) = daemon.call("GetConnectionUnixProcessID", "s", BUS_NAME)
    try:
        program = psutil.Process(pid).name()
    except psutil.Error:
        return ""
    return next((name for start, name in _NAMES.items() if program.startswith(start)), "")
