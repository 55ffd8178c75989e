"""How this shop asks its providers: one transport, and the client that asks by it, made when they are first needed."""

from typing import TYPE_CHECKING

from shopwatch.secrets.api_keys import ApiKeys

if TYPE_CHECKING:
    from shopwatch.recovery.api_client import ApiClient
    from shopwatch.recovery.api_transport import ApiTransport
    from shopwatch.recovery.certificates import Certificates


class ApiAccess:
    """`given` is the transport, where it is not the usual one."""

    def __init__(self, keys: ApiKeys, given: "ApiTransport | None" = None) -> None:
        self._keys = keys
        self._given = given
        self._transport: ApiTransport | None = None
        self._certificates: Certificates | None = None

    def transport(self) -> "ApiTransport":
        """Whoever carries questions to providers, whatever is asked."""
        from shopwatch.recovery.api_transport import ApiTransport

        if self._transport is None:
            self._transport = self._given or ApiTransport()
        return self._transport

    def api_client(self) -> "ApiClient":
        """Whoever asks by the API keys of the sources."""
        from shopwatch.recovery.api_client import ApiClient

        return ApiClient(self._keys, self.transport())

    def certificates(self) -> "Certificates":
        """Whoever fetches the certificates by which providers sign."""
        from shopwatch.recovery.certificates import Certificates

        if self._certificates is None:
            self._certificates = Certificates(self._given, keys=self._keys)
        return self._certificates

    async def close(self) -> None:
        """Let go of all connections; what is asked afterwards opens them anew."""
        transport, self._transport = self._transport, None
        if transport is not None:
            await transport.close()
        certificates, self._certificates = self._certificates, None
        if certificates is not None:
            await certificates.close()
