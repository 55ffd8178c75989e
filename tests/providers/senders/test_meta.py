"""What Facebook, Instagram and WhatsApp tell, and the word that is agreed with Meta."""

from typing import Any

import pytest

from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.messages.happening import Notice, TextMessage
from shopwatch.domain.messages.verdict import Reason, Rejected
from tests.providers.cases import BY_ID, NOW
from tests.providers.senders.said import asked, notice, told

META = BY_ID["meta"]


def meta(about: str, *, changes: Any = (), messaging: Any = ()) -> Event:
    entry = {"id": "1", "time": NOW // 1000 - 5, "changes": list(changes), "messaging": list(messaging)}
    return told(META, {"object": about, "entry": [entry]})


def test_meta_tells_of_leads_whose_answers_must_be_asked_for() -> None:
    lead = meta("page", changes=[{"field": "leadgen", "value": {"leadgen_id": "444", "form_id": "555"}}])

    assert notice(lead).title == "New lead from a form on Facebook"
    assert (lead.type, lead.occurred_at, lead.needs_fetch) == ("leadgen", NOW - 5000, "GET /444")
    bent = meta("page", changes=[{"field": "leadgen", "value": {"leadgen_id": "444/../me"}}])
    assert bent.needs_fetch == ""


def test_meta_tells_what_customers_write() -> None:
    value = {
        "metadata": {"display_phone_number": "44207"},
        "contacts": [{"profile": {"name": "Maya"}}],
        "messages": [{"from": "447700", "id": "wamid.1", "timestamp": str(NOW // 1000 - 9), "text": {"body": "Hello"}}],
    }
    change = {"field": "messages", "value": value}

    written = meta("whatsapp_business_account", changes=[change])

    assert written.happening == TextMessage("wamid.1", "+447700", "44207", "Hello", "Maya")
    assert written.occurred_at == NOW - 9000
    seen = {"field": "messages", "value": {"statuses": [{"status": "read"}]}}
    assert meta("whatsapp_business_account", changes=[seen]).kind is Kind.OTHER
    chat = meta("page", messaging=[{"sender": {"id": "7"}, "message": {"text": "Hi"}}])
    assert notice(chat) == Notice("New message on Messenger", "Hi")
    assert notice(meta("instagram", messaging=[{"message": {"text": "Hi"}}])).title == "New message on Instagram"
    assert meta("page", messaging=[{"message": {"text": "Hi", "is_echo": True}}]).kind is Kind.OTHER
    assert meta("page", messaging=[{"read": {"watermark": 1}}]).kind is Kind.OTHER


def whatsapp(written: dict[str, Any]) -> str:
    change = {"field": "messages", "value": {"messages": [{"from": "4930123", "id": "wamid.1"} | written]}}
    event = meta("whatsapp_business_account", changes=[change])
    assert isinstance(event.happening, TextMessage)
    return event.happening.text


def test_whatsapp_orders_tell_what_was_ordered_and_reactions_their_sign() -> None:
    """The order and the reaction of pywa's recorded updates (0bcf2f1), written anew."""
    lines = [
        {"product_retailer_id": "HAMBURGER", "quantity": 3, "item_price": 30, "currency": "ILS"},
        {"product_retailer_id": "COLA", "quantity": 1, "item_price": 7.5, "currency": "ILS"},
    ]
    order = {"catalog_id": "17", "text": "No onions", "product_items": lines}

    assert whatsapp({"type": "order", "order": order}) == "No onions\n3 × HAMBURGER, 30 ILS\n1 × COLA, 7.5 ILS"
    assert whatsapp({"type": "reaction", "reaction": {"message_id": "wamid.0", "emoji": "👍"}}) == "👍"
    assert whatsapp({"type": "reaction", "reaction": {"message_id": "wamid.0"}}) == "Reaction"
    odd: list[Any] = [None, 5, "x", [], {"product_items": 7}, {"product_items": [None, {"quantity": "3"}]}]
    for each in odd:
        assert whatsapp({"type": "order", "order": each}) == "Order"


def test_meta_tells_of_comments() -> None:
    said = {"item": "comment", "verb": "add", "message": "Lovely", "from": {"name": "Maya"}}

    assert notice(meta("page", changes=[{"field": "feed", "value": said}])) == Notice(
        "New comment on Facebook", "Lovely", "Maya"
    )
    posted = meta("page", changes=[{"field": "feed", "value": said | {"item": "post"}}])
    assert notice(posted).title == "Something new on your page on Facebook"
    assert meta("page", changes=[{"field": "feed", "value": said | {"verb": "remove"}}]).kind is Kind.OTHER
    insta = meta("instagram", changes=[{"field": "comments", "value": {"text": "Oh", "from": {"username": "m"}}}])
    assert notice(insta) == Notice("New comment on Instagram", "Oh", "m")


@pytest.mark.parametrize(
    ("query", "options"),
    [
        ("hub.mode=subscribe&hub.challenge=1&hub.verify_token=", {}),
        ("hub.mode=subscribe&hub.challenge=1", {}),
        ("hub.mode=subscribe&hub.challenge=1&hub.verify_token=", {"verify_token": ""}),
        ("hub.mode=subscribe&hub.challenge=1&hub.verify_token=words", {"verify_token": "word"}),
        ("hub.mode=unsubscribe&hub.challenge=1&hub.verify_token=word", {"verify_token": "word"}),
        ("hub.mode=subscribe&hub.verify_token=word", {"verify_token": "word"}),
        ("hub.mode=subscribe&hub.challenge=1&hub.challenge=2&hub.verify_token=word", {"verify_token": "word"}),
        ("", {"verify_token": "word"}),
    ],
)
def test_meta_must_say_the_word_that_was_agreed(query: str, options: dict[str, str]) -> None:
    refused = asked(META, query, **options)

    assert refused == Rejected(Reason.HANDSHAKE)
    assert refused.answer.status == 403
