"""What every provider declares, and the one way all of them are judged."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from shopwatch.domain.clock import Instant
from shopwatch.domain.delivery import Headers, Repeated, Request
from shopwatch.domain.errors import UserError
from shopwatch.domain.event import Event, Kind
from shopwatch.domain.source import Secrets
from shopwatch.domain.verdict import Accepted, Answer, Reason, Rejected, Verdict
from shopwatch.domain.words import say
from shopwatch.providers.reading import LONGEST_ID, Meaning, Message, Reader, Unreadable, find, parse, text
from shopwatch.providers.recipe import Recipe, Signed
from shopwatch.providers.sample import Sample
from shopwatch.providers.signature import fingerprint


@dataclass(frozen=True, slots=True)
class SetupWords:
    """The provider's own words, as its settings page shows them, so that the owner finds the places.

    `secret_prefixes` are how its secrets begin (empty: they have no mark); `events` what to tick there.
    `secret_each_event`: the provider gives one secret for every event type, so a source holds several.
    """

    does: str
    settings_url: str
    menu: str
    address_label: str
    secret_label: str
    events: tuple[str, ...]
    save: str = "Save"
    secret_prefixes: tuple[str, ...] = ()
    secret_each_event: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """A practice message before it is signed; `id` is the event's, `headers` those beside the signature."""

    body: bytes
    id: str
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Provider:
    """A kind of sender. `tile` is its letter or two; `retries_for` how long it tries an unanswered message again
    (0: it does not, or does not say); `order_url` its page for one order, with `{order_id}`, or empty.

    `recipe` is how it signs. `event_id` and `event_type` are the members of the body that hold them, where no header
    does. `readers` understand its messages by type; any other type is genuine, with nothing to book.
    `ids_shared`: messages of several types may bear one id. `draft` writes a message as the provider would.
    """

    id: str
    name: str
    tile: str
    setup: SetupWords = field(repr=False)
    recipe: Recipe = field(repr=False)
    readers: Mapping[str, Reader] = field(repr=False)
    draft: Callable[[Kind, Sample, Instant], Draft] = field(repr=False)
    event_id: str = ""
    event_type: str = ""
    ids_shared: bool = False
    answer: Answer = field(default_factory=Answer)
    retries_for: Instant = 0
    order_url: str = ""

    def judge(self, request: Request, secrets: Secrets, now: Instant) -> Verdict:
        """What to think of `request`. Any bytes give a verdict; nothing is raised, waited for or written."""
        if request.method != "POST":
            return Rejected(Reason.METHOD)
        try:
            signed = self.recipe.check(request, secrets, now)
            if isinstance(signed, Rejected):
                return signed
            return self._understand(request, signed)
        except Repeated as header:
            return Rejected(Reason.HEADER_REPEATED, str(header))

    def practise(self, kind: Kind, secret: str, now: Instant, seed: int) -> Request:
        """A made-up message, signed as this provider signs, of a sale, or of a refund or dispute of the sale that the
        same `seed` made. Different seeds make different orders. The request has no URL: the caller knows where it goes.

        Raises UserError if `secret` can only check signatures, not make them.
        """
        draft = self.draft(kind, Sample.of(seed), now)
        signature = self.recipe.sign(secret, draft.body, now, draft.id)
        if signature is None:
            raise UserError(
                say("With this secret ShopWatch can check messages, but not make practice sales."),
                say("A real message from {provider} shows that all is well.", provider=self.name),
                code="secret-cannot-sign",
            )
        headers = {"Content-Type": "application/json"} | draft.headers | signature
        return Request("POST", "", Headers.of(headers), draft.body)

    def _understand(self, request: Request, signed: Signed) -> Verdict:
        names, headers = signed.names, request.headers
        found_id: object = signed.id
        kind_of = (headers.only(names.type) or "" if names.type else "")[:LONGEST_ID]
        meaning: Meaning | None = None
        unreadable = ""
        try:
            body = parse(request.body)
            found_id = signed.id or find(body, self.event_id)
            kind_of = kind_of or text(body, self.event_type)[:LONGEST_ID]
            if (reader := self.readers.get(kind_of)) is not None:
                meaning = reader(Message(body, headers, kind_of, signed.at))
        except Unreadable as why:
            unreadable = str(why)
        event_id = found_id if isinstance(found_id, str) else str(found_id) if type(found_id) is int else ""
        if self.ids_shared and event_id and kind_of not in self.readers:
            event_id = f"{kind_of}:{event_id}"
        if not _usable(event_id):
            return Rejected(Reason.ID_UNUSABLE)
        if meaning is None:
            meaning = Meaning(Kind.OTHER, None, signed.at)
        return Accepted(
            Event(
                id=event_id or fingerprint(request.body),
                type=kind_of,
                kind=meaning.kind,
                occurred_at=meaning.occurred_at,
                claim=meaning.claim,
                happening=meaning.happening,
                links=meaning.links,
                live=meaning.live,
                unreadable=unreadable,
                needs_fetch=meaning.needs_fetch,
            ),
            self.answer,
        )


def _usable(event_id: str) -> bool:
    if event_id.isascii():
        return len(event_id) <= LONGEST_ID and "\0" not in event_id
    try:
        return len(event_id.encode()) <= LONGEST_ID and "\0" not in event_id
    except UnicodeEncodeError:
        return False
