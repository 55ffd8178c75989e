"""Where an API key is found, and what it must be allowed to do."""

from shopwatch.domain.i18n import say
from shopwatch.providers.api import Api


def scopes_of(api: Api) -> tuple[str, ...]:
    """The least that the key must be allowed to do, for all that it is good for."""
    more = api.endpoints.scopes if api.endpoints is not None else ()
    # "Webhooks: read" is in "Webhooks: read, create".
    return (*(each for each in api.key.scopes if not any(other.startswith(each) for other in more)), *more)


def found_at(api: Api) -> str:
    """Where the key is, and the least that it must be allowed to do."""
    called = say("It is called “{label}”.", label=api.key.label)
    parts = [called, say(api.key.found)]
    if scopes := scopes_of(api):
        parts.append(say("It needs no more than {scopes}.", scopes=", ".join(scopes)))
    if api.key.parts > 1:
        parts.append(say("Paste its {n} parts with a colon between.", n=api.key.parts))
    return " ".join(parts)
