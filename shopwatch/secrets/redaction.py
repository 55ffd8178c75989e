"""What must never be shown: every secret that this process has seen, in all the forms it may take."""

import threading

from shopwatch.domain.messages.secrecy import SHORTEST, Redactor

HIDDEN = "[hidden]"

_PREFIX = 8

_lock = threading.Lock()
_known: set[str] = set()
_redactor: Redactor | None = None


def redact(secret: str) -> None:
    """From now on `hide` covers `secret`, in every form of it (`domain.secrecy.forms`) and its first 8 characters."""
    global _redactor  # noqa: PLW0603 - one process has one memory of what it has seen
    if len(secret) < SHORTEST:
        return
    with _lock:
        if secret not in _known:
            _known.add(secret)
            _redactor = None


def outdate(secret: str) -> None:
    """This one is of no use to anybody any more; a program that runs for months would see too many."""
    global _redactor  # noqa: PLW0603 - the same
    with _lock:
        _known.discard(secret)
        _redactor = None


def known() -> Redactor:
    """What finds every known secret."""
    global _redactor  # noqa: PLW0603 - the same
    with _lock:
        if _redactor is None:
            _redactor = Redactor(_known)
        return _redactor


def hide(text: str) -> str:
    """`text` with every known secret covered."""
    text = known().redact_text(text, lambda _: HIDDEN.encode())
    with _lock:
        beginnings = {secret[:_PREFIX] for secret in _known}
    for each in beginnings:
        text = text.replace(each, HIDDEN)
    return text
