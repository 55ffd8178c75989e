"""Senders that deliver through Svix. Facts: docs.svix.com (receiving, retries), and the svix package for the signature.

Svix signs as the standard does; what a message says is each sender's own. The standard's plain form of sales is
understood here, too, and everything else is a notice.
"""

import json

from shopwatch.domain.i18n import phrase
from shopwatch.domain.instant import HOUR, MINUTE, Instant
from shopwatch.domain.messages.event import Kind
from shopwatch.providers.kit.notices import in_words, notice, particulars
from shopwatch.providers.kit.reading import Meaning, Message, find, moment
from shopwatch.providers.kit.sample import Sample, iso
from shopwatch.providers.kit.signature import BASE64, Ed25519, HmacSha256, after_prefix
from shopwatch.providers.provider import PracticeDraft, Provider, SetupWords
from shopwatch.providers.senders.standard_webhooks import STANDARD_WEBHOOKS, standard_recipe


def _read_message(message: Message) -> Meaning:
    title = in_words(message.type) or phrase("New message through Svix")
    at = moment(message.body, "timestamp", otherwise=message.at)
    return notice(message, title, particulars(find(message.body, "data")), at=at)


def _draft_message(kind: Kind, sample: Sample, at: Instant) -> PracticeDraft:
    if kind is not Kind.NOTICE:
        return STANDARD_WEBHOOKS.draft(kind, sample, at)
    data = {"id": f"inv_{sample.letters('invoice', 14)}", "amount": sample.total_minor, "currency": "USD"}
    body = {"type": "invoice.paid", "timestamp": iso(at), "data": data}
    return PracticeDraft(json.dumps(body, separators=(",", ":")).encode(), f"msg_{sample.letters('message', 27)}")


SVIX = Provider(
    id="svix",
    name="Svix",
    tile="Sx",
    setup=SetupWords(
        does="Messages from any service that sends through Svix",
        settings_url="",
        menu="Webhooks",
        address_label="Endpoint URL",
        secret_label="Signing Secret",
        events=(),
        save="Create",
        secret_prefixes=("whsec_",),
        secret_found="It stands on the endpoint’s own page, at the right, and each endpoint has one of its own.",
        away="Svix tries again for about 28 hours. After 5 days of failures it stops sending to this address.",
    ),
    recipe=standard_recipe(
        under=("svix", "webhook"),
        v1=HmacSha256(BASE64, after_prefix("whsec_")),
        v1a=Ed25519(public="whpk_", private="whsk_"),
    ),
    event_type="type",
    readers=STANDARD_WEBHOOKS.readers,
    otherwise=_read_message,
    draft=_draft_message,
    practises=(Kind.NOTICE, *STANDARD_WEBHOOKS.practises),
    # The tries come 5 s, 5 min, 30 min, 2 h, 5 h, 10 h and 10 h one after the other.
    retries_for=27 * HOUR + 35 * MINUTE,
)
