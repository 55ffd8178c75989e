"""What every provider declares, and the one way all of them are judged."""

from dataclasses import dataclass

from shopwatch.domain.clock import Instant


@dataclass(frozen=True, slots=True)
class SetupWords:
    """The provider's own words, as its settings page shows them, so that the owner finds the places.

    `secret_prefixes` are how its secrets begin (empty: they have no mark); `events` what to tick there.
    `secret_each_event`: the provider gives one secret for every event type, so a source holds several.
    """

    does: str
    settings_url: str
    menu: str
    address_label: str
    secret_label: str
    events: tuple[str, ...]
    save: str = "Save"
    secret_prefixes: tuple[str, ...] = ()
    secret_each_event: bool = False


@dataclass(frozen=True, slots=True)
class Provider:
    """A kind of sender. `tile` is its letter or two; `retries_for` how long it tries an unanswered message again
    (0: it does not, or does not say); `order_url` its page for one order, with `{order_id}`, or empty.
    """

    id: str
    name: str
    tile: str
    setup: SetupWords
    retries_for: Instant = 0
    order_url: str = ""
