"""How this shop asks its providers: one courier, and who asks by it, made when they are first needed."""

from typing import TYPE_CHECKING

from shopwatch.secrets.api_keys import ApiKeys

if TYPE_CHECKING:
    from shopwatch.recovery.api_client import Asker
    from shopwatch.recovery.api_transport import Courier
    from shopwatch.recovery.certificates import Certificates


class ApiAccess:
    """`given` is the courier, where it is not the usual one."""

    def __init__(self, keys: ApiKeys, given: "Courier | None" = None) -> None:
        self._keys = keys
        self._given = given
        self._courier: Courier | None = None
        self._certificates: Certificates | None = None

    def courier(self) -> "Courier":
        """Whoever carries questions to providers, whatever is asked."""
        from shopwatch.recovery.api_transport import Courier

        if self._courier is None:
            self._courier = self._given or Courier()
        return self._courier

    def asker(self) -> "Asker":
        """Whoever asks by the API keys of the sources."""
        from shopwatch.recovery.api_client import Asker

        return Asker(self._keys, self.courier())

    def certificates(self) -> "Certificates":
        """Whoever fetches the certificates by which providers sign."""
        from shopwatch.recovery.certificates import Certificates

        if self._certificates is None:
            self._certificates = Certificates(self._given, keys=self._keys)
        return self._certificates

    async def close(self) -> None:
        """Let go of all connections; what is asked afterwards opens them anew."""
        courier, self._courier = self._courier, None
        if courier is not None:
            await courier.close()
        certificates, self._certificates = self._certificates, None
        if certificates is not None:
            await certificates.close()
