"""Secrets in 20 forms, looked for in all that a run has left behind."""

import base64
import codecs
import html
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from urllib.parse import quote

_PIECE = 1 << 24


def forms(secret: str) -> tuple[bytes, ...]:
    """What somebody could read the secret from, or most of it."""
    raw = secret.encode()
    shifted = [base64.b64encode(b"x" * before + raw)[-(-4 * before // 3) + 1 : -4] for before in (0, 1, 2)]
    return tuple(
        dict.fromkeys(
            (
                raw,
                raw.lower(),
                raw.upper(),
                raw.title(),
                raw.swapcase(),
                raw[::-1],
                *shifted,
                base64.urlsafe_b64encode(raw).rstrip(b"="),
                base64.b32encode(raw).rstrip(b"="),
                base64.b85encode(raw),
                raw.hex().encode(),
                raw.hex().upper().encode(),
                b" ".join(b"%02x" % each for each in raw),
                b"".join(b"%%%02X" % each for each in raw),
                quote(secret, safe="").encode(),
                "".join(f"\\u{ord(each):04x}" for each in secret).encode(),
                "".join(f"\\x{ord(each):02x}" for each in secret).encode(),
                "".join(f"&#{ord(each)};" for each in secret).encode(),
                html.escape(secret).encode(),
                secret.encode("utf-16-le"),
                secret.encode("utf-16-be"),
                codecs.encode(secret, "rot13").encode(),
                raw[: len(raw) * 2 // 3],
                raw[len(raw) // 3 :],
            )
        )
    )


def leaks(secrets: Sequence[str], folder: Path, but: Iterable[Path] = ()) -> list[str]:
    """Each place below `folder` where a secret can be read, except in `but` and below."""
    wanted = [(number, form) for number, secret in enumerate(secrets) for form in forms(secret)]
    longest = max(len(form) for _, form in wanted)
    passed_over = [*but]
    return [
        f"secret {number} in {file}"
        for file in _files(folder)
        if not any(file.is_relative_to(each) for each in passed_over)
        for number in sorted(_found(file, wanted, longest))
    ]


def _files(folder: Path) -> Iterator[Path]:
    return (each for each in folder.rglob("*") if each.is_file() and not each.is_symlink())


def _found(file: Path, wanted: Sequence[tuple[int, bytes]], longest: int) -> set[int]:
    found: set[int] = set()
    before = b""
    with file.open("rb") as read:
        while piece := read.read(_PIECE):
            found |= {number for number, form in wanted if form in before + piece}
            before = piece[-longest:]
    return found
