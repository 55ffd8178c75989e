"""What may be the matter with a signature: each cause is tried by itself, the surest first."""

from collections.abc import Callable

from msgspec.structs import replace

from shopwatch.domain.i18n import number, say
from shopwatch.providers import PROVIDERS
from shopwatch.providers.doctor.diagnosis import Cause, Diagnosis, Evidence, SignatureRemedy
from shopwatch.providers.doctor.evidence import how_it_ends, marks
from shopwatch.providers.doctor.examination import MOST_SECRETS, Examination, Other
from shopwatch.providers.doctor.repairs import addresses_like, bodies_like, signatures_like
from shopwatch.providers.provider import Assurance

_LARGEST = 2**18
"""Larger bodies are not put right in all the ways that there are."""
_TELLING = 4
"""Shorter beginnings say nothing of a secret that is another provider's."""


def badly_written(case: Examination) -> Diagnosis | None:
    """The secret holds what does not belong to it, or is written in another way."""
    for at, form in case.fitting_forms():
        return case.found(
            form.cause,
            form.sentence,
            _so_it_came(case, form.cause),
            remedy=SignatureRemedy.CLEAN_SECRET,
            certain=True,
            odd=form.odd,
            proof=Evidence(True, form.proof, how_it_ends(form.secret)),
            secret=case.held[at],
        )
    return None


def _so_it_came(case: Examination, cause: Cause) -> str:
    name = case.provider.name
    if case.provider.assurance is not Assurance.SIGNED:
        return say("Put right, it is the one in the message, so this came from {provider}.", provider=name)
    if cause is Cause.SPACES_IN_SECRET:
        return say("Without it the signature fits, so this really came from {provider}.", provider=name)
    return say("Put right, the signature fits, so this came from {provider}.", provider=name)


def outlived(case: Examination) -> Diagnosis | None:
    """It fits a secret from before the last change."""
    past = tuple(secret for secret in case.secrets.previous if secret not in case.held)
    if not past or not case.fits(held=past[:MOST_SECRETS]):
        return None
    return case.found(
        Cause.PREVIOUS_SECRET,
        say("The message fits the old secret, which is accepted no more."),
        say("{provider} still signs with it. Put the new secret there, too.", provider=case.provider.name),
        remedy=SignatureRemedy.REPLACE_SECRET,
        proof=Evidence(True, say("It fits the secret from before"), how_it_ends(past[0])),
    )


def of_other_source(case: Examination) -> Diagnosis | None:
    """It fits the secret of another source of this shop."""
    other = case.fitting_other()
    if other is None:
        return None
    event = case.provider.claims(case.request, case.now, case.options)
    proof = Evidence(True, say("It fits the secret of {name}", name=other.name))
    if event is not None and not event.live and case.provider.assurance is Assurance.SIGNED:
        return case.found(
            Cause.OTHER_MODE,
            say("The secret is for real messages, but this one is from test mode."),
            say("It fits the secret of {name}, so it came from {provider}.", **_both(case, other)),
            remedy=SignatureRemedy.USE_SECRET_OF,
            subject=other.source_id,
            proof=proof,
        )
    return case.found(
        Cause.OTHER_SOURCE,
        say("The secret belongs to another {provider} address.", provider=case.provider.name),
        say("It fits the secret of {name}, so it came from {provider}.", **_both(case, other)),
        remedy=SignatureRemedy.USE_SECRET_OF,
        certain=True,
        subject=other.source_id,
        proof=proof,
    )


def for_other_address(case: Examination) -> Diagnosis | None:
    """It fits if it was sent to another address than the one it came to."""
    for address in addresses_like((case.request.url, *case.addresses)):
        if case.fits(request=replace(case.request, url=address)):
            return case.found(
                Cause.ADDRESS_DIFFERS,
                say("{provider} knows another address than yours.", provider=case.provider.name),
                say("The signature covers the address. Copy yours into {provider}.", provider=case.provider.name),
                remedy=SignatureRemedy.COPY_ADDRESS,
                certain=True,
                subject=address,
                proof=Evidence(True, say("It fits with the address it was sent to"), address),
            )
    return None


def rewritten(case: Examination) -> Diagnosis | None:
    """It fits with its body as it may have been."""
    if len(case.request.body) > _LARGEST:
        return None
    for body, undone in bodies_like(case.request.body):
        if case.fits(request=replace(case.request, body=body)):
            return case.found(
                Cause.BODY_CHANGED,
                say("The message was changed on its way."),
                say("Something between {provider} and ShopWatch rewrites it.", provider=case.provider.name),
                proof=Evidence(True, undone, say("{size} bytes", size=number(len(body)))),
            )
    return None


def in_another_spelling(case: Examination) -> Diagnosis | None:
    """It fits with its signature written as it should be."""
    for headers, sentence in signatures_like(case.request.headers, marks(case.provider.recipe, case.request)):
        if case.fits(request=replace(case.request, headers=headers)):
            return case.found(
                Cause.SECRET_ENCODING,
                sentence,
                say("The sender writes it otherwise than {provider} does.", provider=case.provider.name),
                remedy=SignatureRemedy.NONE,
                proof=Evidence(True, say("It fits once it is written as it should be")),
            )
    return None


def api_key(case: Examination) -> Diagnosis | None:
    """What is stored is no secret, but a key of another kind."""
    for owner in (case.provider, *PROVIDERS):
        told = owner.setup.api_key_prefixes
        prefixes = told if owner is case.provider else tuple(each for each in told if len(each) >= _TELLING)
        if any(secret.strip().startswith(prefixes) for secret in case.held):
            return case.found(
                Cause.API_KEY,
                say("An API key of {provider} is stored in place of the secret.", provider=owner.name),
                say("Copy “{label}” instead.", label=case.provider.setup.secret_label),
                remedy=SignatureRemedy.REPLACE_SECRET,
                odd=say("is an API key"),
            )
    return None


def of_other_mode(case: Examination) -> Diagnosis | None:
    """The secret itself says for which mode it is, and the message says that it is of the other."""
    event = case.provider.claims(case.request, case.now, case.options)
    marked = case.provider.setup.secret_prefixes
    modes = {_mode_of(secret) if secret.startswith(marked) else None for secret in case.held}
    if event is None or modes != {not event.live}:
        return None
    return case.found(
        Cause.OTHER_MODE,
        say("The secret is from test mode, the message is real.")
        if event.live
        else say("The secret is for real messages, but this one is from test mode."),
        say("Each mode has a secret of its own. Paste the other one."),
        remedy=SignatureRemedy.REPLACE_SECRET,
    )


CAUSES: tuple[Callable[[Examination], Diagnosis | None], ...] = (
    badly_written,
    outlived,
    of_other_source,
    for_other_address,
    rewritten,
    in_another_spelling,
    api_key,
    of_other_mode,
)


def _both(case: Examination, other: Other) -> dict[str, object]:
    return {"name": other.name, "provider": case.provider.name}


def _mode_of(secret: str) -> bool | None:
    """True for the real one, False for the test one; None if the secret does not say."""
    parts = secret.lower().replace("-", "_").split("_")[:3]
    if {"test", "sandbox"} & set(parts):
        return False
    return True if {"live", "prod", "production"} & set(parts) else None
