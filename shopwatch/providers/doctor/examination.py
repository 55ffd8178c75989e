"""One message under examination by the signature doctor."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from shopwatch.domain.instant import Instant
from shopwatch.domain.messages.delivery import Request
from shopwatch.domain.messages.verdict import Accepted, Challenge, Reason, Rejected, Verdict
from shopwatch.domain.source import Options, Secrets
from shopwatch.providers.doctor.diagnosis import Cause, Diagnosis, Evidence, SignatureRemedy
from shopwatch.providers.doctor.evidence import evidence_of
from shopwatch.providers.doctor.repairs import SecretForm, forms_of
from shopwatch.providers.provider import Provider

MOST_TRIALS = 96
"""How often one message is judged at most, whatever is in it."""
MOST_SECRETS = 3
MOST_OTHERS = 12
"""Other sources whose secrets are tried."""
_FITTING = frozenset({Reason.TOO_OLD, Reason.FROM_THE_FUTURE, Reason.ID_UNUSABLE, Reason.OTHER_ACCOUNT})


@dataclass(frozen=True, slots=True, repr=False)
class Other:
    """Another source of this shop, whose secret may be the one that fits."""

    source_id: str
    name: str
    provider: Provider
    secrets: Secrets


class Examination:
    """Judges one message again and again, and counts, so that no message costs more than another.

    `held` are the secrets that count when it arrived.
    """

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
        self.provider = provider.described(options)
        self.request = request
        self.secrets = secrets
        self.now = now
        self._others = others[:MOST_OTHERS]
        self.options = options
        self.addresses = addresses
        self.held = secrets.at(now)[:MOST_SECRETS]
        self._left = MOST_TRIALS

    @property
    def restored(self) -> Request:
        """The message as it came, as far as the secrets held know again what was covered in it."""
        return self.provider.restored(self.request, self.secrets, self.options)

    def fitting_forms(self) -> Iterator[tuple[int, SecretForm]]:
        """Which of the secrets held would fit if it were written otherwise, and how."""
        for at, secret in enumerate(self.held):
            for form in forms_of(secret, self.provider.setup.secret_prefixes):
                if self.fits(held=(form.secret,)):
                    yield at, form

    def fitting_other(self) -> Other | None:
        """The other source whose secret fits."""
        for other in self._others:
            if self.fits(held=other.secrets.current[:MOST_SECRETS]):
                return other
        return None

    def fits(self, *, request: Request | None = None, held: tuple[str, ...] | None = None) -> bool:
        """Whether it is what a holder of these secrets signed, with this in place of the request or the secrets."""
        secrets = self.secrets if held is None else replace(self.secrets, current=held, previous=())
        verdict = self.judge(request or self.request, secrets)
        if isinstance(verdict, Rejected):
            return verdict.reason in _FITTING
        return isinstance(verdict, Accepted | Challenge)

    def judge(self, request: Request, secrets: Secrets) -> Verdict:
        """What the provider thinks of it; a mismatch once it was asked too often."""
        self._left -= 1
        if self._left < 0:
            return Rejected(Reason.SIGNATURE_MISMATCH)
        return self.provider.judge_kept(request, secrets, self.now, self.options)

    def found(
        self,
        cause: Cause,
        sentence: str,
        consequence: str,
        *,
        remedy: SignatureRemedy = SignatureRemedy.CHECK_AGAIN,
        certain: bool = False,
        subject: str = "",
        fits: bool = False,
        odd: str = "",
        proof: Evidence | None = None,
        secret: str = "",
    ) -> Diagnosis:
        """A diagnosis with the evidence; `odd` is what is odd about `secret`, `proof` what showed the cause."""
        looked_at = evidence_of(
            self.provider, self.request, self.now, secret or next(iter(self.held), ""), fits=fits, odd=odd
        )
        proofs = () if proof is None else (proof,)
        return Diagnosis(cause, sentence, consequence, looked_at + proofs, remedy, certain, subject)
