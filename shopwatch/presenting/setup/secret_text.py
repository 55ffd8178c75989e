"""What the step of the secret says, for each way in which a sender shows who it is."""

from dataclasses import dataclass, replace

from shopwatch.domain.i18n import say
from shopwatch.presenting.setup.plan import Plan
from shopwatch.providers.about import assured
from shopwatch.providers.apis import api_of
from shopwatch.providers.described.custom import CUSTOM
from shopwatch.providers.provider import Assurance, Provider


@dataclass(frozen=True, slots=True)
class SecretWords:
    """`label` stands above the field, `found` below the drawing. `wanted`: the owner has a secret to give."""

    heading: str
    lead: str
    label: str
    found: str
    wanted: bool


def words_of(plan: Plan) -> SecretWords:
    """For what is about to be connected, and the way that the owner chose."""
    api = api_of(plan.provider.id)
    found = api.endpoints.secret_found if api is not None and api.endpoints is not None else ""
    if plan.by_key:
        return _key_words(plan.name, comes_back=not found)
    if plan.registered:
        return _left_words(plan.provider, plan.described, plan.name, found)
    return secret_words(plan.provider, plan.described, plan.name)


def secret_words(provider: Provider, described: Provider, name: str) -> SecretWords:
    """For this provider, `described` as its source will have it, which the owner calls `name`."""
    wanted = not described.secretless and not described.ending
    return SecretWords(
        _heading(provider, described, name),
        _lead(described, name),
        _label(described, name),
        say(described.setup.secret_found) if wanted and described.setup.secret_found else "",
        wanted,
    )


def _key_words(name: str, *, comes_back: bool) -> SecretWords:
    """For a service that ShopWatch itself can tell where to send; `comes_back`: its secret does, too."""
    lead = say(
        "Paste an API key. With it ShopWatch tells {service} your address, keeps the secret that comes back, and tells "
        "it again whenever the address changes.",
        service=name,
    )
    if not comes_back:
        lead = say(
            "Paste an API key. With it ShopWatch tells {service} your address, and tells it again whenever the address "
            "changes. You paste the secret after that.",
            service=name,
        )
    return SecretWords(say("Let ShopWatch connect {service}", service=name), lead, "", "", wanted=False)


def _left_words(provider: Provider, described: Provider, name: str, found: str) -> SecretWords:
    """For one that sends here already, but gives its secret to nobody but the owner; `found` is where that is, if it is
    another one than usual."""
    words = secret_words(provider, described, name)
    lead = say(
        "{service} sends to ShopWatch now, but its secret does not come back by itself. Without the secret, no message "
        "counts.",
        service=name,
    )
    label = say("{service} signing secret", service=name) if found else words.label
    return replace(words, lead=lead, label=label, found=say(found) if found else words.found)


def _heading(provider: Provider, described: Provider, name: str) -> str:
    if provider is CUSTOM:
        return say("Describe {service}", service=name)
    if described.secretless:
        return say("{service} has no secret", service=name)
    if described.ending:
        return say("ShopWatch makes the secret for {service}", service=name)
    if described.setup.secret_length:
        return say("Choose a secret for {service}", service=name)
    return say("Paste the secret from {service}", service=name)


def _lead(described: Provider, name: str) -> str:
    parts = []
    if described.ending:
        parts.append(say("It stands at the end of the address that you copy in the next step."))
    if described.assurance is Assurance.SIGNED and not described.secretless:
        parts.append(
            say(
                "With the secret, ShopWatch can tell a real message from a forged one. Messages that fail the check "
                "never count as sales."
            )
        )
    else:
        parts.append(assured(described, name))
    if described.setup.secret_each_event:
        parts.append(say("{service} makes one secret for each kind of event. Add them all.", service=name))
    return " ".join(parts)


def _label(described: Provider, name: str) -> str:
    label = described.setup.secret_label
    if " " in label or label != "Secret":
        return say("{service}: {label}", service=name, label=label)
    return say("{service} signing secret", service=name)
