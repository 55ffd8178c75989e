"""What the Secret Service (GNOME Keyring, KWallet 6, KeePassXC) says of itself, and the door it opens on request.

keyring would prompt wherever it finds the store locked; a receiver must not, so its state is asked here first.
"""

from contextlib import closing, suppress

import psutil

_DEFAULT = "/org/freedesktop/secrets/aliases/default"

_NAMES = {"gnome-keyring": "GNOME Keyring", "kwallet": "KWallet", "ksecret": "KWallet", "keepassxc": "KeePassXC"}


def is_open(path: str | None) -> bool:
    """Whether the collection at this D-Bus path (None: the default one) is there and unlocked.

    Never prompts; starts a store that this desktop starts on demand.
    """
    import secretstorage  # noqa: PLC0415 - Linux only, and late: the first window does not need it

    with closing(secretstorage.dbus_init()) as bus:
        try:
            return not secretstorage.Collection(bus, path or _DEFAULT).is_locked()
        except secretstorage.ItemNotFoundException:
            return False


def unlocked(path: str | None, seconds: float) -> bool:
    """Let the store ask the owner to unlock the collection, or to make the default one; whether it is open then.

    Gives up on an owner who does not answer within `seconds`.
    """
    import secretstorage  # noqa: PLC0415 - as above

    with closing(secretstorage.dbus_init()) as bus:
        try:
            found = secretstorage.Collection(bus, path or _DEFAULT)
        except secretstorage.ItemNotFoundException:
            found = secretstorage.create_collection(bus, "Default", "default")
        if found.is_locked():
            with suppress(TimeoutError):
                found.unlock(timeout=seconds)
        return not found.is_locked()


def program_name() -> str:
    """The name of the program that answers for the Secret Service, which has been asked before; "" if unknown."""
    import secretstorage  # noqa: PLC0415 - as above
    from secretstorage.util import BUS_NAME, DBusAddressWrapper  # noqa: PLC0415 - Linux only

    with closing(secretstorage.dbus_init()) as bus:
        daemon = DBusAddressWrapper("/org/freedesktop/DBus", "org.freedesktop.DBus", bus)
        daemon.bus_name = "org.freedesktop.DBus"
        (pid,) = daemon.call("GetConnectionUnixProcessID", "s", BUS_NAME)
    try:
        program = psutil.Process(pid).name()
    except psutil.Error:
        return ""
    return next((name for start, name in _NAMES.items() if program.startswith(start)), "")
