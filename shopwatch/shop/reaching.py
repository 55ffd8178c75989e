"""How the outside reaches the shop, as the owner chooses."""

from typing import TYPE_CHECKING, Any

from shopwatch.domain.allowance import running_out
from shopwatch.domain.errors import UserError
from shopwatch.domain.reach import Reach, TunnelKind
from shopwatch.settings.secrets import SecretStore
from shopwatch.settings.settings import Settings

if TYPE_CHECKING:
    from shopwatch.shop.receiver import Receiver


class Reaching:
    """A part of the facade; `Shop` is the whole."""

    settings: Settings
    locale: str
    _secrets: SecretStore
    _receiver: "Receiver | None"

    def change_settings(self, **changes: Any) -> None:
        raise NotImplementedError

    async def set_tunnel(
        self, kind: TunnelKind, *, token: str | None = None, domain: str = "", program: str = "", url: str = ""
    ) -> None:
        """Choose how the outside reaches this computer; a running receiver opens it at once. Raises UserError."""
        from shopwatch.tunnel.own import parse_address

        own_url = parse_address(url) if kind is TunnelKind.OWN else self.settings.own_url
        if domain and domain != self.settings.tunnel_domain:
            domain = parse_address("https://" + domain.strip().removeprefix("https://")).removeprefix("https://")
        if token is not None:
            await self._secrets.set_tunnel_token(token)
        moved = kind is TunnelKind.NGROK and (token is not None or domain != self.settings.tunnel_domain)
        self.change_settings(
            tunnel=kind,
            known_url="" if moved else self.settings.known_url,
            own_url=own_url,
            tunnel_domain=domain if kind is TunnelKind.NGROK else self.settings.tunnel_domain,
            tunnel_program=program or self.settings.tunnel_program,
        )
        await self.reopen_address()

    async def reopen_address(self) -> None:
        """Open the public address anew, as the settings say."""
        if self._receiver is not None:
            await self._receiver.reopen(self.settings)

    @property
    def requests_used(self) -> int:
        """How many requests have come through ngrok this month; 0 where nobody counts."""
        return self._receiver.requests_used if self._receiver else 0

    @property
    def allowance_problem(self) -> UserError | None:
        """What the owner should know of what is left of ngrok's free requests."""
        if self.settings.tunnel is not TunnelKind.NGROK or not self.settings.ngrok_is_free:
            return None
        return running_out(self.requests_used, self.locale)

    async def check_address(self) -> Reach:
        """Ask the public address from outside, now."""
        return await self._receiver.check() if self._receiver else Reach()
