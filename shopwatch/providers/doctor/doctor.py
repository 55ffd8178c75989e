"""The signature doctor: why a message is not believed, in one sentence, with the evidence and what mends it.

It judges the message again as the provider does, each time with one thing put right. What makes it fit is the cause.
"""

from collections.abc import Sequence
from dataclasses import replace

from shopwatch.domain.i18n import say
from shopwatch.domain.instant import MINUTE, SECOND, Instant
from shopwatch.domain.legible import legible
from shopwatch.domain.messages.delivery import Repeated, Request
from shopwatch.domain.messages.verdict import Reason, Rejected, Wanting, explain
from shopwatch.domain.source import NO_OPTIONS, Options, Secrets
from shopwatch.providers import PROVIDERS
from shopwatch.providers.doctor.causes import CAUSES
from shopwatch.providers.doctor.diagnosis import Cause, Diagnosis, Evidence, SignatureRemedy
from shopwatch.providers.doctor.evidence import has, likeness, marks, says_at, unit_of_time
from shopwatch.providers.doctor.examination import Examination, Other
from shopwatch.providers.kit.account import accounts_in
from shopwatch.providers.kit.token import shows_seal
from shopwatch.providers.provider import Assurance, Provider

_UNFIT = frozenset({Reason.SIGNATURE_MISMATCH, Reason.SIGNATURE_MALFORMED, Reason.TOKEN_MISMATCH})
_LACKING = frozenset({Reason.SIGNATURE_MISSING, Reason.TOKEN_MISSING, Reason.HEADER_MISSING, Reason.TIMESTAMP_MISSING})

_LONGEST_ACCOUNT = 40


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
    case = Examination(provider, request, secrets, now, others=others, options=options, addresses=addresses)
    verdict = case.judge(request, secrets)
    if isinstance(verdict, Wanting):
        return _wanting(case)
    if not isinstance(verdict, Rejected):
        return _fits_now(case)
    if verdict.reason is Reason.NO_SECRET or (verdict.reason in _UNFIT and not case.held):
        return _no_secret(case)
    if verdict.reason in (Reason.TOO_OLD, Reason.FROM_THE_FUTURE):
        return _untimely(case, verdict)
    if verdict.reason is Reason.TIMESTAMP_MALFORMED:
        return _odd_time(case, verdict)
    if verdict.reason is Reason.OTHER_ACCOUNT:
        return _foreign_account(case, verdict)
    if verdict.reason in _LACKING:
        return _foreign(case) or _lacking(case, verdict)
    if verdict.reason in _UNFIT:
        return _unfit(case, verdict)
    return _no_message(case, verdict)


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
    case = Examination(provider, request, secrets, now, others=others, options=options)
    for at, form in case.fitting_forms():
        right = {case.held[at]: form.secret}
        current, previous = (
            tuple(right.get(each, each) for each in held) for held in (secrets.current, secrets.previous)
        )
        return replace(secrets, current=current, previous=previous)
    other = case.fitting_other()
    fitting = next((each for each in other.secrets.current if case.fits(held=(each,))), None) if other else None
    if fitting is None:
        return None
    kept = secrets.current if provider.setup.secret_each_event else ()
    return replace(secrets, current=(*kept, fitting))


def _unfit(case: Examination, verdict: Rejected) -> Diagnosis:
    for examine in CAUSES:
        if (found := examine(case)) is not None:
            return found
    if verdict.reason is Reason.SIGNATURE_MALFORMED and (foreign := _foreign(case)) is not None:
        return foreign
    if verdict.reason is Reason.SIGNATURE_MISMATCH and shows_seal(case.restored):
        return case.found(
            Cause.UNKNOWN,
            say("The message showed a secret, which ShopWatch does not keep, so it cannot check the signature again."),
            say("Keep the secret out of what {provider} sends, and have it send again.", provider=case.provider.name),
            remedy=SignatureRemedy.NONE,
        )
    return case.found(
        Cause.UNKNOWN,
        say("The signature does not fit and ShopWatch cannot tell why.")
        if verdict.reason is Reason.SIGNATURE_MISMATCH
        else explain(verdict.reason, case.provider.name),
        say("It may be made up, or the secret may be another one. Compare the last letters of the secret."),
    )


def _fits_now(case: Examination) -> Diagnosis:
    return case.found(
        Cause.FITS_NOW,
        say("This message fits now."),
        say("Check it again, and it can be counted."),
        certain=True,
        fits=True,
    )


def _wanting(case: Examination) -> Diagnosis:
    return case.found(
        Cause.NOT_A_MESSAGE,
        say("It can only be judged with a certificate of {provider}’s.", provider=case.provider.name),
        say("ShopWatch fetches it from {provider} when the next message comes.", provider=case.provider.name),
        remedy=SignatureRemedy.NONE,
    )


def _no_secret(case: Examination) -> Diagnosis:
    return case.found(
        Cause.NO_SECRET,
        say("No secret is stored for this address."),
        say("Paste it, then check this message again."),
        remedy=SignatureRemedy.REPLACE_SECRET,
    )


def _no_message(case: Examination, verdict: Rejected) -> Diagnosis:
    return case.found(
        Cause.NOT_A_MESSAGE,
        explain(verdict.reason, case.provider.name, verdict.detail),
        say("The secret has nothing to do with it."),
        remedy=SignatureRemedy.NONE,
    )


def _untimely(case: Examination, verdict: Rejected) -> Diagnosis:
    said, sent = says_at(case.provider.recipe, case.request), _date_of(case.request)
    minutes = verdict.detail
    if verdict.reason is Reason.FROM_THE_FUTURE:
        cause, sentence = Cause.CLOCK_SLOW, say("This computer’s clock is {minutes} minutes slow.", minutes=minutes)
    elif said is not None and sent is not None and abs(sent - said) <= MINUTE:
        cause, sentence = Cause.CLOCK_FAST, say("This computer’s clock is {minutes} minutes fast.", minutes=minutes)
    else:
        return case.found(
            Cause.TOO_OLD,
            _too_old(case, said, minutes),
            say("Its signature fits, but it was made long before it arrived."),
            fits=True,
        )
    return case.found(
        cause,
        sentence,
        say("Its signature fits. Set the clock to automatic, and new messages are counted."),
        remedy=SignatureRemedy.SET_CLOCK,
        fits=True,
    )


def _odd_time(case: Examination, verdict: Rejected) -> Diagnosis:
    due, counted = unit_of_time(case.provider.recipe, case.request, case.now)
    if not counted:
        return case.found(
            Cause.TIME_UNIT,
            explain(verdict.reason, case.provider.name, verdict.detail),
            say("It has nothing to do with the secret or with this computer’s clock."),
            remedy=SignatureRemedy.NONE,
            fits=bool(verdict.detail),
        )
    return case.found(
        Cause.TIME_UNIT,
        say("The time in the message counts {counted}; it should count {due}.", counted=counted, due=due),
        say("Have it sent with a time in {due}. This computer’s clock is not to blame.", due=due),
        remedy=SignatureRemedy.NONE,
        fits=bool(verdict.detail),
    )


def _foreign_account(case: Examination, verdict: Rejected) -> Diagnosis:
    account, own = legible(verdict.detail, _LONGEST_ACCOUNT), ", ".join(accounts_in(case.options))
    return case.found(
        Cause.OTHER_ACCOUNT,
        explain(verdict.reason, case.provider.name, account),
        say("It is genuine, but only messages of {accounts} count.", accounts=legible(own, _LONGEST_ACCOUNT))
        if own
        else say("It is genuine, but only messages of your own account count."),
        remedy=SignatureRemedy.COUNT_ACCOUNT,
        certain=True,
        subject=verdict.detail,
        fits=True,
        proof=Evidence(False, say("It is about your account"), account),
    )


def _too_old(case: Examination, said: Instant | None, minutes: str) -> str:
    age = case.now - said if said is not None else 0
    if 0 < age < 2 * MINUTE:
        return say("The message is {seconds} seconds old; someone may have sent it again.", seconds=age // SECOND)
    return explain(Reason.TOO_OLD, case.provider.name, minutes)


def _foreign(case: Examination) -> Diagnosis | None:
    """It carries what another provider's messages carry, and this one's do not."""
    own = {name.lower() for name in marks(case.provider.recipe, case.request)}
    signing = [each for each in PROVIDERS if each.assurance is Assurance.SIGNED and each is not case.provider]
    alike = max(signing, key=lambda each: likeness(each.recipe, case.request), default=None)
    if alike is None or not likeness(alike.recipe, case.request):
        return None
    theirs = [name for name in marks(alike.recipe, case.request) if has(case.request, name)]
    if theirs and all(name.lower() in own for name in theirs):
        return None
    return case.found(
        Cause.OTHER_PROVIDER,
        say("This looks like a message from {provider}.", provider=alike.name),
        say("It came to your {provider} address, and {provider} signs otherwise.", provider=case.provider.name),
        remedy=SignatureRemedy.NONE,
    )


def _lacking(case: Examination, verdict: Rejected) -> Diagnosis:
    return case.found(
        Cause.HEADER_MISSING,
        explain(verdict.reason, case.provider.name, verdict.detail),
        say("Without it nobody can tell who sent the message."),
        remedy=SignatureRemedy.NONE,
    )


def _date_of(request: Request) -> Instant | None:
    """When the sender's own clock says it sent the request, if it says so."""
    from email.utils import parsedate_to_datetime  # noqa: PLC0415 - rarely needed, and slow to load

    try:
        said = request.headers.only("Date")
        return int(parsedate_to_datetime(said).timestamp() * 1000) if said else None
    except (Repeated, ValueError, TypeError, OverflowError, IndexError):
        return None
