"""What a sender signs and where it writes that, as a declaration, and the check that follows from it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from shopwatch.domain.clock import MINUTE, SECOND, Instant
from shopwatch.domain.delivery import Headers, Request
from shopwatch.domain.source import Secrets
from shopwatch.domain.verdict import Reason, Rejected
from shopwatch.providers.signature import MOST_TRIED, Scheme

_DIGITS = re.compile(r"[0-9]{1,15}", re.ASCII)


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


@dataclass(frozen=True, slots=True)
class Signed:
    """What is known of a message once its signature fits."""

    names: HeaderNames
    id: str
    at: Instant
    """When the sender says it sent the message; where it says nothing, when it was judged."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How one sender signs.

    `headers` are its families, the first whose signature header is there counts. `signed` is the signed text, made
    of %(id)b, %(timestamp)b and %(body)b. `schemes` are the versions that count; others beside them are ignored.
    The signature header holds entries of version, `binds`, value with `between` between them, one of which may be
    `timestamp_entry`; without `between` it holds one bare signature, of version "".
    Timestamps count `unit`s; a message is believed up to `past` after and `future` before its own time, both inclusive.
    """

    headers: tuple[HeaderNames, ...]
    signed: bytes
    schemes: Mapping[str, Scheme]
    between: str = ""
    binds: str = "="
    timestamp_entry: str = ""
    unit: Instant = SECOND
    past: Instant = 5 * MINUTE
    future: Instant = 5 * MINUTE
    refuses_empty: bool = False
    _timed: bool = field(init=False)
    _identified: bool = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_timed", b"%(timestamp)b" in self.signed)
        object.__setattr__(self, "_identified", b"%(id)b" in self.signed)

    def check(self, request: Request, secrets: Secrets, now: Instant) -> Signed | Rejected:
        """Whether `request` is what a holder of one of `secrets` signed, not long before `now`.

        Raises `Repeated` if a header that decides came twice.
        """
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
        text = self.signed % {b"id": message_id.encode(), b"timestamp": timestamp.encode(), b"body": body}
        refusal = self._unfit(secrets.at(now)[:MOST_TRIED], text, entries)
        if refusal is not None:
            return refusal
        if self._identified and "." in message_id:
            # A full stop parts the id from the timestamp in the signed text, so such an id could be read two ways.
            return Rejected(Reason.ID_UNUSABLE)
        if not self._timed:
            return Signed(names, message_id, now)
        at = int(timestamp) * self.unit
        if now - at > self.past:
            return Rejected(Reason.TOO_OLD, str((now - at) // MINUTE))
        if at - now > self.future:
            return Rejected(Reason.FROM_THE_FUTURE, str((at - now) // MINUTE))
        return Signed(names, message_id, at)

    def sign(self, secret: str, body: bytes, at: Instant, message_id: str) -> dict[str, str] | None:
        """The headers by which the sender signs `body`; None if this secret can only check."""
        names = self.headers[0]
        timestamp = str(at // self.unit)
        text = self.signed % {b"id": message_id.encode(), b"timestamp": timestamp.encode(), b"body": body}
        for version, scheme in self.schemes.items():
            signature = scheme.sign(secret, text)
            if signature is None:
                continue
            entries = [f"{self.timestamp_entry}{self.binds}{timestamp}"] if self.timestamp_entry else []
            entries.append(f"{version}{self.binds}{signature}" if self.between else signature)
            headers = {names.id: message_id, names.timestamp: timestamp, names.signature: self.between.join(entries)}
            return {name: value for name, value in headers.items() if name}
        return None

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
        if not self._timed:
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
            if len(sent) > MOST_TRIED:
                return Rejected(Reason.SIGNATURE_MALFORMED)
            if sent and scheme.fits(secrets, text, sent):
                return None
            well_formed = well_formed or any(map(scheme.well_formed, sent))
        return Rejected(Reason.SIGNATURE_MISMATCH if well_formed else Reason.SIGNATURE_MALFORMED)
