"""Other inputs made of known ones: as bytes, and as the JSON, forms and messages that most of them are."""

import json
from collections.abc import Callable, Sequence
from copy import deepcopy
from random import Random
from typing import Any
from urllib.parse import parse_qsl, urlencode

type Mutate = Callable[[bytes, Sequence[bytes], Random], bytes]
"""Another input made of the first one, perhaps with something of the others."""

_LARGEST = 65_536
ODD = (
    b"", b"\0", b"\r\n", b"\n", b"\r\n\r\n", b"\n\n", b" ", b"\t", b"/", b"..", b"%", b"%00", b"%2", b"&", b"=",
    b";", b",", b".", b":", b'"', b"'", b"\\", b"\\u0000", b"\\ud800", b"\\udc00\\ud800", b"{", b"}", b"[", b"]",
    b"{}", b"[]", b"null", b"true", b"NaN", b"Infinity", b"-Infinity", b"1e400", b"-0", b"0", b"-1", b"1e2", b"0.1",
    b"9" * 20, b"9" * 4_400, b"1" * 100, b'{"a":1,"a":2}', b"[" * 70 + b"]" * 70, b"[" * 5_000, b'{"a":' * 100,
    b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xc0\xaf", b"\xe2\x80\xae", b"\xf0\x9f\x8c\xb8", b"\xc2\x85",
    b"<!DOCTYPE a [", b"<a>", b"<!--", b"&#x41;", b"a" * 300, b"HTTP/1.1", b"RTSP/1.0", b"Content-Length: 5\r\n",
    b"Transfer-Encoding: chunked\r\n", b"0\r\n\r\n", b"5\r\nhello\r\n", b"ffffffffffffffff\r\n",
    b"POST /in/first HTTP/1.1\r\n", b"Host: shop.example\r\n", b"Upgrade: websocket\r\n",
    b"Expect: 100-continue\r\n", b"Content-Encoding: gzip\r\n", b"Connection: close\r\n", b"http://", b"#", b"?",
    b"\x16\x03\x01", b"v1,", b"v1=", b"t=1,", b"sha256=", b"Bearer ", b"Basic ", b"eyJ", b"e30", b"==",
)  # fmt: skip
VALUES: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 7, 100, 2**31, 2**53 + 1, 2**63, 2**64, -(2**63), 10**40, 1795500000, 1795500000000,
    10**18, -62135596801, 253402300800, 0.1, -0.5, 1e2, 1e15, 1e22, 1e300, 5e-324, 12.505, "", " ", "0", "-0", "-1",
    "+1", "1", "1.5", "12.345", "1e9", "1e-9", "1e400", "1,5", "1 000", ".5", "5.", "0x10", "1_0", "\uff11\uff12",
    "NaN", "Infinity", "sNaN", "null", "true", "false", "no", "\x00", "\ud800", "\udfff\ud83c", "\u202e", "\u200b",
    "\u0085", "\u2028", "\u0301" * 40, "a" * 300, "\U0001f338" * 120, "USD", "usd", "JPY", "KWD", "XXX", "XAU", "US",
    "\u20ac", "2026-11-24T12:00:00Z", "2026-11-24", "2026-13-45T99:99:99Z", "0001-01-01T00:00:00+23:59",
    "9999-12-31T23:59:59-23:59", "0000-00-00", "T", "Z", "2026-11-24T12:00:00",
    "2026-11-24T12:00:00.123456789+00:00", "2026-W48-2", "20261124", "Tue, 24 Nov 2026 12:00:00 GMT", "1795500000",
    "1795500000.5", "1795500000000", "-1795500000", "99999999999999999999", "..", "../x", "a/b", "a?b#c", "a b",
    "https://evil.example/", "http://[", "https://a@b:99999/", "x@example.com", "@", "x" * 260 + "@example.com",
    "+1 555 0100", [], {}, [[]], [{}], {"a": 1}, [None], [0, "a"], {"": ""}, [[[[[[[[]]]]]]]],
)  # fmt: skip


def raw(data: bytes, others: Sequence[bytes], random: Random) -> bytes:
    """Some bytes replaced, put in, taken out, said again, or taken from another one."""
    made = bytearray(data)
    for _ in range(1 + int(random.random() ** 3 * 6)):
        at = int(random.random() * (len(made) + 1))
        length = int(random.random() ** 4 * 40) if random.random() < 0.9 else int(random.random() * (len(made) + 1))
        match int(random.random() * 8):
            case 0 if at < len(made):
                made[at] ^= 1 << int(random.random() * 8)
            case 1 if at < len(made):
                made[at] = int(random.random() * 256)
            case 2:
                made[at:at] = random.choice(ODD)
            case 3:
                made[at : at + length] = random.choice(ODD)
            case 4:
                del made[at : at + length]
            case 5:
                made[at:at] = made[at : at + length] * (1 + int(random.random() * 3))
            case 6:
                other = random.choice(others) if others else data
                start = int(random.random() * (len(other) + 1))
                made[at : at + length] = other[start : start + length]
            case _:
                del made[at if random.random() < 0.2 else len(made) :]
    return bytes(made[:_LARGEST])


def document(data: bytes, others: Sequence[bytes], random: Random) -> bytes:
    """Of JSON or a form another one, of which some members are otherwise; of what is neither, and now and then of those
    too, other bytes."""
    if random.random() < 0.15:
        return raw(data, others, random)
    if data[:1] in (b"{", b"["):
        try:
            return _written(_changed(json.loads(data), others, random))
        except (ValueError, RecursionError):  # no JSON, or with numbers or depths that Python does not write
            return raw(data, others, random)
    if b"=" in data and b"\n" not in data:
        return _form(data, others, random)
    return raw(data, others, random)


def message(data: bytes, others: Sequence[bytes], random: Random) -> bytes:
    """Of a head and a body, with an empty line between, one is otherwise, mostly the body."""
    head, gap, body = data.partition(b"\n\n")
    parts = [each.partition(b"\n\n") for each in ((random.choice(others),) if others else ())]
    if random.random() < 0.25:
        return raw(head, [each[0] for each in parts], random) + gap + body
    return head + (gap or b"\n\n") + document(body, [each[2] for each in parts], random)


def _form(data: bytes, others: Sequence[bytes], random: Random) -> bytes:
    try:
        fields = parse_qsl(data.decode("latin-1"), keep_blank_values=True)
    except ValueError:
        fields = []
    if not fields:
        return raw(data, others, random)
    for _ in range(1 + int(random.random() ** 2 * 3)):
        if not fields:
            break
        at = int(random.random() * len(fields))
        name, value = fields[at]
        match int(random.random() * 6):
            case 0:
                del fields[at]
            case 1:
                fields.append(fields[at])
            case 2:
                fields[at] = (random.choice(fields)[0], value)
            case 3 if value[:1] in ("{", "["):
                changed = document(value.encode("utf-8", "surrogatepass"), (), random)
                fields[at] = (name, changed.decode("utf-8", "replace"))
            case _:
                odd = random.choice(VALUES)
                fields[at] = (name, odd if isinstance(odd, str) else _written(odd).decode())
    return urlencode(fields, errors="surrogatepass").encode()[:_LARGEST]


def _changed(held: Any, others: Sequence[bytes], random: Random) -> Any:
    for _ in range(1 + int(random.random() ** 2 * 4)):
        places = list(_places(held))
        if not places:
            return _any(random)
        inside, key = random.choice(places)
        value = inside[key]
        match int(random.random() * 9):
            case 0:
                del inside[key]
            case 1:
                inside[key] = _odd(value, random)
            case 2:
                other, name = random.choice(places)
                if (other is not inside or name != key) and name in (
                    other if isinstance(other, dict) else range(len(other))
                ):
                    inside[key] = deepcopy(other[name])
            case 3 if isinstance(inside, dict):
                inside[random.choice([name for _, name in places if isinstance(name, str)] or [""])] = inside.pop(key)
            case 4 if isinstance(inside, list):
                inside.insert(key, deepcopy(value))
            case 5 if others:
                _take(inside, key, random.choice(others), random)
            case _:
                inside[key] = _any(random)
    return held


def _holds(inside: Any, key: Any) -> bool:
    return key in (inside if isinstance(inside, dict) else range(len(inside)))


def _any(random: Random) -> Any:
    return deepcopy(random.choice(VALUES))


def _take(inside: Any, key: Any, other: bytes, random: Random) -> None:
    """Put something of another document there."""
    try:
        places = list(_places(json.loads(other)))
    except (ValueError, RecursionError):
        return
    if places:
        theirs, name = random.choice(places)
        inside[key] = theirs[name]
        if isinstance(inside, dict) and isinstance(name, str):
            inside[name] = inside.pop(key)


def _odd(value: Any, random: Random) -> Any:
    match value:
        case str() if value[:1] in ("{", "["):
            return document(value.encode("utf-8", "surrogatepass"), (), random).decode("utf-8", "replace")
        case bool() | None:
            return str(value)
        case int():
            return random.choice((-value, value + 1, value * 100, value * 10**9, str(value), [value], {"a": value}))
        case float():
            return random.choice((-value, value * 1e3, str(value), int(value) if abs(value) < 1e300 else 0, [value]))
        case str():
            cut = int(random.random() * (len(value) + 1))
            return random.choice(
                (value[:cut], value[cut:], value * 2, value + "\0", value.upper(), value[::-1], [value], len(value))
            )
        case list():
            return random.choice(([], value * 2, value[::-1], value[0] if value else {}, {"0": value}, [value]))
    return random.choice(([value], list(value.values()), list(value), {}, str(value)))


def _places(held: Any) -> list[tuple[Any, Any]]:
    found: list[tuple[Any, Any]] = []
    waiting = [held]
    while waiting and len(found) < 2_000:
        here = waiting.pop()
        if isinstance(here, dict):
            for key, value in here.items():
                found.append((here, key))
                if isinstance(value, dict | list):
                    waiting.append(value)
        elif isinstance(here, list):
            for place, value in enumerate(here):
                found.append((here, place))
                if isinstance(value, dict | list):
                    waiting.append(value)
    return found


def _written(held: Any) -> bytes:
    return json.dumps(held).encode()[:_LARGEST]
