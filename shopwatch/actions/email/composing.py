"""From a sale and a letter to a message: one recipient, and headers that hold nothing but what they should."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any

from shopwatch.actions.email.rendering import rendered, unlinked, without_links
from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import phrase
from shopwatch.domain.instant import Instant
from shopwatch.domain.legible import legible
from shopwatch.domain.rules.letter import Letter
from shopwatch.domain.sales.sale import Item, Sale

LONGEST_SUBJECT = 200
_PLAIN = SMTP.clone(cte_type="7bit")
"""Not every mail server takes more than ASCII."""
# RFC 5321 in its everyday form; what else it allows (quoted names, comments, lists) is how mail is led astray.
_ADDRESS = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}"
)


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who writes to whom; `message_id` is the same for every try of one job."""

    sender: str
    sender_name: str
    to: str
    message_id: str
    at: Instant
    reply_to: str = ""


def address_of(text: str) -> str:
    """`text` as one plain e-mail address. Raises UserError if it is anything else."""
    found = text.strip()
    if len(found) > 254 or len(found.partition("@")[0]) > 64 or not _ADDRESS.fullmatch(found):
        raise UserError(
            phrase("That address looks wrong."), phrase("Ask the customer for another address."), code="address-wrong"
        )
    return found


def header_text(text: str, limit: int = LONGEST_SUBJECT) -> str:
    """`text` as one header can hold it: no line ends, nothing unseen, and no encoded words, which could hide both."""
    seen = "".join(" " if unicodedata.category(char)[0] in "CZ" else char for char in text[: limit * 2])
    return " ".join(seen.replace("=?", "= ?").replace("?=", "? =").split())[:limit].strip()


def values_of(sale: Sale, shop: str, locale: str) -> dict[str, Any]:
    """What a letter can speak of. All of it is text, fit to be read, and none of it a link; the date is the shop's."""

    def money(item: Item) -> str:
        if item.unit is None:
            return ""
        return type(item.unit)(item.unit.minor * item.qty, item.unit.currency).text(locale)

    return {
        "shop": header_text(shop),
        "order": unlinked(legible(sale.number, 80)),
        "name": without_links(legible(sale.name, 80)),
        "email": sale.email[:254],
        "amount": sale.amount.text(locale) if sale.amount else without_links(legible(sale.amount_text, 60)),
        "given_back": sale.given_back.text(locale) if sale.given_back else "",
        "items": [{"name": unlinked(legible(item.name)), "qty": item.qty, "total": money(item)} for item in sale.items],
        "date": datetime.fromtimestamp(sale.paid_at / 1000, UTC).astimezone().date().isoformat(),
    }


def composed(letter: Letter, values: Mapping[str, Any], envelope: Envelope) -> EmailMessage:
    """The whole message. Raises UserError if the letter or an address cannot be used."""
    to, sender = address_of(envelope.to), address_of(envelope.sender)
    message = EmailMessage(policy=_PLAIN)
    message["Subject"] = header_text(rendered(letter.subject, values)) or header_text(letter.name)
    message["From"] = Address(header_text(envelope.sender_name, 100), addr_spec=sender)
    message["To"] = Address(addr_spec=to)
    if envelope.reply_to:
        message["Reply-To"] = Address(addr_spec=address_of(envelope.reply_to))
    message["Date"] = format_datetime(datetime.fromtimestamp(envelope.at / 1000, UTC))
    message["Message-ID"] = envelope.message_id
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(rendered(letter.text, values))
    if letter.html.strip():
        message.add_alternative(rendered(letter.html, values, html=True), subtype="html")
    return message
