"""A source: one connection of this shop to a provider."""

from dataclasses import dataclass, field

from shopwatch.domain.clock import Instant


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


@dataclass(frozen=True, slots=True, repr=False)
class Secrets:
    """All secrets a source holds now. Never shown.

    Any of `current` may sign (PayNow has one for each event type); `previous` ones are accepted until `previous_until`,
    while a rotation is under way.
    """

    current: tuple[str, ...] = ()
    previous: tuple[str, ...] = ()
    previous_until: Instant = 0

    def at(self, now: Instant) -> tuple[str, ...]:
        """The secrets that count at `now`, newest first; empty ones never do."""
        held = self.current + (self.previous if now < self.previous_until else ())
        return tuple(secret for secret in held if secret)
