"""The facade: what the owner can see and do, whatever shows it."""

import asyncio
import contextlib
import secrets as randomness
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from shopwatch.domain.clock import DAY, Instant, now
from shopwatch.domain.errors import UserError
from shopwatch.domain.event import Kind
from shopwatch.domain.facts import (
    Bus,
    DeliveryKept,
    LedgerChanged,
    Outcome,
    SaleRow,
    SettingsChanged,
    SourcesChanged,
    TunnelChanged,
    VaultChanged,
)
from shopwatch.domain.reach import Reach, TunnelKind, TunnelState, TunnelStatus
from shopwatch.domain.source import Secrets, Source, Tails
from shopwatch.domain.words import say
from shopwatch.ledger.ledger import Ledger
from shopwatch.ledger.people_query import PeopleCursor, PeoplePage, PersonDetail
from shopwatch.ledger.query import Cursor, DeliveryRow, Figures, InboxQuery, SaleDetail, SalesPage, SalesQuery, Tally
from shopwatch.providers import PROVIDERS, provider
from shopwatch.providers.addresses import ALLOW, BLOCK, checked_list
from shopwatch.settings.api_keys import ApiKeys
from shopwatch.settings.paths import Paths
from shopwatch.settings.secrets import SecretStore, tail
from shopwatch.settings.settings import Settings, changed, load, save
from shopwatch.settings.vault import Vault
from shopwatch.shop import export, running
from shopwatch.shop.catching_up import CatchingUp
from shopwatch.shop.duties import Duties
from shopwatch.shop.recheck import Recheck
from shopwatch.shop.storefront import Storefront

if TYPE_CHECKING:
    from shopwatch.providers.diagnosis import Diagnosis
    from shopwatch.providers.provider import Provider
    from shopwatch.recovery.certificates import Certificates
    from shopwatch.recovery.courier import Courier
    from shopwatch.shop.consultation import Consultation
    from shopwatch.shop.errands import Errands
    from shopwatch.shop.receiver import Receiver
    from shopwatch.shop.rehearsal import Rehearsed


class Shop(Duties, Storefront, CatchingUp):
    """One shop on one data folder.

    Built whole by `open_shop`. Without `start` it reads and changes what is stored, as the commands beside a running
    receiver do; `start` makes it hear. All methods belong to the loop's thread, and none blocks it.
    """

    def __init__(
        self,
        *,
        paths: Paths,
        settings: Settings,
        ledger: Ledger,
        vault: Vault,
        bus: Bus,
        locale: str,
        courier: "Courier | None" = None,
    ) -> None:
        self.paths = paths
        self.settings = settings
        self.bus = bus
        self.locale = locale
        self.sources: tuple[Source, ...] = ()
        self.heard: dict[str, Instant] = {}
        self.vault_problem: UserError | None = None
        self.ledger_problem: UserError | None = None
        self.notice: UserError | None = None
        """What the owner should hear of how the shop was found, such as settings that could not be read."""
        self.ledger = ledger
        self._vault = vault
        self._secrets = SecretStore(vault)
        self._api_keys = ApiKeys(vault)
        self._courier = courier
        self._certifier: Certificates | None = None
        self._receiver: Receiver | None = None
        self._errands: Errands | None = None
        self._settings_written = 0
        bus.listen(DeliveryKept, self._on_delivery_kept)
        bus.listen(VaultChanged, self._on_vault_changed)
        bus.listen(LedgerChanged, self._on_ledger_changed)
        bus.listen(TunnelChanged, self._on_tunnel_changed)

    async def load(self) -> None:
        """Read what the ledger knows of this shop's sources."""
        self.sources = await self.ledger.sources()

    async def start(self, *, port: int | None = None, tunnel: TunnelKind | None = None) -> int:
        """Begin to do what is owed, and to hear: the listener, then the public address, and its watch. Gives the port.

        The address opens in its own time; `TunnelChanged` tells. Raises UserError if the port is taken.
        """
        from shopwatch.shop.receiver import Receiver

        self._start_errands()
        self._public_page().start()
        self._receiver = Receiver(
            paths=self.paths,
            ledger=self.ledger,
            secrets=self._secrets,
            vault=self._vault,
            bus=self.bus,
            pages=self._public_page(),
            courier=self._courier,
            certificates=self._certificates(),
        )
        chosen = self.settings if tunnel is None else replace(self.settings, tunnel=tunnel)
        wanted = self.settings.port if port is None else port
        # Whoever brings an address of their own has told its proxy a port; only a tunnel of ours can follow another.
        movable = port is None and chosen.tunnel is not TunnelKind.OWN
        listening = await self._receiver.start(chosen, wanted, any_port=movable)
        if port is None and not self.settings.port:
            self.change_settings(port=listening)
        self._start_lookout()
        return listening

    async def stop(self) -> None:
        """Stop, in order: accept no more, answer what has come, close the public address, send no more."""
        await self._stop_catching_up()
        if self._receiver is not None:
            await self._receiver.stop()
            self._receiver = None
        if self._errands is not None:
            await self._errands.stop()
            self._errands = None
        await self._stop_page()

    def _start_errands(self) -> None:
        from shopwatch.shop.errands import Errands

        self._errands = Errands(
            paths=self.paths,
            ledger=self.ledger,
            secrets=self._secrets,
            bus=self.bus,
            letters=self._letters,
            page=self._public_page,
            settings=self._settings_now,
            change=lambda targets: self.change_settings(targets=targets),
            name_of=lambda source_id: self.source_names.get(source_id, source_id),
            locale=self.locale,
        )
        self._errands.start()

    async def close(self) -> None:
        """Stop, and close the ledger."""
        await self.stop()
        if self._certifier is not None:
            await self._certifier.close()
        await asyncio.to_thread(self.ledger.close)

    def change_settings(self, **changes: Any) -> None:
        """Save the settings with these values instead, and tell which names changed. Raises UserError.

        What a command beside this process has changed meanwhile stays.
        """
        before = self.settings
        stored, _ = load(self.paths.settings)
        self.settings = replace(stored, **changes)
        if self.settings != stored:
            save(self.paths.settings, self.settings)
        if names := changed(before, self.settings):
            self.bus.tell(SettingsChanged(names))

    def _settings_now(self) -> Settings:
        """The settings, with what a command beside this process has changed."""
        with contextlib.suppress(OSError):
            written = self.paths.settings.stat().st_mtime_ns
            if written != self._settings_written:
                self._settings_written = written
                self.change_settings()
        return self.settings

    @property
    def tunnel(self) -> TunnelStatus:
        """The public address as it is now; beside a running receiver, as that one knows it."""
        if self._receiver is not None:
            return self._receiver.tunnel
        other = running.read(self.paths)
        return other.tunnel if other else TunnelStatus(kind=self.settings.tunnel, since=now())

    @property
    def reach(self) -> Reach:
        return self._receiver.reach if self._receiver else Reach()

    @property
    def listening_since(self) -> Instant | None:
        return self._receiver.since if self._receiver else None

    @property
    def vault_name(self) -> str:
        """The password store as the owner knows it, such as GNOME Keyring."""
        return self._vault.name

    @property
    def vault_backend(self) -> str:
        return self._vault.backend

    @property
    def source_names(self) -> dict[str, str]:
        """What the owner calls each source, by its id."""
        return {each.id: each.name for each in self.sources}

    def address(self, source: Source) -> str:
        """The whole public address of this source, to be given to its provider; empty while there is none.

        Where the secret stands in the address, the owner has to write it behind this.
        """
        base = self.tunnel.public_url or self.settings.known_url or self.settings.own_url
        known = provider(source.provider)
        ending = known.described(source.options).ending if known else ""
        return base.rstrip("/") + source.path + ending if base else ""

    async def whole_address(self, source: Source) -> str:
        """The same with its secret behind it, where that stands in the address. Raises Outage."""
        address, known = self.address(source), provider(source.provider)
        if not address or known is None or not known.described(source.options).ending:
            return address
        return address + quote(next(iter((await self.secrets_of(source.id)).current), ""), safe="")

    async def page(self, query: SalesQuery, after: Cursor | None = None, limit: int = 100) -> SalesPage:
        return await self.ledger.page(query, after, limit)

    async def all_sales(self, query: SalesQuery) -> AsyncIterator[SaleRow]:
        """Every sale that fits, in the query's order."""
        after: Cursor | None = None
        while True:
            page = await self.ledger.page(query, after, 500)
            for row in page.rows:
                yield row
            if (after := page.next) is None:
                return

    async def sale(self, sale_id: int) -> SaleDetail | None:
        return await self.ledger.sale(sale_id)

    async def figures(self, since: Instant, until: Instant) -> Figures:
        return await self.ledger.figures(since, until)

    async def delivery(self, delivery_id: int) -> DeliveryRow | None:
        return await self.ledger.delivery(delivery_id)

    async def all_deliveries(self, query: InboxQuery) -> AsyncIterator[DeliveryRow]:
        """Every delivery that fits, the newest first."""
        after: int | None = None
        while rows := await self.ledger.deliveries(query, after, 200):
            for row in rows:
                yield row
            after = rows[-1].place

    async def deliveries(
        self, query: InboxQuery, after: int | None = None, limit: int = 100
    ) -> tuple[DeliveryRow, ...]:
        return await self.ledger.deliveries(query, after, limit)

    async def tally(self, sources: frozenset[str] = frozenset()) -> Tally:
        return await self.ledger.tally(sources)

    async def save_message(self, delivery_id: int, file: Path) -> None:
        """Write the message to `file`, byte for byte. Raises UserError."""
        row = await self.ledger.delivery(delivery_id)
        if row is None or row.body is None:
            raise UserError(say("This message is no longer kept."), code="message-gone")
        try:
            await asyncio.to_thread(file.write_bytes, row.body)
        except OSError as failure:
            raise _unwritable(file) from failure

    async def mark_inbox_seen(self, up_to: int) -> None:
        """The owner has looked at the messages up to this one."""
        await self.ledger.mark_inbox_seen(up_to)

    async def people(self, search: str = "", after: PeopleCursor | None = None, limit: int = 100) -> PeoplePage:
        return await self.ledger.people(search, after, limit)

    async def person(self, person_id: int) -> PersonDetail | None:
        return await self.ledger.person(person_id)

    async def forget_person(self, person_id: int) -> bool:
        """Remove who this person is; see `Ledger.forget_person`. Raises UserError."""
        return await self.ledger.forget_person(person_id)

    async def mark_seen(self, up_to: int) -> None:
        """The owner has looked at the sales up to this row."""
        await self.ledger.mark_seen(up_to)

    async def export(
        self, query: SalesQuery, file: Path, form: str, told: Callable[[int], None] = lambda _: None
    ) -> int:
        """Write the sales that fit to `file` as "csv", "xlsx" or "json"; how many. `told` hears how many so far.

        What was there before stays until all is written. Raises UserError.
        """
        try:
            return await export.write_file(self.all_sales(query), self.source_names, file, form, told)
        except OSError as failure:
            raise _unwritable(file) from failure

    async def add_source(self, provider_id: str, name: str = "", options: dict[str, str] | None = None) -> Source:
        """Connect a provider. Raises UserError if ShopWatch does not know it, or if `options` are wrong; without any
        they are still to be told.
        """
        known = provider(provider_id)
        if known is None:
            raise UserError(
                say("ShopWatch does not know the provider “{provider}”.", provider=provider_id),
                say("It knows {providers}.", providers=", ".join(each.id for each in PROVIDERS)),
                code="provider-unknown",
            )
        kept = _checked(known, options) if options is not None else {}
        added = await self.ledger.add_source(provider_id, name or known.name, kept)
        await self._sources_changed()
        return added

    async def remove_source(self, source_id: str) -> None:
        """Disconnect a source and forget its secrets; its sales stay."""
        await self.ledger.remove_source(source_id)
        await self._sources_changed()
        await self._secrets.forget(source_id)
        await self._api_keys.forget(source_id)

    async def set_options(self, source_id: str, options: dict[str, str]) -> None:
        """Replace all options of a source. Raises UserError if one is wrong; its code is "option-" and the key."""
        source = next(each for each in self.sources if each.id == source_id)
        known = provider(source.provider)
        await self.ledger.set_options(source_id, _checked(known, options) if known else options)
        await self._sources_changed()

    async def set_api_key(self, source_id: str, key: str) -> None:
        """Store the key by which this source's provider is asked for what its messages lack. Raises UserError."""
        from shopwatch.providers.api import unfit
        from shopwatch.providers.apis import api_of

        source = next(each for each in self.sources if each.id == source_id)
        api, known = api_of(source.provider), provider(source.provider)
        if api is None or known is None:
            raise UserError(
                say("ShopWatch has nothing to ask of {provider}.", provider=self._provider_name(source_id)),
                say("Its messages need no API key."),
                code="api-none",
            )
        if problem := unfit(api, known, key):
            raise problem
        await self._api_keys.write(source_id, key)
        await self._secrets_changed(source_id)

    async def forget_api_key(self, source_id: str) -> None:
        """Ask this source's provider for nothing any more."""
        await self._api_keys.forget(source_id)
        await self._secrets_changed(source_id)

    async def has_api_key(self, source_id: str) -> bool:
        """Raises Outage."""
        return await self._api_keys.read(source_id) is not None

    @property
    def clock_problem(self) -> UserError | None:
        """What is wrong with this computer's clock, as far as anybody outside has said."""
        return self._receiver.clock_problem if self._receiver else None

    @property
    def asking_problems(self) -> dict[str, UserError]:
        """What stands in the way of asking providers, by source id."""
        return self._receiver.asking_problems if self._receiver else {}

    async def set_secrets(self, source_id: str, secrets: tuple[str, ...], *, beside: bool = False) -> None:
        """Store what this source's messages are checked with; `beside` keeps those already there. Raises UserError."""
        held = await self._held(source_id) if beside else ()
        await self._secrets.write(source_id, Secrets(current=tuple(dict.fromkeys((*held, *secrets)))))
        await self._secrets_changed(source_id)

    async def rotate_secret(self, source_id: str, secret: str, *, keep_for: Instant = DAY) -> None:
        """Let `secret` sign from now on, and the present ones for `keep_for` more. Raises UserError."""
        await self._secrets.rotate(source_id, (secret,), now() + keep_for)
        await self._secrets_changed(source_id)

    async def forget_secrets(self, source_id: str) -> None:
        await self._secrets.forget(source_id)
        await self._secrets_changed(source_id)

    async def secrets_of(self, source_id: str) -> Secrets:
        """All secrets of a source; none if its sender has none. Raises Outage if the password store cannot be read or
        holds none."""
        source = next((each for each in self.sources if each.id == source_id), None)
        known = provider(source.provider) if source else None
        if source and known and known.described(source.options).secretless:
            return Secrets()
        return await self._secrets.read(source_id, self._provider_name(source_id))

    async def secret_tails(self, source_id: str) -> tuple[str, ...]:
        """The last 4 characters of each secret; none if there is no secret. Raises Outage."""
        return (await self.tails(source_id)).current

    async def _held(self, source_id: str) -> tuple[str, ...]:
        try:
            return (await self.secrets_of(source_id)).current
        except UserError as failure:
            if failure.code == "secret-missing":
                return ()
            raise

    async def tails(self, source_id: str) -> Tails:
        """The last 4 characters of each secret that counts now; none if there is no secret. Raises Outage."""
        try:
            held = await self.secrets_of(source_id)
        except UserError as failure:
            if failure.code == "secret-missing":
                return Tails()
            raise
        previous = tuple(map(tail, held.previous)) if now() < held.previous_until else ()
        return Tails(tuple(map(tail, held.current)), previous, held.previous_until if previous else 0)

    async def set_tunnel(
        self, kind: TunnelKind, *, token: str | None = None, domain: str = "", program: str = "", url: str = ""
    ) -> None:
        """Choose how the outside reaches this computer; a running receiver opens it at once. Raises UserError."""
        from shopwatch.tunnel.own import parse_address

        own_url = parse_address(url) if kind is TunnelKind.OWN else self.settings.own_url
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

    def accept_address(self) -> None:
        """The owner has given the new public address to the providers."""
        if self._receiver is not None:
            self._receiver.accept_url()

    async def check_address(self) -> Reach:
        """Ask the public address from outside, now."""
        return await self._receiver.check() if self._receiver else Reach()

    async def check_vault(self) -> UserError | None:
        """Let the owner unlock the password store, then read all secrets again; what is still wrong, or None."""
        try:
            await self._vault.unlock()
        except UserError as problem:
            self.bus.tell(VaultChanged(problem))
            return problem
        self.bus.tell(VaultChanged(None))
        if self._receiver is not None:
            await self._receiver.refresh()
        return self.vault_problem

    async def practise(self, source_id: str, kind: Kind | None = None, count: int = 1) -> None:
        """Ring practice messages: out through the public address and back. Raises UserError if one is not accepted."""
        async for rehearsed in self.rehearse(source_id, kind, count=count):
            rehearsed.insist()

    async def rehearse(
        self, source_id: str, kind: Kind | None = None, *, count: int = 1, rate: float = 0, url: str = ""
    ) -> AsyncIterator["Rehearsed"]:
        """The same, one by one with how each was answered, `rate` a second, to `url` if given.

        Without `kind` it is what the provider mostly tells. A refund or dispute comes after a practice sale of its own.
        Raises UserError.
        """
        from shopwatch.shop.rehearsal import rehearse

        source = next(each for each in self.sources if each.id == source_id)
        target = url or self.address(source)
        if not target:
            raise UserError(
                say("There is no address to send a practice sale to."),
                say("Start ShopWatch first, or name an address with --url."),
                code="no-address",
            )
        if url and not url.rstrip("/").endswith(source.path):
            target = url.rstrip("/") + source.path
        known = provider(source.provider)
        if known is None:
            raise UserError(say("This source was made by a newer ShopWatch."), code="provider-unknown")
        known = known.described(source.options)
        secret = next(iter((await self.secrets_of(source_id)).at(now())), "")
        told = kind or next(iter(known.practises), Kind.SALE)
        if told not in known.practises:
            raise UserError(
                say("{provider} sends no messages of this kind.", provider=known.name),
                say("It sends {kinds}.", kinds=", ".join(known.practises)),
                code="practice-kind",
            )
        kinds = (Kind.SALE, told) if told in (Kind.REFUND, Kind.DISPUTE) else (told,)
        nonces = await self.ledger.issue_practice(source_id, count * len(kinds))
        seed = randomness.randbits(48)
        async for each in rehearse(known, secret, kinds, target, nonces, rate=rate, seed=seed, options=source.options):
            yield each

    async def recheck(self) -> tuple[int, int]:
        """Judge the rejected messages again with the secrets of now; how many were checked, and how many now fit."""
        return await self._recheck().all()

    async def fits_now(self, delivery_id: int) -> bool:
        """Whether a rejected message fits the secrets of now; nothing is booked. Raises Outage."""
        return await self._recheck().fits(delivery_id)

    async def count_now(self, delivery_id: int) -> bool:
        """Book a rejected message that now fits, at its true time; whether it brought anything new. Raises Outage."""
        return await self._recheck().book(delivery_id)

    async def diagnose(self, delivery_id: int) -> "Diagnosis | None":
        """Why a rejected message is not believed; None if it is no longer kept. Raises Outage."""
        return await self._consultation().diagnose(delivery_id)

    async def diagnose_newest(self, source_id: str) -> "Diagnosis | None":
        """The same of the last rejected message of this source. Raises Outage."""
        query = InboxQuery(outcome=Outcome.REJECTED, sources=frozenset({source_id}))
        newest = await self.ledger.deliveries(query, None, 1)
        return await self.diagnose(newest[0].id) if newest else None

    async def mend(self, delivery_id: int) -> None:
        """Store the secrets with which a rejected message would fit. Raises UserError."""
        mended = await self._consultation().mended(delivery_id)
        if mended is None:
            raise UserError(
                say("No secret that ShopWatch knows fits this message."),
                say("Paste a new one, then check again."),
                code="nothing-fits",
            )
        source_id, secrets = mended
        await self._secrets.write(source_id, secrets)
        await self._secrets_changed(source_id)

    def _recheck(self) -> Recheck:
        sources = {each.id: each for each in self.sources}
        return Recheck(self.ledger, sources, self.secrets_of, self._certificates().certify)

    def _certificates(self) -> "Certificates":
        from shopwatch.recovery.certificates import Certificates

        self._certifier = self._certifier or Certificates(self._courier)
        return self._certifier

    def _consultation(self) -> "Consultation":
        from shopwatch.shop.consultation import Consultation

        return Consultation(self.ledger, {each.id: each for each in self.sources}, self.secrets_of, self._addresses)

    def _addresses(self, source: Source) -> tuple[str, ...]:
        """Every address that this source has or had, as far as it is known."""
        bases = (self.tunnel.public_url, self.tunnel.previous_url, self.settings.known_url, self.settings.own_url)
        return tuple(base.rstrip("/") + source.path for base in dict.fromkeys(bases) if base)

    async def put_secrets(self, items: dict[str, str]) -> None:
        """Put the secrets of a restored backup into the password store. Raises UserError."""
        await self._secrets.copy_in(items)

    async def backup(self, file: Path, passphrase: str = "") -> None:
        """Ledger and settings into one file; with a passphrase, the secrets too, encrypted. Raises UserError."""
        from shopwatch.settings.archive import backup

        ids = tuple(each.id for each in self.sources)
        places = tuple(each.id for each in self.settings.targets)
        held = None
        if passphrase:
            held = await self._secrets.copy_out(ids, places) | await self._api_keys.copy_out(ids)
        loop = asyncio.get_running_loop()

        def copy_ledger(to: Path) -> None:
            asyncio.run_coroutine_threadsafe(self.ledger.backup_to(to), loop).result()

        await asyncio.to_thread(backup, file, self.paths, copy_ledger, held, passphrase or None)

    def _provider_name(self, source_id: str) -> str:
        source = next((each for each in self.sources if each.id == source_id), None)
        known = provider(source.provider) if source else None
        return known.name if known else source_id

    async def _sources_changed(self) -> None:
        self.sources = await self.ledger.sources()
        if self._receiver is not None:
            await self._receiver.refresh()
        self.bus.tell(SourcesChanged())

    async def _secrets_changed(self, source_id: str) -> None:
        await self.ledger.touch_secrets(source_id)
        await self._sources_changed()

    def _on_delivery_kept(self, fact: DeliveryKept) -> None:
        if fact.outcome in (Outcome.ACCEPTED, Outcome.CHALLENGE) and not fact.practice:
            # A message that is checked again is told with the time at which it once came.
            self.heard[fact.source_id] = max(fact.at, self.heard.get(fact.source_id, 0))

    def _on_vault_changed(self, fact: VaultChanged) -> None:
        self.vault_problem = fact.problem

    def _on_tunnel_changed(self, fact: TunnelChanged) -> None:
        # The first address that ngrok gives is the one the owner copies; a later one is `url-changed`.
        if fact.status.kind is TunnelKind.NGROK and fact.status.state is TunnelState.ONLINE:
            self.change_settings(known_url=fact.status.public_url)

    def _on_ledger_changed(self, fact: LedgerChanged) -> None:
        self.ledger_problem = fact.problem


def _unwritable(file: Path) -> UserError:
    return UserError(
        say("{file} cannot be written.", file=file.name),
        say("Choose another place, or free some space there."),
        code="file-unwritable",
    )


def _checked(known: "Provider", options: dict[str, str]) -> dict[str, str]:
    """The options as they are kept. Raises UserError if one is wrong."""
    from shopwatch.providers.api import POLL, checked_poll
    from shopwatch.providers.apis import api_of

    lists = {key: checked_list(options[key]) for key in (ALLOW, BLOCK) if key in options}
    if POLL in options:
        lists[POLL] = checked_poll(api_of(known.id), options[POLL])
    told = {key: value for key, value in options.items() if key not in lists}
    known.check_options(told)
    return told | lists
