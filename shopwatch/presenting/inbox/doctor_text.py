"""What is done about a message that was not believed."""

from shopwatch.domain.i18n import say
from shopwatch.domain.legible import legible
from shopwatch.providers.doctor.diagnosis import Cause, Diagnosis, SignatureRemedy


def remedy_text(diagnosis: Diagnosis, name: str) -> str:
    match diagnosis.remedy:
        case SignatureRemedy.CLEAN_SECRET:
            return say("Remove the space") if diagnosis.cause is Cause.SPACES_IN_SECRET else say("Mend the secret")
        case SignatureRemedy.USE_SECRET_OF:
            return say("Use the secret of {name}", name=legible(name, 24))
        case SignatureRemedy.COUNT_ACCOUNT:
            return say("Count {account} too", account=legible(diagnosis.subject, 24))
        case SignatureRemedy.COPY_ADDRESS:
            return say("Copy your address")
        case SignatureRemedy.UNLOCK:
            return say("Unlock…")
        case _:
            return ""
