"""What must never be shown: every secret that this process has seen, in all the forms it may take."""

import base64
import re
import threading
from functools import cached_property
from urllib.parse import quote, quote_plus

HIDDEN = "[hidden]"

# Shorter texts would also be found in innocent words; no secret that ShopWatch accepts is this short.
_SHORTEST = 8
_PREFIX = 8

_lock = threading.Lock()
_known: set[str] = set()
_cover: "_Cover | None" = None


def redact(secret: str) -> None:
    """From now on `hide` covers `secret`: as it is, its first 8 characters, reversed, base64, hex and URL-encoded."""
    global _cover  # noqa: PLW0603 - one process has one memory of what it has seen
    if len(secret) < _SHORTEST:
        return
    with _lock:
        if secret not in _known:
            _known.add(secret)
            _cover = None


def outdate(secret: str) -> None:
    """This one is of no use to anybody any more; a program that runs for months would see too many."""
    global _cover  # noqa: PLW0603 - the same
    with _lock:
        _known.discard(secret)
        _cover = None


def hide(text: str) -> str:
    """`text` with every known secret covered."""
    global _cover  # noqa: PLW0603 - the same
    with _lock:
        cover = _cover = _cover or _Cover({form for known in _known for form in _forms(known)})
    return cover.over(text)


class _Cover:
    """Most texts hold no secret, so only where one may begin is it looked for."""

    def __init__(self, forms: set[str]) -> None:
        self._forms = forms
        self._starts = frozenset(form[:_SHORTEST] for form in forms)

    def over(self, text: str) -> str:
        starts = self._starts
        if not any(text[at : at + _SHORTEST] in starts for at in range(len(text) - _SHORTEST + 1)):
            return text
        return self._pattern.sub(HIDDEN, text)

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile("|".join(re.escape(form) for form in sorted(self._forms, key=len, reverse=True)))


def _forms(secret: str) -> set[str]:
    raw = secret.encode("utf-8", "surrogateescape")
    forms = {secret, secret[:_PREFIX], secret[::-1], raw.hex(), raw.hex().upper(), repr(secret)[1:-1]}
    forms |= {quote(raw, safe=""), quote_plus(raw), secret.encode("unicode_escape").decode()}
    for lead in range(3):
        # Inside a longer text a secret's base64 has three faces, by where it starts; the edges mix with neighbours.
        for encoded in (base64.b64encode, base64.urlsafe_b64encode):
            whole = encoded(bytes(lead) + raw).decode()
            forms.add(whole[(lead * 8 + 5) // 6 : (lead + len(raw)) * 8 // 6])
    return {form for form in forms if len(form) >= _SHORTEST}
