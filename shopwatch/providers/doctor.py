"""The signature doctor: why a message is not believed, in one sentence, with the evidence and what mends it.

It judges the message again as the provider does, each time with one thing put right. What makes it fit is the cause.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from shopwatch.domain.clock import MINUTE, Instant
from shopwatch.domain.delivery import Repeated, Request
from shopwatch.domain.source import NO_OPTIONS, Options, Secrets
from shopwatch.domain.verdict import Accepted, Challenge, Reason, Rejected, Verdict, Wanting, explain
from shopwatch.domain.words import say
from shopwatch.providers import PROVIDERS
from shopwatch.providers.diagnosis import Cause, Diagnosis, Evidence, Remedy
from shopwatch.providers.evidence import evidence_of, has, how_it_ends, likeness, marks, says_at
from shopwatch.providers.provider import Assurance, Provider
from shopwatch.providers.restoring import SecretForm, addresses_like, bodies_like, forms_of, signatures_like

MOST_TRIALS = 96
"""How often one message is judged at most, whatever is in it."""
_MOST_SECRETS = 3
_MOST_OTHERS = 12
_TELLING = 4
"""Shorter beginnings say nothing of a secret that is another provider's."""
_LARGEST = 2**20
"""Larger bodies are not put right in all the ways that there are."""

_FITTING = frozenset({Reason.TOO_OLD, Reason.FROM_THE_FUTURE, Reason.ID_UNUSABLE})
_UNFIT = frozenset({Reason.SIGNATURE_MISMATCH, Reason.SIGNATURE_MALFORMED, Reason.TOKEN_MISMATCH})
_LACKING = frozenset({Reason.SIGNATURE_MISSING, Reason.TOKEN_MISSING, Reason.HEADER_MISSING, Reason.TIMESTAMP_MISSING})


@dataclass(frozen=True, slots=True, repr=False)
class Other:
    """Another source of this shop, whose secret may be the one that fits."""

    source_id: str
    name: str
    provider: Provider
    secrets: Secrets


def diagnose(
    provider: Provider,
    request: Request,
    secrets: Secrets,
    now: Instant,
    *,
    others: Sequence[Other] = (),
    options: Options = NO_OPTIONS,
    addresses: Sequence[str] = (),
) -> Diagnosis:
    """What is the matter with `request`, which arrived at `now` and was not believed. Total over any request.

    `addresses` are those the source has or had beside the one that the message came to.
    """
    examination = _Examination(provider, request, secrets, now, others=others, options=options, addresses=addresses)
    return examination.diagnosis()


def mended(
    provider: Provider,
    request: Request,
    secrets: Secrets,
    now: Instant,
    *,
    others: Sequence[Other] = (),
    options: Options = NO_OPTIONS,
) -> Secrets | None:
    """The secrets that a diagnosis with `CLEAN_SECRET` or `USE_SECRET_OF` would have stored; None if none fit."""
    return _Examination(provider, request, secrets, now, others=others, options=options).mended()


class _Examination:
    """One message, judged again and again. What is tried is counted, so that no message costs more than another."""

    def __init__(
        self,
        provider: Provider,
        request: Request,
        secrets: Secrets,
        now: Instant,
        *,
        others: Sequence[Other],
        options: Options,
        addresses: Sequence[str] = (),
    ) -> None:
        self._provider = provider.described(options)
        self._request = request
        self._secrets = secrets
        self._now = now
        self._others = others[:_MOST_OTHERS]
        self._options = options
        self._addresses = addresses
        self._held = secrets.at(now)[:_MOST_SECRETS]
        self._left = MOST_TRIALS

    def diagnosis(self) -> Diagnosis:
        verdict = self._judge(self._request, self._secrets)
        if isinstance(verdict, Wanting):
            return self._found(
                Cause.NOT_A_MESSAGE,
                say("It can only be judged with a certificate of {provider}'s.", provider=self._provider.name),
                say("ShopWatch fetches it from {provider} when the next message comes.", provider=self._provider.name),
                remedy=Remedy.NONE,
            )
        if not isinstance(verdict, Rejected):
            return self._fits_now()
        if verdict.reason is Reason.NO_SECRET or (not self._held and verdict.reason in _UNFIT):
            return self._found(
                Cause.NO_SECRET,
                say("No secret is stored for this address."),
                say("Paste it, then check this message again."),
                remedy=Remedy.REPLACE_SECRET,
            )
        if verdict.reason in (Reason.TOO_OLD, Reason.FROM_THE_FUTURE):
            return self._untimely(verdict)
        if verdict.reason in _LACKING:
            return self._foreign() or self._lacking(verdict)
        if verdict.reason in _UNFIT:
            return self._unfit(verdict)
        return self._found(
            Cause.NOT_A_MESSAGE,
            explain(verdict.reason, self._provider.name, verdict.detail),
            say("The secret has nothing to do with it."),
            remedy=Remedy.NONE,
        )

    def mended(self) -> Secrets | None:
        for at, form in self._fitting_forms():
            current = list(self._secrets.current)
            wrong = self._held[at]
            return replace(self._secrets, current=tuple(form.secret if each == wrong else each for each in current))
        other = self._fitting_other()
        if other is not None:
            fitting = next(secret for secret in other.secrets.current if self._fits(held=(secret,)))
            kept = self._secrets.current if self._provider.setup.secret_each_event else ()
            return replace(self._secrets, current=(*kept, fitting))
        return None

    def _unfit(self, verdict: Rejected) -> Diagnosis:
        for examine in (
            self._badly_written,
            self._outlived,
            self._of_other_source,
            self._for_other_address,
            self._rewritten,
            self._signature_encoding,
            self._api_key,
            self._of_other_mode,
        ):
            found = examine()
            if found is not None:
                return found
        if verdict.reason is Reason.SIGNATURE_MALFORMED and (foreign := self._foreign()) is not None:
            return foreign
        malformed = verdict.reason is Reason.SIGNATURE_MALFORMED
        return self._found(
            Cause.UNKNOWN,
            explain(verdict.reason, self._provider.name)
            if malformed
            else say("The signature does not fit and ShopWatch cannot tell why."),
            say("It may be made up, or the secret may be another one. Compare the last letters of the secret."),
        )

    def _fits_now(self) -> Diagnosis:
        return self._found(
            Cause.FITS_NOW,
            say("This message fits now."),
            say("Check it again, and it can be counted."),
            certain=True,
            fits=True,
        )

    def _untimely(self, verdict: Rejected) -> Diagnosis:
        said = says_at(self._provider.recipe, self._request)
        minutes = verdict.detail
        if verdict.reason is Reason.FROM_THE_FUTURE:
            return self._found(
                Cause.CLOCK_SLOW,
                say("This computer's clock is {minutes} minutes slow.", minutes=minutes),
                say("Its signature fits. Set the clock to automatic, and new messages are counted."),
                remedy=Remedy.SET_CLOCK,
                fits=True,
            )
        sent = _date_of(self._request)
        if said is not None and sent is not None and abs(sent - said) <= MINUTE:
            return self._found(
                Cause.CLOCK_FAST,
                say("This computer's clock is {minutes} minutes fast.", minutes=minutes),
                say("Its signature fits. Set the clock to automatic, and new messages are counted."),
                remedy=Remedy.SET_CLOCK,
                fits=True,
            )
        return self._found(
            Cause.TOO_OLD,
            explain(Reason.TOO_OLD, self._provider.name, minutes),
            say("Its signature fits, but it was made long before it arrived."),
            fits=True,
        )

    def _foreign(self) -> Diagnosis | None:
        """It carries what another provider's messages carry, and this one's do not."""
        own = {name.lower() for name in marks(self._provider.recipe, self._request)}
        signing = [each for each in PROVIDERS if each.assurance is Assurance.SIGNED and each is not self._provider]
        alike = max(signing, key=lambda each: likeness(each.recipe, self._request), default=None)
        if alike is None or not likeness(alike.recipe, self._request):
            return None
        theirs = [name for name in marks(alike.recipe, self._request) if has(self._request, name)]
        if theirs and all(name.lower() in own for name in theirs):
            return None
        return self._found(
            Cause.OTHER_PROVIDER,
            say("This looks like a message from {provider}.", provider=alike.name),
            say("It came to your {provider} address, and {provider} signs otherwise.", provider=self._provider.name),
            remedy=Remedy.NONE,
        )

    def _lacking(self, verdict: Rejected) -> Diagnosis:
        return self._found(
            Cause.HEADER_MISSING,
            explain(verdict.reason, self._provider.name, verdict.detail),
            say("Without it nobody can tell who sent the message."),
            remedy=Remedy.NONE,
        )

    def _badly_written(self) -> Diagnosis | None:
        for at, form in self._fitting_forms():
            spaces = form.cause is Cause.SPACES_IN_SECRET
            return self._found(
                form.cause,
                form.sentence,
                say("Without it the signature fits, so this really came from {provider}.", provider=self._provider.name)
                if spaces
                else say("Put right, the signature fits, so this came from {provider}.", provider=self._provider.name),
                remedy=Remedy.CLEAN_SECRET,
                certain=True,
                odd=form.odd,
                proof=Evidence(True, form.proof, how_it_ends(form.secret)),
                secret=self._held[at],
            )
        return None

    def _outlived(self) -> Diagnosis | None:
        past = tuple(secret for secret in self._secrets.previous if secret not in self._held)
        if not past or not self._fits(held=past[:_MOST_SECRETS]):
            return None
        return self._found(
            Cause.PREVIOUS_SECRET,
            say("The message fits the old secret, which is accepted no more."),
            say("{provider} still signs with it. Put the new secret there, too.", provider=self._provider.name),
            remedy=Remedy.REPLACE_SECRET,
            proof=Evidence(True, say("It fits the secret from before"), how_it_ends(past[0])),
        )

    def _of_other_source(self) -> Diagnosis | None:
        other = self._fitting_other()
        if other is None:
            return None
        event = self._provider.claims(self._request, self._now, self._options)
        proof = Evidence(True, say("It fits the secret of {name}", name=other.name))
        if event is not None and not event.live and self._provider.assurance is Assurance.SIGNED:
            return self._found(
                Cause.OTHER_MODE,
                say("The secret is for real messages, but this one is from test mode."),
                say("It fits the secret of {name}, so it came from {provider}.", **self._both(other)),
                remedy=Remedy.USE_SECRET_OF,
                subject=other.source_id,
                proof=proof,
            )
        return self._found(
            Cause.OTHER_SOURCE,
            say("The secret belongs to another {provider} address.", provider=self._provider.name),
            say("It fits the secret of {name}, so it came from {provider}.", **self._both(other)),
            remedy=Remedy.USE_SECRET_OF,
            certain=True,
            subject=other.source_id,
            proof=proof,
        )

    def _api_key(self) -> Diagnosis | None:
        for owner in (self._provider, *PROVIDERS):
            told = owner.setup.api_key_prefixes
            prefixes = told if owner is self._provider else tuple(each for each in told if len(each) >= _TELLING)
            if any(secret.strip().startswith(prefixes) for secret in self._held):
                return self._found(
                    Cause.API_KEY,
                    say("An API key of {provider} is stored in place of the secret.", provider=owner.name),
                    say("Copy “{label}” instead.", label=self._provider.setup.secret_label),
                    remedy=Remedy.REPLACE_SECRET,
                    odd=say("is an API key"),
                )
        return None

    def _of_other_mode(self) -> Diagnosis | None:
        """The secret itself says for which mode it is, and the message says that it is of the other."""
        event = self._provider.claims(self._request, self._now, self._options)
        marked = self._provider.setup.secret_prefixes
        modes = {_mode_of(secret) if secret.startswith(marked) else None for secret in self._held}
        if event is None or modes != {not event.live}:
            return None
        return self._found(
            Cause.OTHER_MODE,
            say("The secret is from test mode, the message is real.")
            if event.live
            else say("The secret is for real messages, but this one is from test mode."),
            say("Each mode has a secret of its own. Paste the other one."),
            remedy=Remedy.REPLACE_SECRET,
        )

    def _for_other_address(self) -> Diagnosis | None:
        for address in addresses_like((self._request.url, *self._addresses)):
            if self._fits(request=replace(self._request, url=address)):
                return self._found(
                    Cause.ADDRESS_DIFFERS,
                    say("{provider} knows another address than yours.", provider=self._provider.name),
                    say("The signature covers the address. Copy yours into {provider}.", provider=self._provider.name),
                    remedy=Remedy.COPY_ADDRESS,
                    certain=True,
                    subject=address,
                    proof=Evidence(True, say("It fits with the address it was sent to"), address),
                )
        return None

    def _rewritten(self) -> Diagnosis | None:
        if len(self._request.body) > _LARGEST:
            return None
        for body, undone in bodies_like(self._request.body):
            if self._fits(request=replace(self._request, body=body)):
                return self._found(
                    Cause.BODY_CHANGED,
                    say("The message was changed on its way."),
                    say("Something between {provider} and ShopWatch rewrites it.", provider=self._provider.name),
                    proof=Evidence(True, undone, say("{size} bytes", size=len(body))),
                )
        return None

    def _signature_encoding(self) -> Diagnosis | None:
        for headers, sentence in signatures_like(self._request.headers, marks(self._provider.recipe, self._request)):
            if self._fits(request=replace(self._request, headers=headers)):
                return self._found(
                    Cause.SECRET_ENCODING,
                    sentence,
                    say("The sender writes it otherwise than {provider} does.", provider=self._provider.name),
                    remedy=Remedy.NONE,
                    proof=Evidence(True, say("It fits once it is written as it should be")),
                )
        return None

    def _fitting_forms(self) -> Iterator[tuple[int, SecretForm]]:
        for at, secret in enumerate(self._held):
            for form in forms_of(secret, self._provider.setup.secret_prefixes):
                if self._fits(held=(form.secret,)):
                    yield at, form

    def _fitting_other(self) -> Other | None:
        for other in self._others:
            if self._fits(held=other.secrets.current[:_MOST_SECRETS]):
                return other
        return None

    def _both(self, other: Other) -> dict[str, object]:
        return {"name": other.name, "provider": self._provider.name}

    def _fits(self, *, request: Request | None = None, held: tuple[str, ...] | None = None) -> bool:
        secrets = self._secrets if held is None else replace(self._secrets, current=held, previous=())
        verdict = self._judge(request or self._request, secrets)
        if isinstance(verdict, Rejected):
            return verdict.reason in _FITTING
        return isinstance(verdict, Accepted | Challenge)

    def _judge(self, request: Request, secrets: Secrets) -> Verdict:
        self._left -= 1
        if self._left < 0:
            return Rejected(Reason.SIGNATURE_MISMATCH)
        return self._provider.judge(request, secrets, self._now, self._options)

    def _found(
        self,
        cause: Cause,
        sentence: str,
        consequence: str,
        *,
        remedy: Remedy = Remedy.CHECK_AGAIN,
        certain: bool = False,
        subject: str = "",
        fits: bool = False,
        odd: str = "",
        proof: Evidence | None = None,
        secret: str = "",
    ) -> Diagnosis:
        looked_at = evidence_of(
            self._provider, self._request, self._now, secret or next(iter(self._held), ""), fits=fits, odd=odd
        )
        proofs = () if proof is None else (proof,)
        return Diagnosis(cause, sentence, consequence, looked_at + proofs, remedy, certain, subject)


def _date_of(request: Request) -> Instant | None:
    """When the sender's own clock says it sent the request, if it says so."""
    from email.utils import parsedate_to_datetime  # noqa: PLC0415 - rarely needed, and slow to load

    try:
        said = request.headers.only("Date")
        return int(parsedate_to_datetime(said).timestamp() * 1000) if said else None
    except (Repeated, ValueError, TypeError, OverflowError, IndexError):
        return None


def _mode_of(secret: str) -> bool | None:
    """True for the real one, False for the test one; None if the secret does not say."""
    parts = secret.lower().replace("-", "_").split("_")[:3]
    if {"test", "sandbox"} & set(parts):
        return False
    return True if {"live", "prod", "production"} & set(parts) else None
