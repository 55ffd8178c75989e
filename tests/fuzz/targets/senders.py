"""Every sender's judge and fold: messages of the vectors and of practice, changed, as they are and signed anew.

An input is the name of the message that it was made of, method and address in one line, headers, an empty line, body.
"""

import zlib
from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import partial

from shopwatch.domain.instant import Instant
from shopwatch.domain.messages.delivery import Headers, Repeated, Request
from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.messages.verdict import Accepted, Challenge, Rejected, Verdict, Wanting, explain
from shopwatch.domain.sales.sale import Part, fold
from shopwatch.domain.source import Options, Secrets
from shopwatch.providers import CHECKS, PROVIDERS
from shopwatch.providers.doctor.doctor import diagnose
from shopwatch.providers.kit.sample import Sample
from shopwatch.providers.provider import Assurance, Provider
from shopwatch.providers.verdict_text import describe
from tests.fuzz.mutation import message
from tests.fuzz.target import Target
from tests.providers.cases import NOW, URL, keys_of, options_of, secret_of, vectors

PARTLY_SIGNED = {
    "adyen": "it signs the account, the references, the amount, the code and whether it went well (docs.adyen.com)",
    "ecwid": "it signs the time and the id of the event; what was bought its API says (docs.ecwid.com)",
    "flutterwave": "its older way shows a secret and signs nothing (developer.flutterwave.com)",
    "mercadopago": "it signs the id in the address, that of the request and the time; the rest its API says",
}
"""Senders whose mark leaves some of the message out, so that it may be otherwise and is believed."""


@dataclass(frozen=True)
class Known:
    """A message as it should be, and what its owner holds."""

    name: str
    request: Request
    secrets: Secrets
    now: Instant
    options: Options
    genuine: bool

    @property
    def data(self) -> bytes:
        head = [f"{self.name}\t{self.request.method}\t{self.request.url}".encode("utf-8", "surrogateescape")]
        head += [name + b": " + value for name, value in self.request.headers.lines]
        return b"\n".join(head) + b"\n\n" + self.request.body


def known_of(provider: Provider) -> list[Known]:
    found = []
    for case in vectors():
        if case.provider is provider:
            filed, genuine = case.filed, case.given["expect"] == "valid"
            name = case.name.replace("\t", " ").replace("\n", " ")
            found.append(Known(name, filed.request, filed.secrets, filed.now or NOW, filed.options, genuine))
    held, options = keys_of(provider), options_of(provider)
    for kind in provider.practises:
        sent = provider.practise(kind, secret_of(provider), NOW, 7, url=URL, options=options)
        found.append(Known(f"practice {kind}", sent, held, NOW, options, True))
        draft = provider.described(options)
        found.append(Known(f"practice {kind} unsigned", _drafted(draft, kind, sent), held, NOW, options, False))
    return found


def _drafted(provider: Provider, kind: Kind, sent: Request) -> Request:
    draft = provider.draft(kind, Sample.of(7), NOW)
    return Request(sent.method, sent.url, sent.headers, draft.body)


def seeds(provider: Provider) -> Iterable[bytes]:
    return [each.data for each in known_of(provider)]


class Judging:
    """Judges what comes as one provider."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider
        self._known = {each.name: each for each in known_of(provider)}
        self._first = next(iter(self._known.values()))
        self._bodies = {each.request.body for each in self._known.values()}
        self._told = [self._judged(each) for each in self._known.values()]

    def __call__(self, data: bytes) -> None:
        provider = self._provider
        known, request = self._read(data)
        verdict = provider.judge(request, known.secrets, known.now, known.options)
        self._bear(known, request, verdict)
        if (
            isinstance(verdict, Accepted)
            and provider.assurance is Assurance.SIGNED
            and request.body not in self._bodies
        ):
            assert provider.id in PARTLY_SIGNED or self._meaning(verdict) in self._told, "a bent message is believed"
        for secret in known.secrets.current[:1]:
            if (signed := self._signed(request, secret, known)) is not None:
                self._bear(known, signed, provider.judge(signed, known.secrets, known.now, known.options))

    def _signed(self, request: Request, secret: str, known: Known) -> Request | None:
        """None for what no sender would sign: headers that decide, twice."""
        try:
            return self._provider.recipe.sign(request, secret, known.now, "msg_1", known.options)
        except Repeated:
            return None

    def _read(self, data: bytes) -> tuple[Known, Request]:
        head, _, body = data.partition(b"\n\n")
        first, *lines = head.split(b"\n")
        name, _, rest = first.decode("utf-8", "surrogateescape").partition("\t")
        method, _, url = rest.partition("\t")
        headers = tuple((each.partition(b": ")[0], each.partition(b": ")[2]) for each in lines)
        return self._known.get(name, self._first), Request(method, url, Headers(headers), body)

    def _judged(self, known: Known) -> object:
        return self._meaning(self._provider.judge(known.request, known.secrets, known.now, known.options))

    def _meaning(self, verdict: Verdict) -> object:
        return (
            [(each.kind, each.claim, each.happening) for each in verdict.events]
            if isinstance(verdict, Accepted)
            else None
        )

    def _bear(self, known: Known, request: Request, verdict: Verdict) -> None:
        provider = self._provider
        assert isinstance(verdict, Accepted | Rejected | Challenge | Wanting)
        if isinstance(verdict, Accepted):
            bear_events(verdict.events)
        rare = zlib.crc32(request.body) % 64 == 0
        kept = provider.kept(request, verdict, known.options)
        if isinstance(verdict, Rejected):
            assert verdict.answer.status in (400, 401, 403, 404, 405) or 200 <= verdict.answer.status < 300, verdict
            explain(verdict.reason, provider.name, verdict.detail)
            provider.judge_kept(kept, known.secrets, known.now, known.options)
            bear_events(provider.claims_all(request, known.now, known.options))
            if rare:
                diagnose(provider, kept, known.secrets, known.now, options=known.options)
        if rare:
            provider.names_account(request, known.options)
            describe(provider, "", verdict)


def bear_events(events: Iterable[Event]) -> None:
    """Hold what was understood to what everybody above relies on."""
    parts: dict[str, list[Part]] = {}
    for event in events:
        assert 0 < len(event.id.encode()) <= 255
        assert "\0" not in event.id
        hash(event)
        repr(event).encode()
        claim = event.claim
        if claim is None:
            continue
        assert not any(char < " " or "\ud800" <= char <= "\udfff" for char in claim.order_id), claim.order_id
        assert claim.amount is None or claim.amount.minor >= 0, claim
        parts.setdefault(claim.order_id, []).append(
            Part(event.id, event.type, event.occurred_at, claim, live=event.live)
        )
    for several in parts.values():
        sale = fold(several)
        assert sale == fold([*reversed(several), *several])
        assert sale.kept is None or sale.kept.minor >= 0


def judging(provider: Provider) -> AbstractContextManager[Judging]:
    return nullcontext(Judging(provider))


TARGETS = [
    Target(f"sender-{each.id}", partial(seeds, each), partial(judging, each), message) for each in PROVIDERS + CHECKS
]
