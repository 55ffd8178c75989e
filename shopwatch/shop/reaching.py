"""How the outside reaches the shop, as the owner chooses."""

from typing import TYPE_CHECKING, Any

from shopwatch.domain.allowance import running_out
from shopwatch.domain.errors import UserError
from shopwatch.domain.reach import Reach, TunnelKind
from shopwatch.settings.paths import meant
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
        self,
        kind: TunnelKind,
        *,
        token: str | None = None,
        domain: str | None = None,
        program: str | None = None,
        url: str = "",
    ) -> None:
        """Choose how the outside reaches this computer; a running receiver opens it at once.

        What is None stays as it is; an empty `domain` or `program` clears what was chosen before. Raises UserError.
        """
        from shopwatch.tunnel.own import parse_address

        settings = self.settings
        own_url = parse_address(url) if kind is TunnelKind.OWN else settings.own_url
        if domain is None:
            domain = settings.tunnel_domain
        elif domain and domain != settings.tunnel_domain:
            domain = parse_address("https://" + domain.strip().removeprefix("https://")).removeprefix("https://")
        program = settings.tunnel_program if program is None else _program(program)
        if token is not None:
            await self._secrets.set_tunnel_token(token)
        moved = kind is TunnelKind.NGROK and (token is not None or domain != settings.tunnel_domain)
        self.change_settings(
            tunnel=kind,
            known_url="" if moved else settings.known_url,
            own_url=own_url,
            tunnel_domain=domain,
            tunnel_program=program,
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


def _program(named: str) -> str:
    """The place of the program, whatever folder ShopWatch is started in later. Raises UserError if it is no file."""
    from shopwatch.tunnel.program import refuse_no_file

    if not named:
        return ""
    place = meant(named)
    refuse_no_file(place)
    return str(place)
