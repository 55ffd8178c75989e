"""Messages of 1 MiB, or with as many parts as are read at all, in the shapes that cost most to judge."""

from collections.abc import Callable, Iterator

from shopwatch.providers.kit.reading import DEEPEST, MOST_PARTS

_MOST = 1_048_576
_LARGEST_NUMBER = 4_300
_SAME_HASH = 2**61 - 1  # Python's hash of whole numbers counts by this

_DEEP = b"," + b"[" * (DEEPEST - 2) + b"]" * (DEEPEST - 2)


def shapes() -> Iterator[tuple[str, bytes]]:
    """Each with its name. None is read by its sender's own reader: what counts is what comes before that."""
    yield "one text", _filled(b'{"a":"', b"x", b'"}')
    yield "one text of escapes", _filled(b'{"a":"', b"\\u00e9", b'"}')
    yield "one number", _filled(b'{"a":', b"9", b"}")
    yield "numbers as long as can be", _filled(b'{"a":[0', b"," + b"9" * _LARGEST_NUMBER, b"]}")
    yield "brackets that never close", b"[" * _MOST
    yield "objects that never close", b'{"a":' * (_MOST // 5)
    for most in (MOST_PARTS, 10 * MOST_PARTS):
        yield f"{most:,} members", _parted(most, b'{"a":0', lambda part: b',"%x":1' % part, b"}")
        yield (
            f"{most:,} numbers of one hash",
            _parted(most, b'{"a":0', lambda part: b',"%d":0' % (part * _SAME_HASH), b"}"),
        )
        yield f"{most:,} fractions", _parted(most, b'{"a":[0', lambda _: b",0.1", b"]}")
        yield f"{most // 2:,} lists", _parted(most // 2, b'{"a":[0', lambda _: b",[]", b"]}")
        yield f"{most // 2:,} objects", _parted(most // 2, b'{"a":[0', lambda _: b',{"":0}', b"]}")
        yield f"{most:,} lists, {DEEPEST} deep", _parted(most // DEEPEST, b'{"a":[0', lambda _: _DEEP, b"]}")
    yield "a form of many fields", _filled(b"a=b", b"&a=b", b"")
    yield "a form of many written names", _filled(b"a=b", b"&%41=%41", b"")
    yield "a form of one field", _filled(b"a=", b"%41", b"")
    yield "a form of nothing", b"&" * _MOST


def _filled(begin: bytes, piece: bytes, end: bytes) -> bytes:
    return begin + piece * ((_MOST - len(begin) - len(end)) // len(piece)) + end


def _parted(parts: int, begin: bytes, piece: Callable[[int], bytes], end: bytes) -> bytes:
    pieces, size = [begin], len(begin) + len(end)
    for part in range(parts - 2):
        made = piece(part)
        size += len(made)
        if size > _MOST:
            break
        pieces.append(made)
    return b"".join([*pieces, end])
