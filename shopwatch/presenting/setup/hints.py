"""What the drawings of a provider's pages show."""

from dataclasses import dataclass

from shopwatch.domain.i18n import say
from shopwatch.providers.provider import Provider


@dataclass(frozen=True, slots=True)
class HintSpec:
    """What is drawn, all of it the provider's own words.

    `page` is the address of its settings, `menu` the entry to open there, `label` the field's name and `value` what is
    in it; `events` are ticked boxes, `buttons` are pressed from left to right, the last one with the accent.
    `active`: the field is filled by the owner.
    """

    page: str
    menu: str
    label: str
    value: str
    buttons: tuple[str, ...]
    events: tuple[str, ...] = ()
    active: bool = False

    def sentences(self) -> str:
        """The same in words, for screen readers."""
        parts = [self.menu, self.label, *self.events, *self.buttons]
        return ". ".join(f"{number} {part}" for number, part in enumerate(parts, 1))


def secret_hint(provider: Provider, name: str) -> HintSpec:
    """Where the secret is: it is shown there, or typed where the owner chooses it."""
    words, page = provider.setup, page_of(provider.setup.settings_url)
    shown = (words.secret_prefixes[0] if words.secret_prefixes else "") + " " + "•" * 16
    return HintSpec(
        # Where the secret is on a page of its own, only the host is the same.
        page=(page.partition("/")[0] if words.secret_menu else page) or name,
        menu=words.secret_menu or words.menu,
        label=words.secret_label,
        value=shown.strip(),
        buttons=(words.save,) if words.secret_length else (say("Show"), say("Copy")),
        active=bool(words.secret_length),
    )


def address_hint(provider: Provider, name: str, address: str) -> HintSpec:
    """Where the address goes, and what is to be ticked."""
    words = provider.setup
    return HintSpec(
        page=page_of(words.settings_url) or name,
        menu=words.menu,
        label=words.address_label,
        value=address or "https://…",
        buttons=(words.save,),
        events=words.events,
        active=True,
    )


def page_of(url: str) -> str:
    """How a browser's address line shows it."""
    return url.partition("://")[2].rstrip("/")
