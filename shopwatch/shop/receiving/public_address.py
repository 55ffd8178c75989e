"""The public address of the shop: chosen, opened, and known to the providers."""

import asyncio

from shopwatch.domain.connection.allowance import running_out
from shopwatch.domain.connection.reach import TunnelKind, TunnelState
from shopwatch.domain.errors import UserError
from shopwatch.domain.facts import Bus, EndpointsChanged, TunnelChanged
from shopwatch.domain.i18n import say
from shopwatch.domain.source import Source
from shopwatch.host.paths import meant
from shopwatch.ledger.sources.endpoints import EndpointBook
from shopwatch.providers import provider, provider_name
from shopwatch.secrets.secret_store import SecretStore
from shopwatch.settings.store import SettingsStore
from shopwatch.shop.receiving.receiver import Receiver
from shopwatch.shop.sources.source_registry import SourceRegistry


class PublicAddress:
    """What the owner chooses, what `receiver` has opened by it, and which provider has which in the ledger's `book`.

    Keeps the first address that ngrok gives, and goes over to another once all providers surely have that one.
    """

    def __init__(
        self,
        settings: SettingsStore,
        secrets: SecretStore,
        receiver: Receiver,
        *,
        sources: SourceRegistry,
        book: EndpointBook,
        bus: Bus,
        locale: str,
    ) -> None:
        self._settings = settings
        self._secrets = secrets
        self._receiver = receiver
        self._sources = sources
        self._book = book
        self._locale = locale
        bus.listen(TunnelChanged, self._on_tunnel_changed)
        bus.listen(EndpointsChanged, self._on_endpoints_changed)

    async def choose(
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

        settings = self._settings.current
        own_url = parse_address(url) if kind is TunnelKind.OWN else settings.own_url
        if domain is None:
            domain = settings.tunnel_domain
        elif domain and domain != settings.tunnel_domain:
            domain = parse_address("https://" + domain.strip().removeprefix("https://")).removeprefix("https://")
        program = settings.tunnel_program if program is None else _ngrok_program(program)
        if token is not None:
            await self._secrets.set_tunnel_token(token)
        moved = kind is TunnelKind.NGROK and (token is not None or domain != settings.tunnel_domain)
        self._settings.change(
            tunnel=kind,
            known_url="" if moved else settings.known_url,
            own_url=own_url,
            tunnel_domain=domain,
            tunnel_program=program,
        )
        await self._receiver.reopen()

    @property
    def allowance_problem(self) -> UserError | None:
        """What the owner should know of what is left of ngrok's free requests."""
        if self._settings.current.tunnel is not TunnelKind.NGROK or not self._settings.current.ngrok_is_free:
            return None
        return running_out(self._receiver.requests_used, self._locale)

    def of(self, source: Source) -> str:
        """The whole public address of this source, to be given to its provider; empty while there is none.

        Where the secret stands in the address, the owner has to write it behind this.
        """
        base, known = self.base, provider(source.provider)
        ending = known.described(source.options).ending if known else ""
        return base + source.path + ending if base else ""

    @property
    def base(self) -> str:
        """The public address that is open, or was or will be; empty while there is none."""
        known, own = self._settings.current.known_url, self._settings.current.own_url
        chosen = own or known if self._settings.current.tunnel is TunnelKind.OWN else known or own
        return (self._receiver.tunnel.public_url or chosen).rstrip("/")

    def every_one_of(self, source: Source) -> tuple[str, ...]:
        """Every address that this source has or had, as far as it is known."""
        bases = (
            self._receiver.tunnel.public_url,
            self._receiver.tunnel.previous_url,
            self._settings.current.known_url,
            self._settings.current.own_url,
        )
        return tuple(base.rstrip("/") + source.path for base in dict.fromkeys(bases) if base)

    @property
    def stale(self) -> tuple[Source, ...]:
        """Those whose provider still has an old public address, and is told of the new one by the owner or nobody."""
        return tuple(each for each in self._behind_former() if not self._follows_settings(each))

    async def note_told(self, source_id: str) -> None:
        """The owner has given the present public address to this provider. Raises UserError."""
        source = self._sources.known(source_id)
        if self._receiver.tunnel.kind is TunnelKind.NONE or not self.base:
            raise no_address(source)
        await self._book.note_address((source_id,), self.base)

    def _public_base(self) -> str:
        """The public address that is open now, or empty."""
        tunnel = self._receiver.tunnel
        open_now = tunnel.state in (TunnelState.ONLINE, TunnelState.URL_CHANGED)
        return tunnel.public_url.rstrip("/") if open_now and tunnel.kind is not TunnelKind.NONE else ""

    def _behind_former(self) -> list[Source]:
        from shopwatch.providers.polling import POLL

        base, told = self._public_base(), self._book.addresses
        if not base:
            return []
        return [each for each in self._sources.all if told.get(each.id, base) != base and not each.options.get(POLL)]

    def _everybody_told(self) -> bool:
        """Whether every provider surely has the public address that is open now."""
        return self._book.addresses.keys() >= {each.id for each in self._sources.all} and not self._behind_former()

    def _follows_settings(self, source: Source) -> bool:
        if (known := self._book.registered.get(source.id)) is None:
            return False
        from shopwatch.providers.api_kit.endpoints import follows

        return follows(known)

    def _on_tunnel_changed(self, fact: TunnelChanged) -> None:
        # The first address that ngrok gives is the one the owner copies; a later one is `url-changed`.
        if fact.status.kind is TunnelKind.NGROK and fact.status.state is TunnelState.ONLINE:
            self._settings.change(known_url=fact.status.public_url)
        elif fact.status.state is TunnelState.URL_CHANGED:
            asyncio.get_running_loop().call_soon(self._settle_address)  # others hear of this state first

    def _on_endpoints_changed(self, _: EndpointsChanged) -> None:
        self._settle_address()

    def _settle_address(self) -> None:
        if self._receiver.hears and self._receiver.tunnel.state is TunnelState.URL_CHANGED and self._everybody_told():
            self._receiver.accept_url()


def no_address(source: Source) -> UserError:
    return UserError(
        say("There is no public address yet that {provider} could be told.", provider=provider_name(source)),
        say("Choose one in Settings, then try again."),
        code="no-address",
    )


def _ngrok_program(named: str) -> str:
    """The place of the program, whatever folder ShopWatch is started in later. Raises UserError if it is no file."""
    from shopwatch.tunnel.program import refuse_no_file

    if not named:
        return ""
    place = meant(named)
    refuse_no_file(place)
    return str(place)
