"""eBay's notifications. Facts: developer.ebay.com (marketplace-account-deletion; Notification API and its release notes
up to 1.6.7; the AsyncAPI descriptions of MARKETPLACE_ACCOUNT_DELETION and ORDER_CONFIRMATION) and eBay's SDKs for event
notifications (npm event-notification-nodejs-sdk 1.0.3: the challenge).

ORDER_CONFIRMATION tells of an order by its id alone, once for each thing in it, and what was paid only the Fulfillment
API tells, to whom the seller has consented: so it is a notice, and no sale.
"""

import hashlib
import json

from shopwatch.domain.i18n import phrase
from shopwatch.domain.instant import Instant
from shopwatch.domain.messages.delivery import Request
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.messages.verdict import Answer, Challenge, Reason, Rejected, Verdict
from shopwatch.domain.source import Options, Secrets
from shopwatch.providers.kit.bodies import asked
from shopwatch.providers.kit.notices import in_words, notice, particulars
from shopwatch.providers.kit.options import Option
from shopwatch.providers.kit.reading import Meaning, Message, find, ident, moment, text
from shopwatch.providers.kit.sample import Sample, iso
from shopwatch.providers.provider import PracticeDraft, Provider, SetupWords
from shopwatch.providers.senders.ebay_signature import EbaySignature

VERIFICATION_TOKEN = "verification_token"  # noqa: S105 - the option's name
_DELETION, _ORDER = "MARKETPLACE_ACCOUNT_DELETION", "ORDER_CONFIRMATION"


def _answer_handshake(request: Request, _secrets: Secrets, options: Options) -> Verdict | None:
    """Saving the address there has eBay ask for it, with a code that only the word which was agreed answers."""
    if request.method != "GET":
        return None
    code, token = asked(request).get("challenge_code", ""), options.get(VERIFICATION_TOKEN, "")
    if not code or not token:
        return Rejected(Reason.HANDSHAKE)
    joined = f"{code}{token}{request.url.partition('?')[0]}".encode("utf-8", "replace")
    answer = json.dumps({"challengeResponse": hashlib.sha256(joined).hexdigest()}, separators=(",", ":"))
    return Challenge(Answer(200, answer.encode(), "application/json"))


def _read_deletion(message: Message) -> Meaning:
    """A member of eBay whose data is to be erased by everybody who has an app there."""
    told = find(message.body, "notification", "data")
    who = text(told, "username") or text(told, "userId")
    more = phrase("Erase what you keep about {name}, wherever you keep it.", name=who) if who else ""
    return notice(message, phrase("A member of eBay closed the account"), more, name=who, at=_event_time(message))


def _read_order(message: Message) -> Meaning:
    """Where exactly the id of the order stands, eBay's public pages do not show."""
    told = find(message.body, "notification", "data")
    order = ident(told, "orderId") or ident(told, "order", "orderId")
    more = phrase("Order {number}. eBay does not say here what was paid.", number=order) if order else particulars(told)
    return notice(message, phrase("New order at eBay"), more, at=_event_time(message))


def _read_other_event(message: Message) -> Meaning:
    told = find(message.body, "notification", "data")
    return notice(message, in_words(message.type) or "eBay", particulars(told), at=_event_time(message))


def _event_time(message: Message) -> Instant:
    return moment(find(message.body, "notification"), "eventDate", "publishDate", otherwise=message.at)


def _draft_message(_kind: Kind, sample: Sample, at: Instant) -> PracticeDraft:
    event_id = f"{sample.uuid('event')}_{sample.uuid('delivery')}"
    body = {
        "metadata": {"topic": _DELETION, "schemaVersion": "1.0", "deprecated": False},
        "notification": {
            "notificationId": event_id,
            "eventDate": iso(at),
            "publishDate": iso(at),
            "publishAttemptCount": 1,
            "data": {
                "username": f"buyer_{sample.digits('user', 6)}",
                "userId": sample.letters("user", 11),
                "eiasToken": f"{sample.letters('token', 54)}==",
            },
        },
    }
    return PracticeDraft(json.dumps(body, separators=(",", ":")).encode(), event_id)


EBAY = Provider(
    id="ebay",
    name="eBay",
    tile="eB",
    setup=SetupWords(
        does="Closed accounts, and new orders without their sums",
        settings_url="https://developer.ebay.com/my/keys",
        menu="Notifications",
        address_label="Marketplace account deletion notification endpoint",
        secret_label="",
        events=(),
        away=(
            "eBay tries three times more. If its messages keep failing, it writes to the e-mail address that you gave "
            "there."
        ),
        needs=(
            "You need a developer account at eBay with an app (a keyset): “Notifications” stands beside its App ID. "
            "eBay tells new orders only to apps that subscribe to them through its API, and without their sums. So "
            "nothing of eBay counts as a sale here, and what was missed cannot be asked for."
        ),
        sure=(
            "eBay signs with keys that are the same for every app. ShopWatch fetches each from eBay by your API key, "
            "and without that believes no message. Whoever learns your address could send you what eBay sent to others."
        ),
    ),
    recipe=EbaySignature(),
    signs_alone=True,
    secretless=True,
    event_id="notification.notificationId",
    event_type="metadata.topic",
    readers={_DELETION: _read_deletion, _ORDER: _read_order},
    otherwise=_read_other_event,
    draft=_draft_message,
    practises=(Kind.NOTICE,),
    handshake=_answer_handshake,
    retries_for=None,
    options=(
        Option(
            VERIFICATION_TOKEN,
            "Verification token",
            "Make up a word of 32 to 80 letters, digits, hyphens and underscores, and enter the same at eBay.",
            required=True,
        ),
    ),
)
