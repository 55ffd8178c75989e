"""One page about each provider, made of its declaration.

`python -m shopwatch.providers.pages docs/providers` writes them all as Markdown, and an index.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from shopwatch.domain.i18n import say
from shopwatch.providers import PROVIDERS
from shopwatch.providers.about import assured, group_name, grouped, told_kinds
from shopwatch.providers.api import Api, purpose, without
from shopwatch.providers.api_kit.consent import REDIRECT
from shopwatch.providers.apis import api_of
from shopwatch.providers.kit.options import Option
from shopwatch.providers.provider import Provider

INDEX = "README.md"
_FEW = 5
"""Of more options than these a page would tell nothing that their form does not."""


def page(provider: Provider) -> str:
    """What the owner should know of this provider, as Markdown."""
    return "\n\n".join(_parts(provider)) + "\n"


def pages() -> dict[str, str]:
    """All of them by file name, with the index."""
    return {INDEX: _index()} | {f"{each.id}.md": page(each) for each in PROVIDERS}


def write(folder: Path) -> int:
    """Write all pages into `folder`, in the place of those there; how many."""
    folder.mkdir(parents=True, exist_ok=True)
    written = pages()
    for former in folder.glob("*.md"):
        if former.name not in written:
            former.unlink()
    for name, text in written.items():
        (folder / name).write_text(text, "utf-8")
    return len(written)


def _index() -> str:
    parts = ["# " + say("Whom ShopWatch can hear"), say("One page for each service: what it tells, and how to set it.")]
    for group, providers in grouped(PROVIDERS).items():
        parts.append("## " + group_name(group))
        parts.append("\n".join(f"- [{each.name}]({each.id}.md): {say(each.setup.does)}" for each in providers))
    return "\n\n".join(parts) + "\n"


def _parts(provider: Provider) -> Iterator[str]:
    words = provider.setup
    yield f"# {provider.name}"
    yield _sentence(say(words.does))
    if words.needs:
        yield say(words.needs)
    yield "## " + say("What it can tell")
    yield "\n".join(f"- {each}" for each in told_kinds(provider))
    yield "## " + say("Where to find the secret")
    yield _secret(provider)
    if provider.options and len(provider.options) <= _FEW:
        yield "## " + say("What else to tell ShopWatch")
        yield "\n".join(_option(each) for each in provider.options)
    yield "## " + say("What to set there")
    yield "\n".join(f"{number}. {step}" for number, step in enumerate(_steps(provider), 1))
    if (api := api_of(provider.id)) is not None:
        yield "## " + say("API key")
        yield _api(api, provider.name)
    yield "## " + say("While ShopWatch is closed")
    yield say(words.away) if words.away else say("Whether it tries again is not known.")
    yield "## " + say("How sure its messages are")
    yield assured(provider)


def _sentence(text: str) -> str:
    return text if text.endswith(".") else f"{text}."


def _secret(provider: Provider) -> str:
    if provider.secretless:
        return say("It has none.")
    called = say("It is called **{label}** there.", label=provider.setup.secret_label)
    parts = [called, say(provider.setup.secret_found)] if provider.setup.secret_found else [called]
    if provider.setup.secret_each_event:
        parts.append(say("There is one for each kind of event; ShopWatch needs them all."))
    return " ".join(parts)


def _option(option: Option) -> str:
    return f"- **{say(option.label)}**" + (f": {say(option.hint)}" if option.hint else "")


def _steps(provider: Provider) -> Iterator[str]:
    words = provider.setup
    if not words.menu:
        yield say(
            "Give it the address that ShopWatch shows you through its API, as **{label}**.", label=words.address_label
        )
        if words.events:
            yield say("Ask it for {events}.", events=_listed(words.events))
        return
    if words.settings_url:
        yield say("Open <{page}> and choose **{menu}**.", page=words.settings_url, menu=words.menu)
    else:
        yield say("Choose **{menu}** in its settings.", menu=words.menu)
    yield say("Write the address that ShopWatch shows you into **{label}**.", label=words.address_label)
    if words.events:
        yield say("Tick {events}.", events=", ".join(f"**{each}**" for each in words.events))
    yield say("Choose **{save}**.", save=words.save)


def _api(api: Api, name: str) -> str:
    parts = [
        purpose(api, name),
        without(api),
        say("It is called **{label}**.", label=api.key.label),
        say(api.key.found),
    ]
    if api.consent is not None:
        parts.append(
            say(
                "Choose “Allow in the browser…” beside its field, and enter <{address}> under **{place}** on the "
                "page of your app. On a computer without a screen: `shopwatch source allow SOURCE`.",
                address=REDIRECT,
                place=api.consent.redirect_label,
            )
        )
    if api.key.scopes:
        parts.append(say("It needs no more than {scopes}.", scopes=_listed(api.key.scopes)))
    if (made := api.endpoints) is not None and made.scopes:
        parts.append(say("So that ShopWatch can tell the address, it needs {scopes}.", scopes=_listed(made.scopes)))
    if made is not None and made.secret_found:
        parts.append(say(made.secret_found))
    return " ".join(parts)


def _listed(scopes: tuple[str, ...]) -> str:
    return ", ".join(f"`{each}`" for each in scopes)


if __name__ == "__main__":
    print(write(Path(sys.argv[1])), "pages")  # noqa: T201 - a command of the developer
