"""A vault for the demo and practice mode: what it holds is gone when the program ends."""

from shopwatch.domain.i18n import say


class MemoryVault:
    """Keeps values in this process only."""

    def __init__(self) -> None:
        self._held: dict[str, str] = {}

    @property
    def name(self) -> str:
        return say("this program’s memory")

    @property
    def backend(self) -> str:
        return f"{__name__}.{type(self).__name__}"

    async def get(self, name: str) -> str | None:
        return self._held.get(name)

    async def set(self, name: str, value: str) -> None:
        self._held[name] = value

    async def forget(self, name: str) -> None:
        self._held.pop(name, None)

    async def check(self) -> None:
        pass

    async def unlock(self) -> None:
        pass
