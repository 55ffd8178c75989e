"""What every provider declares, and the one way all of them are judged."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import Any

from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import phrase, say
from shopwatch.domain.instant import Instant
from shopwatch.domain.messages.delivery import Headers, Repeated, Request
from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.messages.secrecy import Redactor as Hidden
from shopwatch.domain.messages.verdict import Accepted, Answer, Challenge, Further, Reason, Rejected, Verdict
from shopwatch.domain.source import NO_OPTIONS, Options, Secrets
from shopwatch.providers.kit.account import Account
from shopwatch.providers.kit.batch import parts
from shopwatch.providers.kit.bodies import json_object
from shopwatch.providers.kit.check import Check, Signed
from shopwatch.providers.kit.options import Option
from shopwatch.providers.kit.reading import LONGEST_ID, Meaning, Message, Reader, Unreadable, find, meanings, text
from shopwatch.providers.kit.sample import Sample
from shopwatch.providers.kit.signature import fingerprint
from shopwatch.providers.kit.token import (
    REDACTED,
    Mask,
    may_show,
    put_redacted,
    put_seal,
    redacted,
    restored,
    sealing,
    unsealing,
)

NONE_HELD = Secrets()


@dataclass(frozen=True, slots=True)
class SetupWords:
    """The provider's own words, as its settings page shows them, so that the owner finds the places.

    `menu` is where the address goes, with " › " between several steps (empty: it takes the address through its API
    alone), and `secret_menu` where the secret is, if that is elsewhere.
    `secret_prefixes` are how its secrets begin (empty: they have no mark), `api_key_prefixes` how other keys of its
    begin, which owners take for the secret; `events` what to tick there.
    `secret_each_event`: the provider gives one secret for every event type, so a source holds several.
    `secret_length`: where the owner makes the secret up, how many characters one from ShopWatch has; 0: it is given.
    `secret_found` says where the secret is to be found, `away` what becomes of messages while nobody listens,
    `needs` what the owner must have there first (a plan, an app), and `sure` how far its messages can be believed where
    `Assurance` does not say it; each one plain sentence, or empty.
    """

    does: str
    settings_url: str
    menu: str
    address_label: str
    secret_label: str
    events: tuple[str, ...]
    save: str = "Save"
    secret_menu: str = ""
    secret_prefixes: tuple[str, ...] = ()
    api_key_prefixes: tuple[str, ...] = ()
    secret_found: str = ""
    away: str = ""
    needs: str = ""
    secret_each_event: bool = False
    secret_length: int = 0
    sure: str = ""


class Assurance(StrEnum):
    """What a sender's check is worth, so that nobody takes a shown secret for a signature."""

    SIGNED = "signed"
    TOKEN = "token"  # noqa: S105 - a word
    """It shows a secret; what the message says is as safe as the way here."""
    ADDRESS = "address"
    """It knows the unguessable address, and nothing else."""


@dataclass(frozen=True, slots=True)
class PracticeDraft:
    """A practice message before it is signed; `id` is the event's, `headers` those beside the signature.

    `query` is added to the address, where the sender sends part of its message there.
    """

    body: bytes
    id: str
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str = "application/json"
    query: str = ""


type Where = str | Callable[[Message], str]
"""A member of the body, with full stops between the steps to it, or what finds it elsewhere."""

type Greeting = Callable[[Request, Secrets, Options], Verdict | None]
"""What to say to a request that comes before, or without, any signature; None: it is an ordinary message."""

type Redaction = Callable[[Request, Options, Mask], Request]
"""A message with the secret that it shows covered, as it may be kept. Raises nothing."""

type Reply = Callable[[Message, tuple[str, ...]], Answer | None]
"""The answer to a genuine message that only asks whether somebody is here; None: it is an ordinary message."""


@dataclass(frozen=True, slots=True)
class Provider:
    """A kind of sender. `tile` is its letter or two; `retries_for` how long it tries an unanswered message again (0: it
    does not, or is not known to; None: it does, and does not say for how long); `order_url` its page for one order,
    with `{order_id}`, or empty.

    `recipe` is how it shows who it is, and `assurance` what that is worth. Not `signs_email`: what it signs leaves out
    the customer's e-mail address, which is shown, and no letter goes there. `reads` makes an object of a body.
    `event_id` and `event_type` are where the body holds them, where no header does. `readers` understand its messages
    by type, and `otherwise` those of any other type; what none reads is genuine, with nothing to book.
    `ids_shared`: messages of several types may bear one id. `handshake` answers the trial of an address, `ping_reply` a
    message that is one. `batch` is where the body holds a list of events, each of which is read as a message of its
    own, with its own id and type; empty: a message is one event. A list of none is genuine, with nothing to book.
    `methods` are those by which its messages come, `tried_by` those (HEAD, GET) by which it may ask beforehand whether
    the address is there, which is answered 200 and says nothing more. `types` are what its messages are written in
    beside JSON, forms and plain text (media types, in lower case), and `redact` hides the secret in one before it is
    kept, where it stands as `shows` makes it.
    `secretless`: it has no secret, so whatever comes to the unguessable address is believed, or what the sender signs
    by a key of its own that anybody may have.
    `answer` goes back to an accepted message, or what `answers` says where it depends on the message.
    `practises` are the kinds that `draft` writes as the provider would. `signs_alone`: nobody else can sign as it does,
    so its practice messages bear no signature, and are known by their nonce alone.
    `addresses` are the ranges it says it sends from, `options` what the owner sets beside the secret. `ending` is added
    to the address that the owner gives there, where the secret has to be written behind it: ShopWatch makes that one.
    `account` is where its messages name whose they are.
    """

    id: str
    name: str
    tile: str
    setup: SetupWords = field(repr=False)
    recipe: Check = field(repr=False)
    readers: Mapping[str, Reader] = field(repr=False)
    draft: Callable[[Kind, Sample, Instant], PracticeDraft] = field(repr=False)
    practises: tuple[Kind, ...] = (Kind.SALE, Kind.REFUND, Kind.DISPUTE)
    signs_alone: bool = False
    otherwise: Reader | None = field(default=None, repr=False)
    reads: Callable[[Request], dict[str, Any]] = field(default=json_object, repr=False)
    event_id: Where = ""
    event_type: Where = ""
    ids_shared: bool = False
    batch: str = ""
    methods: tuple[str, ...] = ("POST",)
    tried_by: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    redact: Redaction = field(default=lambda request, *_: request, repr=False)
    shows: Callable[[str], str] = field(default=str, repr=False)
    handshake: Greeting | None = field(default=None, repr=False)
    ping_reply: Reply | None = field(default=None, repr=False)
    answer: Answer = field(default_factory=Answer)
    answers: Callable[[Message], Answer] | None = field(default=None, repr=False)
    assurance: Assurance = Assurance.SIGNED
    signs_email: bool = True
    secretless: bool = False
    retries_for: Instant | None = 0
    order_url: str = ""
    addresses: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()
    ending: str = ""
    account: Account | None = field(default=None, repr=False)

    @property
    def told(self) -> tuple[Option, ...]:
        """All that a source of it can be told: its `options`, and whose messages count."""
        return (*self.options, *((self.account.option,) if self.account is not None else ()))

    def described(self, _options: Options) -> "Provider":
        """This provider as a source with these options has it: itself, unless the owner describes it by them."""
        return self

    def check_options(self, options: Options) -> None:
        """Raises UserError if a source cannot have these options."""
        for each in self.options:
            each.check(self.name, options.get(each.key, ""))

    def judge(self, request: Request, secrets: Secrets, now: Instant, options: Options = NO_OPTIONS) -> Verdict:
        """What to think of `request`. Any bytes give a verdict; nothing is raised, waited for or written."""
        try:
            if (greeted := self.greeted(request, secrets, options)) is not None:
                return greeted
            if request.method not in self.methods:
                return Rejected(Reason.METHOD)
            signed = self.recipe.check(request, secrets, now, options)
            if isinstance(signed, Signed):
                held = () if self.ping_reply is None else secrets.at(now)
                return self._understand(request, signed, held, options, ours=True)
            return signed
        except Repeated as header:
            return Rejected(Reason.HEADER_REPEATED, str(header))

    def greeted(self, request: Request, secrets: Secrets, options: Options = NO_OPTIONS) -> Verdict | None:
        """What to think of a request that comes before, or without, any signature; None: it is an ordinary message.
        Raises `Repeated`."""
        if self.handshake is not None and (verdict := self.handshake(request, secrets, options)) is not None:
            return verdict
        return Rejected(Reason.PING) if request.method in self.tried_by else None

    @property
    def is_greeted(self) -> bool:
        """Whether any request may come before, or without, a signature."""
        return self.handshake is not None or bool(self.tried_by)

    def kept(
        self, request: Request, verdict: Verdict, options: Options = NO_OPTIONS, secrets: Secrets = NONE_HELD
    ) -> Request:
        """`request` as it may be kept: the secret that it shows is covered, and so is any of `secrets` elsewhere in it.

        In what was rejected they are sealed, because they may be right or belong to what is signed: see `judge_kept`.
        """
        unfit = isinstance(verdict, Rejected) and verdict.reason is Reason.TOKEN_MISMATCH
        seen = self.redact(request, options, sealing(request) if unfit else lambda _: REDACTED)
        return redacted(
            seen, self.hidden(secrets, options), put_seal(request) if isinstance(verdict, Rejected) else put_redacted
        )

    def without_secrets[Said: Verdict](
        self, request: Request, verdict: Said, options: Options = NO_OPTIONS, secrets: Secrets = NONE_HELD
    ) -> Said:
        """What the verdict on `request` says, with any of `secrets` in it covered, as it may be kept."""
        hidden = self.hidden(secrets, options)
        return hidden.within(verdict, put_redacted) if may_show(request, hidden) else verdict

    def hidden(self, secrets: Secrets, options: Options = NO_OPTIONS) -> Hidden:
        """What finds these secrets in a message, also the part of one that lets somebody in, and as they are shown."""
        this = self.described(options)
        return _hidden(secrets.current + secrets.previous, this.setup.secret_prefixes, this.shows)

    def restored(self, request: Request, secrets: Secrets, options: Options = NO_OPTIONS) -> Request:
        """A rejected message as it came, as far as who holds these secrets knows again what was sealed in it."""
        unmasked = self.redact(request, options, unsealing(request, secrets, self.shows))
        return restored(unmasked, self.hidden(secrets, options))

    def judge_kept(self, request: Request, secrets: Secrets, now: Instant, options: Options = NO_OPTIONS) -> Verdict:
        """The same as `judge` of a rejected message that was kept, whose shown secret only its holder knows again."""
        return self.judge(self.restored(request, secrets, options), secrets, now, options)

    def claims(self, request: Request, now: Instant, options: Options = NO_OPTIONS) -> Event | None:
        """What the message says it is, whoever sent it: never to be believed or booked. None if it cannot be read.

        Of one that tells several things, the first.
        """
        return next(iter(self.claims_all(request, now, options)), None)

    def claims_all(self, request: Request, now: Instant, options: Options = NO_OPTIONS) -> tuple[Event, ...]:
        """The same, of all things that the message tells."""
        try:
            verdict = self._understand(request, Signed(now), (), options)
        except Repeated:
            return ()
        return verdict.events if isinstance(verdict, Accepted) else ()

    def names_account(self, request: Request, options: Options = NO_OPTIONS) -> str:
        """The account that the message names, whoever sent it; empty if it names none or cannot be read."""
        try:
            message = Message(self.reads(request), request.headers, "", 0, request.url, options)
            return self.account.named(message) if self.account is not None else ""
        except (Unreadable, Repeated):
            return ""

    def practise(
        self, kind: Kind, secret: str, now: Instant, seed: int, *, url: str = "", options: Options = NO_OPTIONS
    ) -> Request:
        """A made-up message to `url`, signed as this provider signs, of one of the kinds it `practises`: a refund or
        dispute is of the sale that the same `seed` made. Different seeds make different orders.

        Raises UserError if `secret` can only check signatures, not make them, and the provider does not sign alone.
        """
        draft = self.draft(kind, Sample.of(seed), now)
        headers = Headers.of({"Content-Type": draft.content_type} | draft.headers)
        joint = ("&" if "?" in url else "?") if draft.query else ""
        request = Request("POST", f"{url}{joint}{draft.query}", headers, draft.body)
        signed = self.recipe.sign(request, secret, now, draft.id, options)
        if signed is None and self.signs_alone:
            return request
        if signed is None:
            raise UserError(
                say("With this secret ShopWatch can check messages, but not make practice sales."),
                say("A real message from {provider} shows that all is well.", provider=self.name),
                code="secret-cannot-sign",
            )
        return signed

    def judge_practice(self, request: Request, now: Instant, options: Options = NO_OPTIONS) -> Verdict:
        """What a practice message means that bears no signature. Whether it is one only its nonce shows."""
        return self._understand(request, Signed(now), (), options)

    def _understand(
        self, request: Request, signed: Signed, held: tuple[str, ...], options: Options, *, ours: bool = False
    ) -> Verdict:
        """What it says; with `ours` only if it is about an account whose messages count."""
        kind_of = signed.type[:LONGEST_ID]
        answer = self.answer
        unreadable = ""
        message = None
        try:
            message = Message(self.reads(request), request.headers, kind_of, signed.at, request.url, options)
            if not self.batch:
                message = self._typed(message)
            if self.ping_reply is not None and (reply := self.ping_reply(message, held)) is not None:
                return Challenge(reply)
            if self.answers is not None:
                answer = self.answers(message)
            if ours and self.account is not None and (foreign := self.account.foreign(message, options)):
                return Rejected(Reason.OTHER_ACCOUNT, foreign[:LONGEST_ID])
            if self.batch:
                return self._understand_batch(message, request.body, answer)
        except Unreadable as why:
            unreadable = str(why)
        if message is None:
            message = Message({}, request.headers, kind_of, signed.at, request.url, options)
        told = self._events(message, signed.id, request.body, unreadable)
        if told is None:
            return Rejected(Reason.ID_UNUSABLE)
        if len(told) == 1:
            return Accepted(told[0], answer)
        return Accepted(told[0], answer, tuple(Further(each, request.body) for each in told[1:]))

    def _understand_batch(self, message: Message, body: bytes, answer: Answer) -> Accepted:
        """Each entry as a message of its own. One that cannot be told by a number of its own is told by its bytes, so
        that it does not keep the others away. Raises `Unreadable` if there is no list."""
        found: list[Further] = []
        for entry, raw in parts(message.body, body, self.batch):
            one = Message(entry, message.headers, message.type, message.at, message.url, message.options)
            unreadable = ""
            try:
                one = self._typed(one)
            except Unreadable as why:
                unreadable = str(why)
            told = self._events(one, "", raw, unreadable)
            if told is None:
                told = (Event(fingerprint(raw), one.type, Kind.OTHER, one.at, unreadable=_numberless()),)
            found += [Further(each, raw) for each in told]
        if not found:
            return Accepted(Event(fingerprint(body), message.type, Kind.OTHER, message.at), answer)
        return Accepted(found[0].event, answer, tuple(found[1:]), found[0].body)

    def _typed(self, message: Message) -> Message:
        """`message` with its type from the body, where no header has it."""
        if message.type or not self.event_type:
            return message
        kind_of = _found(self.event_type, message)[:LONGEST_ID]
        return Message(message.body, message.headers, kind_of, message.at, message.url, message.options)

    def _events(self, message: Message, event_id: str, raw: bytes, unreadable: str) -> tuple[Event, ...] | None:
        """All that a message tells, which has these bytes; None if its id is none that can serve as one."""
        kind_of = message.type
        told: tuple[Meaning, ...] = ()
        if not unreadable:
            try:
                if not event_id and self.event_id:
                    event_id = _found(self.event_id, message, as_id=True)
                reader = self.readers.get(kind_of, self.otherwise)
                if reader is not None:
                    told = meanings(reader(message))
            except Unreadable as why:
                unreadable = str(why)
        if self.ids_shared and event_id and kind_of not in self.readers:
            event_id = f"{kind_of}:{event_id}"
        if not _usable(event_id):
            return None
        event_id = event_id or fingerprint(raw or message.url.encode("utf-8", "surrogatepass"))
        first = told[0] if told else Meaning(Kind.OTHER, None, message.at)
        event = first.to_book.event(event_id, kind_of, unreadable)
        if len(told) < 2:
            return (event,)
        return event, *(
            each.to_book.event(_next_id(event_id, place), kind_of) for place, each in enumerate(told[1:], start=1)
        )


@lru_cache(maxsize=256)
def _hidden(secrets: tuple[str, ...], prefixes: tuple[str, ...], shows: Callable[[str], str]) -> Hidden:
    texts = set(secrets) | {shows(each) for each in secrets} | {each.partition(":")[2] for each in secrets}
    return Hidden(texts | {each.removeprefix(prefix) for each in secrets for prefix in prefixes})


def _next_id(event_id: str, place: int) -> str:
    named = f"{event_id}:{place}"
    return named if _usable(named) else fingerprint(named.encode("utf-8", "surrogatepass"))


def _numberless() -> str:
    why = phrase("The message is genuine, but it has no number that ShopWatch can tell it by, so it was not counted.")
    return why.text


def _found(where: Where, message: Message, *, as_id: bool = False) -> str:
    if not isinstance(where, str):
        return where(message)
    if not as_id:
        return text(message.body, *where.split("."))
    found = find(message.body, *where.split("."))
    return found if isinstance(found, str) else str(found) if type(found) is int else ""


def _usable(event_id: str) -> bool:
    if event_id.isascii():
        return len(event_id) <= LONGEST_ID and "\0" not in event_id
    try:
        return len(event_id.encode()) <= LONGEST_ID and "\0" not in event_id
    except UnicodeEncodeError:
        return False
