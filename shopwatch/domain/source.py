"""A source: one connection of this shop to a provider."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from shopwatch.domain.instant import Instant

type Options = Mapping[str, str]
"""Plain settings of a source, never secrets; which ones there are says its provider."""

NO_OPTIONS: Options = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Source:
    """`path` is the unguessable part of its address ("/in/…"); `options` are plain settings, never secrets."""

    id: str
    provider: str
    name: str
    path: str
    created_at: Instant
    options: dict[str, str] = field(default_factory=dict)
    secrets_changed_at: Instant = 0
    """When its secrets last changed, so that every process on this ledger reads them anew."""


@dataclass(frozen=True, slots=True)
class Tails:
    """How the secrets of a source end, so that the owner can tell them apart; see `Secrets`."""

    current: tuple[str, ...] = ()
    previous: tuple[str, ...] = ()
    previous_until: Instant = 0


@dataclass(frozen=True, slots=True, repr=False)
class Secrets:
    """All secrets a source holds now. Never shown.

    Any of `current` may sign (PayNow has one for each event type); `previous` ones are accepted until `previous_until`,
    while a rotation is under way.
    """

    current: tuple[str, ...] = ()
    previous: tuple[str, ...] = ()
    previous_until: Instant = 0
    certificates: Mapping[str, str] = field(default_factory=dict)
    """Certificates and public keys in PEM that were fetched from the provider's own hosts, by their address; empty
    where it has none there. No secrets."""
    trust: str = ""
    """Root certificates in PEM to believe beside those that the provider is known by: this computer's, or a file's."""

    def at(self, now: Instant) -> tuple[str, ...]:
        """The secrets that count at `now`, newest first; empty ones never do."""
        return tuple(filter(None, self.current + (self.previous if now < self.previous_until else ())))
