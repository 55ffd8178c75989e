"""How the outside reaches the shop, as the owner chooses."""

from shopwatch.domain.allowance import running_out
from shopwatch.domain.errors import UserError
from shopwatch.domain.reach import TunnelKind
from shopwatch.settings.paths import meant
from shopwatch.settings.secrets import SecretStore
from shopwatch.settings.store import SettingsStore
from shopwatch.shop.receiver import Receiver


class Reaching:
    """A part of the facade; `Shop` is the whole."""

    settings: SettingsStore
    locale: str
    _secrets: SecretStore
    receiver: Receiver

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

        settings = self.settings.current
        own_url = parse_address(url) if kind is TunnelKind.OWN else settings.own_url
        if domain is None:
            domain = settings.tunnel_domain
        elif domain and domain != settings.tunnel_domain:
            domain = parse_address("https://" + domain.strip().removeprefix("https://")).removeprefix("https://")
        program = settings.tunnel_program if program is None else _program(program)
        if token is not None:
            await self._secrets.set_tunnel_token(token)
        moved = kind is TunnelKind.NGROK and (token is not None or domain != settings.tunnel_domain)
        self.settings.change(
            tunnel=kind,
            known_url="" if moved else settings.known_url,
            own_url=own_url,
            tunnel_domain=domain,
            tunnel_program=program,
        )
        await self.receiver.reopen()

    @property
    def allowance_problem(self) -> UserError | None:
        """What the owner should know of what is left of ngrok's free requests."""
        if self.settings.current.tunnel is not TunnelKind.NGROK or not self.settings.current.ngrok_is_free:
            return None
        return running_out(self.receiver.requests_used, self.locale)


def _program(named: str) -> str:
    """The place of the program, whatever folder ShopWatch is started in later. Raises UserError if it is no file."""
    from shopwatch.tunnel.program import refuse_no_file

    if not named:
        return ""
    place = meant(named)
    refuse_no_file(place)
    return str(place)
