"""How claims, receipts and headers are written into a row, and read back."""

from typing import Any

import msgspec
from msgspec import structs

from shopwatch.domain.i18n import phrase
from shopwatch.domain.messages.delivery import Headers
from shopwatch.domain.sales.sale import Claim, DisputeClaim, Item, RefundClaim, Sale, SaleClaim
from shopwatch.ledger.text_keys import storable

LARGEST = 2**53
"""Whole numbers beyond this are brought back to it: stores and JSON readers bend them."""

_CLAIMS: dict[str, type[Claim]] = {"sale": SaleClaim, "refund": RefundClaim, "dispute": DisputeClaim}
_NAMES: dict[type[Claim], str] = {kind: name for name, kind in _CLAIMS.items()}

_encode = msgspec.json.Encoder().encode
_read_claim = msgspec.json.Decoder(tuple[str, msgspec.Raw, tuple[str, ...]]).decode
_readers = {name: msgspec.json.Decoder(kind).decode for name, kind in _CLAIMS.items()}
_read_items = msgspec.json.Decoder(tuple[Item, ...]).decode
_pack = msgspec.msgpack.Encoder().encode
_unpack = msgspec.msgpack.Decoder(tuple[tuple[bytes, bytes], ...]).decode

FORGOTTEN = phrase("Forgotten customer")
"""The name of whoever was forgotten; kept as the catalogue has it."""


def shown(sale: Sale) -> Sale:
    """A sale as it is shown, where that is not as it is kept."""
    return structs.replace(sale, name=str(FORGOTTEN)) if sale.name == FORGOTTEN.text else sale


def clean_claim(claim: Claim, links: tuple[str, ...]) -> tuple[Claim, tuple[str, ...], bytes]:
    """The claim and links with storable texts and numbers, and the two as one value of a row."""
    try:
        written = _encode((_NAMES[type(claim)], claim, links))
    except (UnicodeEncodeError, OverflowError):
        written = b"\\u0000"
    if b"\\u0000" not in written:
        return claim, links, written
    claim, links = clean(claim), clean(links)
    return claim, links, _encode((_NAMES[type(claim)], claim, links))


def claim_of(written: bytes) -> tuple[Claim, tuple[str, ...]]:
    """The claim and links that `clean_claim` has written."""
    name, claim, links = _read_claim(written)
    return _readers[name](claim), links


def write_items(items: tuple[Item, ...]) -> bytes:
    """The lines of a receipt, cleaned already, as one value of a row."""
    return _encode(items) if items else b"[]"


def items_of(written: bytes) -> tuple[Item, ...]:
    return () if written == b"[]" else _read_items(written)


def write_headers(headers: Headers) -> bytes:
    """The header lines byte for byte."""
    return _pack(headers.lines)


def headers_of(written: bytes) -> Headers:
    return Headers(_unpack(written))


def whole(number: int) -> int:
    """`number`, or the nearest one that a row can hold."""
    return number if -LARGEST <= number <= LARGEST else max(-LARGEST, min(LARGEST, number))


def clean(value: Any) -> Any:
    """`value` with storable texts and numbers, however deep they lie in tuples and values of ours."""
    if isinstance(value, bool):
        return value
    if type(value) is str:
        return storable(value)
    if isinstance(value, int):
        return whole(value)
    if isinstance(value, tuple):
        return tuple(clean(each) for each in value)
    if isinstance(value, msgspec.Struct):
        return structs.replace(value, **{name: clean(getattr(value, name)) for name in value.__struct_fields__})
    return value
