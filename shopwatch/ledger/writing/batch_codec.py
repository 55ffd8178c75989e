"""Batches on their way to the process that books them, and back: a quarter of what pickling costs, for nearly all."""

from collections.abc import Sequence

import msgspec

from shopwatch.domain.messages.delivery import Delivery
from shopwatch.domain.messages.verdict import Accepted, Challenge, Rejected, Verdict
from shopwatch.ledger.writing.booking import Recorded
from shopwatch.ledger.writing.write_connection import Batch, BatchOutcome

type PackedBatch = bytes | Batch
"""A batch that holds texts or numbers which MessagePack cannot write stays as it is."""

type PackedWritten = tuple[bytes, list[object]] | BatchOutcome
"""One that holds errors stays as it is."""

type _Pair = tuple[Delivery, Accepted | Challenge | Rejected]

_write = msgspec.msgpack.Encoder().encode
_read = msgspec.msgpack.Decoder(list[_Pair]).decode
_read_one = msgspec.msgpack.Decoder(_Pair).decode
_read_recorded = msgspec.msgpack.Decoder(list[Recorded]).decode
_split = msgspec.msgpack.Decoder(list[msgspec.Raw]).decode


def pack(batch: Batch) -> PackedBatch:
    try:
        return _write(batch)
    except (UnicodeEncodeError, OverflowError):
        return batch


def unpack(packed: PackedBatch) -> Sequence[tuple[Delivery, Verdict] | Exception]:
    """The batch again. An error stands in the place of what is not as its type says, which only a defect can do."""
    if not isinstance(packed, bytes):
        return packed
    try:
        return _read(packed)
    except msgspec.ValidationError:
        return [_unpack_pair(each) for each in _split(packed)]


def _unpack_pair(packed: msgspec.Raw) -> _Pair | Exception:
    try:
        pair: _Pair = _read_one(packed)
    except msgspec.ValidationError as error:
        return error
    return pair


def pack_written(written: BatchOutcome) -> PackedWritten:
    if any(isinstance(each, Exception) for each in written.recorded):
        return written
    return _write(written.recorded), written.facts


def unpack_written(packed: PackedWritten) -> BatchOutcome:
    return packed if isinstance(packed, BatchOutcome) else BatchOutcome([*_read_recorded(packed[0])], packed[1])
