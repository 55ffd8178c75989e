"""What a sender signs and where it writes that, as a declaration, and the check that follows from it."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from msgspec.structs import replace

from shopwatch.domain.instant import MINUTE, SECOND, Instant
from shopwatch.domain.messages.delivery import Headers, Request
from shopwatch.domain.messages.verdict import Reason, Rejected
from shopwatch.domain.source import Options, Secrets
from shopwatch.providers.kit.check import Signed, far_off
from shopwatch.providers.kit.signature import MOST_TRIED, Scheme

_DIGITS = re.compile(r"[0-9]{1,15}", re.ASCII)
_PART = re.compile(rb"%\(\w+\)b")


@dataclass(frozen=True, slots=True)
class HeaderNames:
    """One family of headers. `required` ones must be there though nothing is read from them.

    `id` and `type` name headers that hold the event's id and type, where the body does not.
    """

    signature: str
    timestamp: str = ""
    id: str = ""
    type: str = ""
    required: tuple[str, ...] = ()


type Texts = Callable[[Request, str], Iterable[bytes]]
"""The texts one of which was signed, for a request and its timestamp; none if it contradicts itself."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How one sender signs.

    `headers` are its families, the first whose signature header is there counts. `signed` is the signed text, made
    of %(id)b, %(timestamp)b, %(body)b, %(method)b and %(url)b, or a function where it is more than that. `schemes` are
    the versions that count; others beside them are ignored.
    The signature header holds entries of version, `binds`, value with `between` between them, one of which may be
    `timestamp_entry`; without `between` it holds one bare signature, of version "". `timed` says that the timestamp is
    signed, and therefore must be there and near; where `signed` is a template, it is seen from that.
    Timestamps count `unit`s; a message is believed up to `past` after and `future` before its own time, both inclusive.
    With more than `most` signatures of one version the header is none of this sender's.
    """

    headers: tuple[HeaderNames, ...]
    signed: bytes | Texts
    schemes: Mapping[str, Scheme]
    between: str = ""
    binds: str = "="
    timestamp_entry: str = ""
    unit: Instant = SECOND
    past: Instant = 5 * MINUTE
    future: Instant = 5 * MINUTE
    most: int = MOST_TRIED
    refuses_empty: bool = False
    timed: bool = False
    _marks: frozenset[str] = field(init=False)
    _names_request: bool = field(init=False)

    def __post_init__(self) -> None:
        template = self.signed if isinstance(self.signed, bytes) else b""
        object.__setattr__(self, "timed", self.timed or b"%(timestamp)b" in template)
        between = _PART.sub(b"", template).decode() if b"%(id)b" in template else ""
        object.__setattr__(self, "_names_request", b"%(method)b" in template or b"%(url)b" in template)
        object.__setattr__(self, "_marks", frozenset(mark for mark in between if not mark.isalnum()))

    def applies(self, request: Request) -> bool:
        return any(request.headers.only(names.signature) for names in self.headers)

    def says_at(self, request: Request) -> Instant | None:
        """When the message says it was made, believed or not. Raises `Repeated`."""
        found = self._family(request.headers)
        if found is None or not self.timed:
            return None
        names, header = found
        timestamp = self._timestamp(request.headers, names, self._entries(header))
        return int(timestamp) * self.unit if isinstance(timestamp, str) else None

    def writes_time(self, request: Request) -> str:
        """The time as the message writes it, believed or not; empty if it writes none. Raises `Repeated`."""
        found = self._family(request.headers)
        if found is None or not self.timed:
            return ""
        names, header = found
        if names.timestamp:
            return request.headers.only(names.timestamp) or ""
        return next((value for named, value in self._entries(header) if named == self.timestamp_entry), "")

    def check(self, request: Request, secrets: Secrets, now: Instant, _options: Options) -> Signed | Rejected:
        """Whether `request` is what a holder of one of `secrets` signed, not long before `now`. See `Check`."""
        headers, body = request.headers, request.body
        found = self._family(headers)
        if found is None:
            return Rejected(Reason.SIGNATURE_MISSING)
        names, header = found
        for name in names.required:
            if not headers.only(name):
                return Rejected(Reason.HEADER_MISSING, name)
        if self.refuses_empty and not body:
            return Rejected(Reason.BODY_EMPTY)
        message_id = headers.only(names.id) or "" if names.id else ""
        entries = self._entries(header)
        timestamp = self._timestamp(headers, names, entries)
        if isinstance(timestamp, Rejected):
            return timestamp
        held = secrets.at(now)[:MOST_TRIED]
        refusal: Rejected | None = None
        for text in self._texts(request, message_id, timestamp):
            refusal = self._unfit(held, text, entries)
            if refusal is None:
                break
        else:
            return refusal or Rejected(Reason.SIGNATURE_MISMATCH)
        if not self._marks.isdisjoint(message_id):
            # What parts the id from its neighbours in the signed text stands in it, so it could be read two ways.
            return Rejected(Reason.ID_UNUSABLE)
        kind = headers.only(names.type) or "" if names.type else ""
        if not self.timed:
            return Signed(now, message_id, kind)
        at = int(timestamp) * self.unit
        if now - at > self.past:
            return far_off(at, now) or Rejected(Reason.TOO_OLD, str((now - at) // MINUTE))
        if at - now > self.future:
            return far_off(at, now) or Rejected(Reason.FROM_THE_FUTURE, str((at - now) // MINUTE))
        return Signed(at, message_id, kind)

    def sign(self, request: Request, secret: str, at: Instant, message_id: str, _options: Options) -> Request | None:
        """`request` with the headers by which the sender signs it. See `Check`."""
        names = self.headers[0]
        timestamp = str(at // self.unit)
        text = next(iter(self._texts(request, message_id, timestamp)), b"")
        for version, scheme in self.schemes.items():
            signature = scheme.sign(secret, text)
            if signature is None:
                continue
            entries = [f"{self.timestamp_entry}{self.binds}{timestamp}"] if self.timestamp_entry else []
            entries.append(f"{version}{self.binds}{signature}" if self.between else signature)
            headers = {names.id: message_id, names.timestamp: timestamp, names.signature: self.between.join(entries)}
            lines = Headers.of({name: value for name, value in headers.items() if name}).lines
            return replace(request, headers=Headers((*request.headers.lines, *lines)))
        return None

    def _texts(self, request: Request, message_id: str, timestamp: str) -> Iterable[bytes]:
        if not isinstance(self.signed, bytes):
            return self.signed(request, timestamp)
        parts = {b"id": message_id.encode(), b"timestamp": timestamp.encode(), b"body": request.body}
        if self._names_request:
            parts[b"method"] = request.method.encode("utf-8", "replace")
            parts[b"url"] = request.url.encode("utf-8", "replace")
        return (self.signed % parts,)

    def _family(self, headers: Headers) -> tuple[HeaderNames, str] | None:
        for names in self.headers:
            header = headers.only(names.signature)
            if header:
                return names, header
        return None

    def _entries(self, header: str) -> list[tuple[str, str]]:
        if not self.between:
            return [("", header)]
        pairs = (entry.strip().partition(self.binds) for entry in header.split(self.between))
        return [(version, value) for version, bound, value in pairs if bound]

    def _timestamp(self, headers: Headers, names: HeaderNames, entries: list[tuple[str, str]]) -> str | Rejected:
        if not self.timed:
            return ""
        if names.timestamp:
            timestamp = headers.only(names.timestamp)
        else:
            stamps = [value for version, value in entries if version == self.timestamp_entry]
            if len(stamps) > 1:
                return Rejected(Reason.HEADER_REPEATED, self.timestamp_entry)
            timestamp = stamps[0] if stamps else None
        if not timestamp:
            return Rejected(Reason.TIMESTAMP_MISSING)
        return timestamp if _DIGITS.fullmatch(timestamp) else Rejected(Reason.TIMESTAMP_MALFORMED)

    def _unfit(self, secrets: tuple[str, ...], text: bytes, entries: list[tuple[str, str]]) -> Rejected | None:
        well_formed = False
        for version, scheme in self.schemes.items():
            sent = [value.encode() for named, value in entries if named == version]
            if len(sent) > self.most:
                return Rejected(Reason.SIGNATURE_MALFORMED)
            if sent and scheme.fits(secrets, text, sent):
                return None
            well_formed = well_formed or any(map(scheme.well_formed, sent))
        return Rejected(Reason.SIGNATURE_MISMATCH if well_formed else Reason.SIGNATURE_MALFORMED)
