"""Opening a shop: the one place where its parts are put together, for screens and commands alike."""

import asyncio
import secrets as randomness
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from babel import Locale, UnknownLocaleError, default_locale

from shopwatch.actions import registry
from shopwatch.actions.email import writes_letters
from shopwatch.domain.connection.ownership import At, Home
from shopwatch.domain.errors import Outage, UserError
from shopwatch.domain.facts import Bus
from shopwatch.domain.i18n import say
from shopwatch.host.lock import DataFolderLock, Role
from shopwatch.host.paths import Paths
from shopwatch.host.restore_swap import is_cut_off
from shopwatch.ledger.engine.opening import address_of
from shopwatch.ledger.ledger import Ledger
from shopwatch.ledger.writing.writer_process import WriterProcessConfig
from shopwatch.secrets.api_keys import ApiKeys
from shopwatch.secrets.secret_store import SecretStore
from shopwatch.secrets.unsealing import Unsealing, from_credentials
from shopwatch.secrets.vault import KeyringVault, SealedVault, Vault
from shopwatch.settings.settings import load, save
from shopwatch.settings.store import SettingsStore
from shopwatch.shop.backups import Backups
from shopwatch.shop.checking.catching_up import CatchingUp
from shopwatch.shop.checking.day_checks import DayChecks
from shopwatch.shop.checking.silences import Silences
from shopwatch.shop.duties import Duties
from shopwatch.shop.instance_ownership import InstanceOwnership, later_than
from shopwatch.shop.outgoing.destinations import Targets
from shopwatch.shop.outgoing.exports import Exports
from shopwatch.shop.outgoing.mail import Mail
from shopwatch.shop.outgoing.popular import PopularItems
from shopwatch.shop.outgoing.rules import Rules
from shopwatch.shop.outgoing.targets import ended
from shopwatch.shop.receiving.health import Health
from shopwatch.shop.receiving.public_address import PublicAddress
from shopwatch.shop.receiving.receiver import Receiver
from shopwatch.shop.shared_settings import SharedSettings
from shopwatch.shop.shop import Shop
from shopwatch.shop.sources.api_access import ApiAccess
from shopwatch.shop.sources.connections import Connections
from shopwatch.shop.sources.consents import Consents
from shopwatch.shop.sources.endpoints import Endpoints
from shopwatch.shop.sources.practice import Practice
from shopwatch.shop.sources.quarantine_review import QuarantineReview
from shopwatch.shop.sources.source_registry import SourceRegistry
from shopwatch.shop.work import Work

if TYPE_CHECKING:
    from shopwatch.actions.parts import Parts
    from shopwatch.listener.listen_address import ListenAddress
    from shopwatch.recovery.api_transport import ApiTransport
    from shopwatch.shop.outgoing.workers import Lanes
    from shopwatch.shop.receiving.running_receiver import RunningReceiver


async def open_shop(
    paths: Paths,
    database: str | None = None,
    *,
    vault: Vault | None = None,
    locale: str = "",
    transport: "ApiTransport | None" = None,
    writer_config: WriterProcessConfig | None = None,
    alone: bool = False,
    unsealing: Unsealing | None = None,
    listen: "ListenAddress | None" = None,
) -> Shop:
    """The shop on this data folder; `database` is a URL; if it is not given, that of the
    settings, or SQLite inside the folder.

    Secrets are in `vault`; without it in the ledger, if there is an `unsealing` or a credential that opens what is
    sealed there, and else in the system's password store. `transport` is who asks providers, where it is not the usual
    one; `writer_config` and `alone` are those of `Ledger.open`. It hears at `listen`, by itself on this computer alone.

    Close it. Raises UserError if the folder or the ledger cannot be used.
    """
    paths.prepare()
    if is_cut_off(paths):
        DataFolderLock(paths).acquire(Role.RESTORE).release()  # whoever takes the folder brings it to its end
    settings, notice = load(paths.settings)
    bus = Bus()
    given = database or settings.ledger
    place = address_of(given) if given else paths.ledger
    ledger = Ledger.open(
        place,
        backups=paths.backups,
        tell=bus.tell,
        hears=bus.hears,
        writer_config=writer_config,
        alone=alone,
        node=settings.id,
    )
    shop = _put_together(
        paths,
        SettingsStore(paths, settings, bus),
        ledger,
        bus,
        vault=vault or _vault(settings.id, ledger, unsealing),
        locale=_known_sources(locale or default_locale("LC_MONETARY") or ""),
        transport=transport,
        listen=listen,
        place=place,
    )
    shop.notice = notice
    with suppress(Outage):  # what cannot be written now is at the next opening
        if country := _country_of(locale or default_locale("LC_MONETARY") or ""):
            await ledger.people.set_country(country)
    await shop.shared_settings.open()
    await shop.sources.read()
    await ledger.endpoints.refresh()
    return shop


def _vault(scope: str, ledger: Ledger, unsealing: Unsealing | None) -> Vault:
    key = unsealing or from_credentials()
    return KeyringVault(scope=scope) if key is None else SealedVault(ledger.sealed_items, key)


def _put_together(
    paths: Paths,
    settings: SettingsStore,
    ledger: Ledger,
    bus: Bus,
    *,
    vault: Vault,
    locale: str,
    transport: "ApiTransport | None",
    listen: "ListenAddress | None",
    place: str | Path,
) -> Shop:
    secrets, api_keys = SecretStore(vault), ApiKeys(vault)
    access = ApiAccess(api_keys, transport)

    def running_receiver() -> "RunningReceiver":
        from shopwatch.listener.listen_address import HERE
        from shopwatch.shop.receiving.running_receiver import RunningReceiver

        return RunningReceiver(
            paths=paths,
            ledger=ledger,
            secrets=secrets,
            vault=vault,
            api_keys=api_keys,
            bus=bus,
            pages=popular.public(),
            transport=access.transport(),
            certificates=access.certificates(),
            answer_copy=ownership.arrive(),
            listen=listen or HERE,
        )

    def parts() -> "Parts":
        from shopwatch.actions.parts import Parts

        return Parts(
            paths=paths,
            ledger=ledger,
            settings=settings.latest,
            refresh=shared_settings.refresh,
            secret_of=secrets.target_secret,
            name_of=lambda source_id: sources.names.get(source_id, source_id),
            locale=locale,
            page=popular.public,
            end=lambda target_id: settings.change(targets=ended(settings.latest().targets, target_id)),
        )

    def workers() -> "Lanes":
        from shopwatch.shop.outgoing.workers import Lanes

        return Lanes(parts(), bus)

    shared_settings = SharedSettings(ledger.shop_settings, settings, bus, shared=ledger.shared)
    receiver = Receiver(paths, settings, running_receiver)
    sources = SourceRegistry(ledger.sources, bus, first=receiver.refresh)
    address = PublicAddress(settings, secrets, receiver, sources=sources, book=ledger.endpoints, bus=bus, locale=locale)
    connections = Connections(ledger, sources, address, secrets=secrets, api_keys=api_keys)
    catching_up = CatchingUp(ledger, bus, sources=sources, receiver=receiver, address=address, access=access)
    endpoints = Endpoints(
        ledger,
        bus,
        sources=sources,
        connections=connections,
        receiver=receiver,
        address=address,
        catching_up=catching_up,
        access=access,
        secrets=secrets,
    )
    silences = Silences(ledger, bus, catching_up)
    day_checks = DayChecks(ledger, bus, settings, sources=sources, access=access)
    popular = PopularItems(ledger, settings, receiver, paths=paths, bus=bus, locale=locale)
    targets = Targets(settings, secrets, ledger.outbox, paths)
    mail = Mail(ledger, settings, targets, lambda: writes_letters(parts()), locale=locale)
    duties = Duties(ledger.leadership, catching_up, silences, day_checks, endpoints)
    work = Work(workers, popular, shared_settings, duties)
    ownership = InstanceOwnership(settings, receiver, ledger.endpoints, work=work, bus=bus)
    return Shop(
        paths=paths,
        bus=bus,
        locale=locale,
        place=place,
        ledger=ledger,
        vault=vault,
        settings=settings,
        shared_settings=shared_settings,
        sources=sources,
        receiver=receiver,
        health=Health(bus, vault, receiver),
        access=access,
        address=address,
        connections=connections,
        consents=Consents(access.transport),
        endpoints=endpoints,
        catching_up=catching_up,
        silences=silences,
        day_checks=day_checks,
        practice=Practice(ledger.sources, sources, connections, address),
        review=QuarantineReview(ledger, sources=sources, connections=connections, address=address, access=access),
        rules=Rules(ledger.outbox, settings),
        targets=targets,
        mail=mail,
        popular=popular,
        exports=Exports(paths, ledger, sources),
        backups=Backups(paths, ledger, settings, sources=sources, secrets=secrets, api_keys=api_keys),
        work=work,
        duties=duties,
        ownership=ownership,
    )


def _country_of(locale: str) -> str:
    """Empty where nobody has said which it is."""
    try:
        known = Locale.parse(locale)
    except (UnknownLocaleError, ValueError):
        return ""
    return "" if known.variant == "POSIX" else known.territory or ""


def _known_sources(locale: str) -> str:
    try:
        known = Locale.parse(locale)
    except (UnknownLocaleError, ValueError):
        return "en_US"
    # What "C" and "POSIX" become is no language of people's, and has no sign for any currency.
    return "en_US" if known.variant == "POSIX" else str(known)


async def restore_shop(
    file: Path, paths: Paths, database: str | None, passphrase: str, *, vault: Vault | None = None
) -> bool:
    """Put back what a backup holds; what was there is kept beside it. Whether it holds secrets: without `passphrase`
    they are passed over.

    The shop then works in this copy of it, as soon as it hears. E-mails and chat messages that were still to be sent
    wait for the owner, because they may have been sent since. Raises UserError, also while the shop is open; nothing
    has changed then.
    """
    from shopwatch.settings.archive import Unpacked, restore

    if database:
        raise UserError(
            say("A backup is restored into a data folder, not into a database server."), code="restore-database"
        )
    loop = asyncio.get_running_loop()

    def ready(unpacked: Unpacked) -> None:
        _settle_in(unpacked.settings)
        asyncio.run_coroutine_threadsafe(_hold_letters(unpacked.ledger), loop).result()
        if unpacked.secrets:
            kept = _keep_address(vault or KeyringVault(scope=load(unpacked.settings)[0].id), unpacked.secrets)
            asyncio.run_coroutine_threadsafe(kept, loop).result()

    unpacked = await asyncio.to_thread(restore, file, paths, passphrase or None, ready=ready)
    return unpacked.sealed


def _settle_in(settings_file: Path) -> None:
    """Make what was unpacked a copy of its own, in which the shop works from now on."""
    settings, _ = load(settings_file)
    program = settings.tunnel_program if Path(settings.tunnel_program).is_file() else ""
    home = Home(At.MOVING_IN, later_than(settings.home), randomness.token_hex(8))
    save(settings_file, replace(settings, home=home, tunnel_program=program, ledger=""))


async def _hold_letters(ledger_file: Path) -> None:
    """Raises UserError where this ShopWatch cannot read the ledger."""
    ledger = Ledger.open(ledger_file)
    try:
        await ledger.outbox.hold(registry.noticed())
    finally:
        await asyncio.to_thread(ledger.close)


async def _keep_address(vault: Vault, items: dict[str, str]) -> None:
    await vault.check()
    await SecretStore(vault).copy_in(items)
