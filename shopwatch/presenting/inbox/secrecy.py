"""Headers as they are shown: what lets somebody in is never readable."""

import re

DOTS = "•" * 8

# What some sender or other puts its secret into; a signature is no secret, for it fits one message only.
_SECRET = re.compile(
    r"authorization|cookie|token|secret|password|passwd|api[-_]?key|apikey|shared[-_]?key|credential", re.IGNORECASE
)
_QUERY = re.compile(r"([?&;])([^=&;#]*)=([^&;#]*)")


def shown(headers: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """Every header line in its order, with dots for what may be a key."""
    return tuple((name, DOTS if _SECRET.search(name) and value.strip() else value) for name, value in headers)


def shown_url(url: str) -> str:
    """The address without its host, with dots for what may be a key in its query."""
    path = re.sub(r"^[a-z]+://[^/?#]*", "", url, count=1, flags=re.IGNORECASE) or "/"
    return _QUERY.sub(lambda found: f"{found[1]}{found[2]}={DOTS if _SECRET.search(found[2]) else found[3]}", path)
