"""Every sentence of the Inbox goes through the translator, and nothing from outside is taken for one."""

from datetime import date

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from shopwatch.domain.facts import Outcome
from shopwatch.domain.messages.delivery import Headers, Request
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.messages.verdict import Reason
from shopwatch.domain.source import Secrets
from shopwatch.ledger import DIFFERENT_CONTENT
from shopwatch.ledger.inbox.query import DeliveryRow
from shopwatch.presenting.inbox.delivery_text import fate
from shopwatch.providers.doctor.doctor import diagnose
from shopwatch.providers.senders.paynow import PAYNOW
from shopwatch.ui.inbox.screen import InboxScreen
from shopwatch.ui.window.main_window import PageId
from tests.ui.fake_ledger import NOON
from tests.ui.fake_shop import FakeShop
from tests.ui.inbox.deliveries import accepted, rejected
from tests.ui.inbox.test_screen import show
from tests.ui.test_main_window import OpenWindow
from tests.ui.test_translation import HOSTILE, marked, texts, untranslated

_NOT_SENTENCES = ("PayNow-Signature", "POST", "⟨U+")

__all__ = ["marked"]


def _rows() -> list[DeliveryRow]:
    nameless = (Kind.OTHER, Kind.SILENCE)
    told = [accepted(number, kind=kind) for number, kind in enumerate(Kind, 1) if kind not in nameless]
    refused = [rejected(100 + number, reason) for number, reason in enumerate(Reason)]
    others = [
        accepted(200, outcome=Outcome.REPEAT, body=None),
        accepted(201, outcome=Outcome.REPEAT, reason=DIFFERENT_CONTENT),
        accepted(202, outcome=Outcome.CHALLENGE),
        accepted(203, practice=True),
        accepted(204, body=None, headers=()),
        accepted(205, body=bytes(range(256))),
    ]
    return told + refused + others


def test_every_sentence_can_be_translated(marked: None, open_window: OpenWindow, qtbot: QtBot) -> None:
    rows = _rows()
    request = Request("POST", "", Headers(), b"{}")
    found = diagnose(PAYNOW, request, Secrets(("whsec_0123456789abcd",)), NOON)
    opened = open_window(FakeShop(inbox={row.id: row for row in rows}, diagnoses={row.id: found for row in rows}))
    opened.window.show_page(PageId.INBOX)
    inbox = opened.window.findChildren(InboxScreen)[0]
    for row in rows:
        show(inbox, row.id, qtbot)
        at = inbox.model.position(row.id)
        assert at is not None
        shown = {text for text in texts(inbox) if text and not text.startswith(_NOT_SENTENCES)}
        shown |= {str(inbox.model.data(inbox.model.index(at, column))) for column in range(4)}
        assert len(shown) > 12
        assert (row.id, {text for text in shown if untranslated(text)}) == (row.id, set())


def test_text_from_outside_is_shown_as_it_is(open_window: OpenWindow, qtbot: QtBot) -> None:
    row = accepted(1, kind=None, event_type=HOSTILE, sale_number=HOSTILE, event_id=HOSTILE, url=HOSTILE)
    odd = rejected(2, detail=HOSTILE, headers=((HOSTILE, HOSTILE),), body=HOSTILE.encode())
    opened = open_window(FakeShop(inbox={row.id: row, odd.id: odd}))
    opened.window.show_page(PageId.INBOX)
    inbox = opened.window.findChildren(InboxScreen)[0]
    for delivery_id in (1, 2):
        show(inbox, delivery_id, qtbot)
        shown = "\n".join([*texts(inbox), inbox.reader.headers.all_text(), inbox.reader.message.toPlainText()])
        assert "\u202e" not in shown
        assert "\u200b" not in shown
    assert all(label.textFormat().name == "PlainText" for label in inbox.findChildren(QLabel))


def test_a_described_sender_is_believed_no_further_than_it_is_described() -> None:
    row = accepted(1, provider="custom")
    signed = {"method": "hmac", "signature_header": "X-Signature", "notices": "*"}
    assert fate(row, "en_US", date(2026, 11, 25), signed).endswith("The signature fits.")
    assert fate(row, "en_US", date(2026, 11, 25), {"method": "basic", "notices": "*"}).endswith(
        "It shows the right secret."
    )
    assert "It knows your address" in fate(row, "en_US", date(2026, 11, 25), {"method": "none", "notices": "*"})
