"""Text that makes trouble, in all that goes out because of a sale (docs/attacks.md, F8 to F11, F17, F18)."""

import unicodedata
from collections import Counter
from email import message_from_bytes, policy
from email.message import EmailMessage
from itertools import pairwise

import pytest
from msgspec.structs import replace

from shopwatch.actions.chat.posting import LONGEST, post
from shopwatch.actions.email.composing import Envelope, composed, values_of
from shopwatch.actions.ring.coalescing import TEXT, TITLE, NotificationPreferences
from shopwatch.actions.ring.sale_popups import SalePopUps
from shopwatch.domain.facts import NotificationsDue, SaleRow
from shopwatch.domain.rules.job import Job, JobKey, JobState, Subject
from shopwatch.domain.rules.letter import THANKS, Letter
from shopwatch.domain.rules.rule import Trigger
from shopwatch.domain.sales.sale import Item
from shopwatch.ledger.text_keys import storable
from tests.actions.sales import sale
from tests.trouble import ALL, KINDS

# As the ledger holds it, where half characters cannot be.
TEXTS = tuple(dict.fromkeys(storable(text) for text in ALL))
ENVELOPE = Envelope("shop@bloom.example", "Bloom & Stem", "ada@example.com", "<job.1.1.0@bloom.example>", 0)
HEADERS = Counter(["Subject", "From", "To", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type"])
JOB = Job(JobKey(1, 1, 0), Trigger.SALE_PAID, "chat", {"to": "chat-1"}, JobState.SENDING, "paynow", 0, 0, 0, sale_id=1)


def hides_something(text: str) -> bool:
    """Whether `text` holds what nobody sees, but for line ends, isolates around the whole, joiners and emoji's own."""
    return any(
        unicodedata.category(char) in ("Cc", "Cf", "Cs", "Cn", "Zl", "Zp")
        for char in text
        if char not in "\n\u2068\u2069\u2060\u200c\u200d"
    )


def of(text: str) -> SaleRow:
    return sale(name=text, items=(Item(text, 2), Item(text, 1)))


@pytest.mark.parametrize("kind", KINDS)
def test_no_text_makes_another_letter_of_it(kind: str) -> None:
    hostile = Letter("x", "Yours", "{{ name }} {{ amount }} {{ order }}", "{{ name }} {{ items }}", "<p>{{ name }}</p>")
    for text in map(storable, KINDS[kind]):
        values = values_of(replace(of(text).sale, number=text, amount=None, amount_text=text), "Bloom", "en_US")
        for letter in (THANKS, hostile):
            raw = composed(letter, values, ENVELOPE).as_bytes()
            message = message_from_bytes(raw, policy=policy.default)
            assert isinstance(message, EmailMessage)
            found = Counter(message.keys())
            found.pop("Content-Transfer-Encoding", None)
            assert found == HEADERS, text
            assert (message["To"], message["From"].addresses[0].addr_spec) == ("ada@example.com", "shop@bloom.example")
            assert max(map(len, raw.split(b"\r\n"))) <= 998
            assert not hides_something(message["Subject"])
            body = message.get_body(("plain",))
            assert isinstance(body, EmailMessage)
            assert "://" not in body.get_content()


@pytest.mark.parametrize("kind", KINDS)
def test_no_text_calls_or_marks_anything_in_a_chat(kind: str) -> None:
    for text in map(storable, KINDS[kind]):
        posted = post(JOB, Subject("e1", "order.paid", 0, of(text)), text, "en_US")
        assert posted.startswith("New sale: $120.00"), text
        assert len(posted) <= LONGEST
        assert "\n" not in posted
        assert not any(mark in posted for mark in ("<", ">", "*", "`", "||", "://", "@e", "@h", "#g", "!c"))
        assert not hides_something(posted), text


def test_every_text_fits_a_pop_up() -> None:
    for text in TEXTS:
        (popup,) = SalePopUps(str).add(NotificationsDue((of(text),)), 0.0, NotificationPreferences()).popups
        assert (len(popup.title) <= TITLE, len(popup.text) <= TEXT) == (True, True)
        assert not hides_something(popup.title + popup.text), text


def test_a_hundred_thousand_sales_in_a_minute_are_one_pop_up_every_two_seconds() -> None:
    folding = SalePopUps(lambda _: "PayNow")
    row = sale(100)
    shown: list[tuple[float, str]] = []
    bells = 0
    for step in range(1_000):
        moment = step * 0.06
        decision = folding.add(NotificationsDue((row,) * 100), moment, NotificationPreferences())
        bells += decision.bell
        shown += [(moment, popup.title) for popup in decision.popups]
    last = folding.settle(62.0, NotificationPreferences())

    assert bells == 1
    assert all(later - earlier >= 2.0 for (earlier, _), (later, _) in pairwise(shown))
    assert [popup.title for popup in last.popups] == ["100,000 sales, $100,000.00"]
