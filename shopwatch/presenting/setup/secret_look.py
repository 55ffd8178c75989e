"""What a pasted secret looks like, before anything is stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from secrets import token_urlsafe

from shopwatch.domain.i18n import say
from shopwatch.providers.provider import Provider

_HIDDEN = "\ufeff\u200b\u200c\u200d\u2060\u00ad"


@dataclass(frozen=True, slots=True)
class SecretLook:
    """`sure` is False where the text does not look like this provider's secret; `sentence` is empty for no text."""

    sentence: str
    sure: bool = True


def trimmed(text: str) -> str:
    """The secret without what copying adds around it: spaces, line ends and characters without width."""
    before = None
    while before != text:
        before, text = text, text.strip().strip(_HIDDEN)
    return text


def look_at(secret: str, removed: str, provider: Provider, others: Sequence[Provider]) -> SecretLook:
    """Judge a trimmed secret by how it begins; `removed` tells what trimming took away (see `removal`)."""
    if not secret:
        return SecretLook("")
    mine = provider.setup.secret_prefixes
    if any(secret.startswith(prefix) for prefix in mine):
        looks = say("Looks like a {provider} secret.", provider=provider.name)
        return SecretLook(f"{looks} {removed}".strip())
    for other in others:
        if other.id != provider.id and any(secret.startswith(prefix) for prefix in other.setup.secret_prefixes):
            return SecretLook(say("This looks like a {provider} secret.", provider=other.name), sure=False)
    if secret.lower().startswith(("http://", "https://")):
        return SecretLook(say("This looks like an address, not like a secret."), sure=False)
    if mine:
        sentence = say("A {provider} secret begins with {prefix}.", provider=provider.name, prefix=mine[0])
        return SecretLook(f"{sentence} {removed}".strip(), sure=False)
    return SecretLook(removed)


def removal(before: str, after: str) -> str:
    """What was taken away from the ends, as a sentence; empty if nothing was."""
    if before == after:
        return ""
    start = before.find(after)
    head, tail = before[:start], before[start + len(after) :]
    if any(char in "\r\n\u2028\u2029" for char in head + tail):
        return say("A line end was removed.")
    if head and tail:
        return say("Spaces at both ends were removed.")
    return say("A space at the end was removed.") if tail else say("A space at the beginning was removed.")


def made(length: int) -> str:
    """A new secret that nobody can guess, of letters, digits and marks that an address may hold."""
    return token_urlsafe(length)[:length]


def token_in(text: str) -> str:
    """The token in what was pasted; ngrok's page also offers the whole command that ends with it."""
    words = trimmed(text).split()
    return words[-1] if words else ""
