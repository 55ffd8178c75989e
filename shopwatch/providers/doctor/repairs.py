"""What may have happened to a secret, an address or a body, undone in the ways that are likely."""

import json
import re
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import parse_qsl, quote, quote_plus, urlencode, urlsplit, urlunsplit

import msgspec

from shopwatch.domain.i18n import say
from shopwatch.domain.messages.delivery import Headers
from shopwatch.providers.doctor.diagnosis import Cause

_INVISIBLE = "\u00a0\u200b\u200c\u200d\u2060\ufeff\u202f\u2007"
_SPACE = re.compile(rf"[\s{_INVISIBLE}]+")
_HEX = re.compile(r"(?:[0-9a-fA-F]{2}){8,64}")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{16,172}={0,2}")
_HEX_SIGNATURE = re.compile(rb"\b[0-9a-fA-F]{40,128}\b")
_BASE64_SIGNATURE = re.compile(rb"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{27,86}={0,2}(?![A-Za-z0-9+/=])")
_BOM = b"\xef\xbb\xbf"
_MOST_ADDRESSES = 32
_LONGEST_SIGNATURE = 4096
_PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True, repr=False)
class SecretForm:
    """A secret as it may have been meant. `sentence` says what is wrong, `odd` the same in three words, `proof` what
    was done about it. Never shown."""

    secret: str
    cause: Cause
    sentence: str
    odd: str
    proof: str


def forms_of(secret: str, prefixes: Sequence[str]) -> Iterator[SecretForm]:
    """`secret` without what does not belong to it, and written in the other usual way."""
    bare = secret.strip().strip(_INVISIBLE).strip()
    if bare != secret:
        yield _without_spaces(secret, bare)
    joined = _SPACE.sub("", secret)
    if joined != bare:
        yield _joined(secret, joined)
    unquoted = bare.strip("\"'`“”")
    if unquoted != bare:
        yield SecretForm(
            unquoted,
            Cause.SECRET_ENCODING,
            say("The secret stands between quotation marks."),
            say("is in quotation marks"),
            say("It fits without the quotation marks"),
        )
    if escape(bare) != bare:
        yield SecretForm(
            escape(bare),
            Cause.SECRET_ENCODING,
            say("The secret holds a sign that its sender writes otherwise."),
            say("holds “&”, “<” or a quotation mark"),
            say("It fits with that sign as its sender writes it"),
        )
    for prefix in prefixes[:2]:
        if not joined.startswith(prefix):
            yield SecretForm(
                prefix + joined,
                Cause.SECRET_ENCODING,
                say("The secret lacks its beginning, “{prefix}”.", prefix=prefix),
                say("lacks its beginning"),
                say("It fits with its beginning"),
            )
    yield from _encodings(joined, prefixes)


def _without_spaces(secret: str, bare: str) -> SecretForm:
    at_end = secret.startswith(bare[:1]) if bare else False
    line = "\n" in secret or "\r" in secret
    if at_end:
        sentence = say("The secret has a line break at its end.") if line else say("The secret has a space at its end.")
        odd = say("ends with a line break") if line else say("ends with a space")
        proof = say("It fits once the line break is removed") if line else say("It fits once the last space is removed")
        return SecretForm(bare, Cause.SPACES_IN_SECRET, sentence, odd, proof)
    return SecretForm(
        bare,
        Cause.SPACES_IN_SECRET,
        say("The secret has a space at its beginning."),
        say("begins with a space"),
        say("It fits once the first space is removed"),
    )


def _joined(secret: str, joined: str) -> SecretForm:
    if "\n" in secret or "\r" in secret:
        return SecretForm(
            joined,
            Cause.SPACES_IN_SECRET,
            say("The secret has a line break in it."),
            say("holds a line break"),
            say("It fits once the line break is removed"),
        )
    return SecretForm(
        joined,
        Cause.SPACES_IN_SECRET,
        say("The secret has a space in it."),
        say("holds a space"),
        say("It fits once the space is removed"),
    )


def _encodings(secret: str, prefixes: Sequence[str]) -> Iterator[SecretForm]:
    prefix = next((each for each in prefixes if secret.startswith(each)), "")
    bare = secret.removeprefix(prefix)
    if _HEX.fullmatch(bare):
        raw = bytes.fromhex(bare)
        for written in (prefix + b64encode(raw).decode(), _as_text(raw)):
            if written:
                yield _written(
                    written, say("The secret is written in hex where base64 belongs."), say("is written in hex")
                )
    if _BASE64.fullmatch(bare) and (decoded := _from_base64(bare)) is not None:
        for written in (prefix + decoded.hex(), _as_text(decoded)):
            if written:
                yield _written(
                    written, say("The secret is written in base64 where hex belongs."), say("is written in base64")
                )
    yield _written(
        prefix + b64encode(bare.encode("utf-8", "replace")).decode(),
        say("The secret is written plainly where base64 belongs."),
        say("is not in base64"),
    )


def _written(secret: str, sentence: str, odd: str) -> SecretForm:
    proof = say("It fits once the secret is written as it should be")
    return SecretForm(secret, Cause.SECRET_ENCODING, sentence, odd, proof)


def _as_text(raw: bytes) -> str:
    text = raw.decode("utf-8", "replace")
    return text if text.isprintable() and "\N{REPLACEMENT CHARACTER}" not in text else ""


def _from_base64(text: str) -> bytes | None:
    bare = text.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return b64decode(bare + "=" * (-len(bare) % 4), validate=True) or None
    except (NotBase64, ValueError):
        return None


def addresses_like(addresses: Iterable[str]) -> list[str]:
    """Each of the addresses with and without its slash, port and query, and with the other scheme; the first as it is
    is left out."""
    found: dict[str, None] = {}
    known = list(dict.fromkeys(address for address in addresses if address))
    for place, address in enumerate(known):
        if place:
            found.setdefault(address)
    for address in known:
        for like in _like(address):
            found.setdefault(like)
    if known:
        found.pop(known[0], None)
    return list(found)[:_MOST_ADDRESSES]


def _like(address: str) -> Iterator[str]:
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return
    scheme, path = parts.scheme.lower(), parts.path
    other = {"https": "http", "http": "https"}.get(scheme, scheme)
    paths = dict.fromkeys((path, path.rstrip("/") if path.endswith("/") else f"{path}/"))
    for each in paths:
        yield urlunsplit((scheme, parts.netloc, each, parts.query, ""))
    if parts.query:
        for each in paths:
            yield urlunsplit((scheme, parts.netloc, each, "", ""))
    yield urlunsplit((other, parts.netloc, path, parts.query, ""))
    bare = f"[{host}]" if ":" in host else host
    yield urlunsplit((scheme, f"{bare}:{_PORTS.get(scheme, 443)}" if port is None else bare, path, parts.query, ""))


def bodies_like(body: bytes) -> Iterator[tuple[bytes, str]]:
    """The bodies of which this one may have been made, each with what was undone."""
    tried = {body}
    for make, undone in _UNDOING:
        for made in make(body):
            if made not in tried:
                tried.add(made)
                yield made, undone()


def _ends(body: bytes) -> Iterator[bytes]:
    yield body.rstrip(b"\r\n")
    yield body + b"\n"
    yield body + b"\r\n"
    yield body.strip()


def _line_breaks(body: bytes) -> Iterator[bytes]:
    lines = body.replace(b"\r\n", b"\n")
    yield lines
    yield lines.replace(b"\n", b"\r\n")


def _byte_order(body: bytes) -> Iterator[bytes]:
    yield body.removeprefix(_BOM) if body.startswith(_BOM) else _BOM + body


def _charsets(body: bytes) -> Iterator[bytes]:
    for read, write in (("utf-8", "cp1252"), ("utf-8", "latin-1"), ("cp1252", "utf-8"), ("latin-1", "utf-8")):
        try:
            yield body.decode(read).encode(write)
        except UnicodeError:
            continue


def _layouts(body: bytes) -> Iterator[bytes]:
    """JSON laid out otherwise, its numbers and escapes as they are."""
    if body.lstrip()[:1] not in (b"{", b"["):
        return
    try:
        for indent in (-1, 0, 2, 4):
            yield msgspec.json.format(body, indent=indent)
    except (msgspec.DecodeError, RecursionError):
        return


def _escapes(body: bytes) -> Iterator[bytes]:
    """JSON with its letters and slashes escaped otherwise."""
    if body.lstrip()[:1] not in (b"{", b"["):
        return
    try:
        said = json.loads(body)
        for spaced in ((",", ":"), (", ", ": ")):
            for plain in (True, False):
                written = json.dumps(said, separators=spaced, ensure_ascii=plain).encode("utf-8", "surrogatepass")
                yield written
                yield written.replace(b"/", b"\\/")
    except (ValueError, RecursionError):
        return


def _form_spaces(body: bytes) -> Iterator[bytes]:
    if b"=" not in body or body.lstrip()[:1] in (b"{", b"[", b"<"):
        return
    yield body.replace(b"+", b"%20")
    yield body.replace(b"%20", b"+")
    try:
        fields = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=1_000)
        for quoting in (quote_plus, quote):
            yield urlencode(fields, quote_via=quoting).encode()
    except ValueError:
        return


_UNDOING: tuple[tuple[Callable[[bytes], Iterator[bytes]], Callable[[], str]], ...] = (
    (_ends, lambda: say("It fits with the line end as it was")),
    (_line_breaks, lambda: say("It fits with the line breaks as they were")),
    (_byte_order, lambda: say("It fits with its first bytes as they were")),
    (_charsets, lambda: say("It fits with its letters as they were")),
    (_layouts, lambda: say("It fits with its spaces as they were")),
    (_escapes, lambda: say("It fits with its letters written as they were")),
    (_form_spaces, lambda: say("It fits with its fields written as they were")),
)


def signatures_like(headers: Headers, names: Sequence[str]) -> Iterator[tuple[Headers, str]]:
    """The headers with the signatures in them written in the other usual way, each with what was wrong."""
    wanted = {name.lower().encode() for name in names}
    ways: tuple[tuple[re.Pattern[bytes], Callable[[re.Match[bytes]], bytes], Callable[[], str]], ...] = (
        (_HEX_SIGNATURE, _hex_to_base64, lambda: say("The signature is written in hex where base64 belongs.")),
        (_BASE64_SIGNATURE, _base64_to_hex, lambda: say("The signature is written in base64 where hex belongs.")),
    )
    for pattern, turn, wrong in ways:
        lines = tuple(
            (name, pattern.sub(turn, value[:_LONGEST_SIGNATURE]) if name.lower() in wanted else value)
            for name, value in headers.lines
        )
        if lines != headers.lines:
            yield Headers(lines), wrong()


def _hex_to_base64(found: re.Match[bytes]) -> bytes:
    return b64encode(bytes.fromhex(found[0].decode())) if len(found[0]) % 2 == 0 else found[0]


def _base64_to_hex(found: re.Match[bytes]) -> bytes:
    raw = _from_base64(found[0].decode())
    return raw.hex().encode() if raw is not None else found[0]
