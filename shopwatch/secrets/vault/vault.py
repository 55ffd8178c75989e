"""What every vault promises."""

from typing import Protocol


class Vault(Protocol):
    """Named text values. What it raises is an `Outage` (try again later) or a `UserError` (this value cannot be)."""

    @property
    def name(self) -> str:
        """The store as its owner knows it ("GNOME Keyring"); empty until it was found."""

    @property
    def backend(self) -> str:
        """The class that speaks with the store, for `secret list` and `doctor`; empty until it was found."""

    async def get(self, name: str) -> str | None:
        """The value, or None if the store surely holds none. Never asks the owner to unlock."""

    async def set(self, name: str, value: str) -> None:
        """Keep `value`, and return only once the store has given it back. May ask the owner to unlock."""

    async def forget(self, name: str) -> None:
        """Remove the value; one that is not there is forgotten already. May ask the owner to unlock."""

    async def check(self) -> None:
        """Return if the store keeps what it is given: writes a value, reads it back, forgets it. Never asks."""

    async def unlock(self) -> None:
        """Let the store ask the owner to unlock it, then check it."""
