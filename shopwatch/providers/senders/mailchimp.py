"""Mailchimp's audiences: who subscribes and who leaves. Facts: mailchimp.com/developer (sync audience data with
webhooks; release notes of 2021-04-05).

It signs nothing; what stands for a signature is a secret in the address.
"""

from datetime import UTC, datetime
from urllib.parse import urlencode

from shopwatch.domain.i18n import phrase
from shopwatch.domain.instant import Instant
from shopwatch.domain.messages.delivery import Request
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.messages.happening import Contact
from shopwatch.domain.messages.verdict import Answer, Challenge, Reason, Rejected, Verdict
from shopwatch.domain.source import Options, Secrets
from shopwatch.providers.kit.bodies import form
from shopwatch.providers.kit.notices import notice
from shopwatch.providers.kit.reading import Meaning, Message, answered, ident, joined, moment, text
from shopwatch.providers.kit.sample import Sample
from shopwatch.providers.kit.signature import fingerprint
from shopwatch.providers.kit.token import equals_any, in_query
from shopwatch.providers.provider import Assurance, PracticeDraft, Provider, SetupWords

_IN_ADDRESS = in_query("secret")
_FIELD = "data[merges]["


def _answer_handshake(request: Request, secrets: Secrets, options: Options) -> Verdict | None:
    """Saving the address sends one GET, which any 200 answers; only whoever knows the secret gets it."""
    if request.method != "GET":
        return None
    shown = _IN_ADDRESS.find(request, options)
    if not shown:
        return Rejected(Reason.TOKEN_MISSING)
    return Challenge(Answer()) if equals_any(secrets.current, shown) else Rejected(Reason.TOKEN_MISMATCH)


def _event_id(message: Message) -> str:
    told = (message.type, text(message.body, "fired_at"), _read_member(message), text(message.body, "data[email]"))
    return fingerprint("\n".join(told).encode())


def _read_member(message: Message) -> str:
    return ident(message.body, "data[id]") or ident(message.body, "data[new_id]")


def _read_contact(message: Message) -> Meaning | None:
    """Somebody subscribed, changed, left, or could no longer be reached ("cleaned"). The audience has but a number."""
    fields = message.body
    contact = Contact(
        contact_id=_read_member(message),
        name=joined(text(fields, f"{_FIELD}FNAME]"), text(fields, f"{_FIELD}LNAME]")),
        email=text(fields, "data[email]") or text(fields, "data[new_email]"),
        phone=text(fields, f"{_FIELD}PHONE]"),
        company=text(fields, f"{_FIELD}COMPANY]"),
        did=message.type,
        fields=answered(
            (_field_label(name), value)
            for name, value in fields.items()
            if name.startswith(_FIELD) or name in ("data[old_email]", "data[action]", "data[reason]")
        ),
    )
    return Meaning(Kind.CONTACT, None, _event_time(message), happening=contact) if contact.email else None


def _field_label(name: str) -> str:
    """The audience's own name of a field; an address has parts: "ADDRESS city"."""
    return name.removeprefix(_FIELD).removeprefix("data[").removesuffix("]").replace("][", " ")


def _read_campaign(message: Message) -> Meaning | None:
    subject, status = text(message.body, "data[subject]"), text(message.body, "data[status]")
    return notice(
        message, phrase("A campaign in Mailchimp"), joined(subject, status, between=": "), at=_event_time(message)
    )


def _event_time(message: Message) -> Instant:
    return moment(message.body, "fired_at", otherwise=message.at)


def _draft_message(_kind: Kind, sample: Sample, at: Instant) -> PracticeDraft:
    member = sample.letters("member", 10).lower()
    fields = {
        "type": "subscribe",
        "fired_at": datetime.fromtimestamp(at / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S"),
        "data[id]": member,
        "data[list_id]": "a6b5da1054",
        "data[email]": sample.email,
        "data[email_type]": "html",
        "data[ip_opt]": "203.0.113.9",
        "data[merges][EMAIL]": sample.email,
        "data[merges][FNAME]": sample.first,
        "data[merges][LNAME]": sample.last,
    }
    return PracticeDraft(
        urlencode(fields).encode(),
        member,
        headers={"User-Agent": "MailChimp"},
        content_type="application/x-www-form-urlencoded",
    )


MAILCHIMP = Provider(
    id="mailchimp",
    name="Mailchimp",
    tile="Mc",
    setup=SetupWords(
        does="Who joins your newsletter or leaves it",
        settings_url="https://admin.mailchimp.com/lists/",
        menu="Webhooks",
        address_label="Callback URL",
        secret_label="Secret in the address",
        events=("Subscribes", "Unsubscribes", "Profile Updates", "Cleaned Email", "Email Changed", "Campaign Sending"),
        # S106 takes a sentence for a secret.
        secret_found="It stands at the end of the address that you give there; ShopWatch makes it.",
        away="Mailchimp tries again three times.",
        secret_length=32,
    ),
    recipe=_IN_ADDRESS,
    assurance=Assurance.TOKEN,
    redact=_IN_ADDRESS.redact,
    handshake=_answer_handshake,
    reads=form,
    event_id=_event_id,
    event_type="type",
    readers={
        "subscribe": _read_contact,
        "unsubscribe": _read_contact,
        "profile": _read_contact,
        "upemail": _read_contact,
        "cleaned": _read_contact,
        "campaign": _read_campaign,
    },
    draft=_draft_message,
    practises=(Kind.CONTACT,),
    ending="?secret=",
    retries_for=None,
)
