"""What must never be shown: every secret that this process has seen, in all the forms it may take."""

import base64
import re
import threading
from urllib.parse import quote, quote_plus

HIDDEN = "[hidden]"

# Shorter texts would also be found in innocent words; no secret that ShopWatch accepts is this short.
_SHORTEST = 8
_PREFIX = 8

_lock = threading.Lock()
_known: set[str] = set()
_pattern: re.Pattern[str] | None = None


def redact(secret: str) -> None:
    """From now on `hide` covers `secret`: as it is, its first 8 characters, reversed, base64, hex and URL-encoded."""
    global _pattern  # noqa: PLW0603 - one process has one memory of what it has seen
    if len(secret) < _SHORTEST:
        return
    with _lock:
        if secret in _known:
            return
        _known.add(secret)
        forms = {form for known in _known for form in _forms(known)}
        _pattern = re.compile("|".join(re.escape(form) for form in sorted(forms, key=len, reverse=True)))


def hide(text: str) -> str:
    """`text` with every known secret covered."""
    return _pattern.sub(HIDDEN, text) if _pattern else text


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
