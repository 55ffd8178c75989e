"""A sender that the owner describes is tried on what it sent."""

import json

import pytest
from PySide6.QtWidgets import QLineEdit

from shopwatch.domain.messages.verdict import Reason
from shopwatch.ui.connections.description_dialog import DescriptionDialog
from tests.ui.conftest import Run
from tests.ui.connections.desk import Desk
from tests.ui.inbox.deliveries import rejected
from tests.ui.setup.conftest import until

# What Qt's offscreen windows say whenever one is shown.
pytestmark = pytest.mark.qt_log_ignore(
    "This plugin does not support propagateSizeHints",
    "This plugin does not support raise",
    "This plugin does not support grabbing the keyboard",
    extend=True,
)


def test_a_described_sender_is_tried_on_what_it_sent(run: Run, desk: Desk) -> None:
    async def change() -> None:
        card = await desk.shows("custom", {"allow": "10.0.0.0/8"}, secret="")
        body = json.dumps({"event": "paid", "id": 7, "total": "12.50", "mail": "ana@example.com"}).encode()
        came = rejected(1, Reason.UNDESCRIBED, source_id=card.source.id, body=body, event_type="")
        desk.shop.ledger.inbox.rows = {came.id: came}
        assert "not described yet" in card.note.text()
        card.describe.click()
        assert isinstance(card.dialog, DescriptionDialog)
        form = card.dialog.form
        await until(lambda: form.preview.request is not None, "the message is opened")
        field = form.row("email").field
        assert isinstance(field, QLineEdit)
        completer = field.completer()
        assert completer is not None
        assert '"mail": "ana@example.com"' in form.preview.message.toPlainText()
        completer.setCompletionPrefix("ana@")
        assert completer.currentCompletion() == "mail"
        told = {"method": "none", "sales": "paid", "type": "event", "order": "id", "amount": "total"}
        for key, value in told.items():
            form.row(key).value = value
        form.on_edited()
        assert ("Amount", "“12.50”: not sure, so it is left out of totals") in form.preview.told
        form.row("currency").value = "EUR"
        form.on_edited()
        assert ("Amount", "€12.50") in form.preview.told
        form.row("order").value = "a..b"
        form.on_edited()
        assert "“Number of the order” is not right." in form.row("order").note.text()
        form.row("order").value = "id"
        form.on_edited()
        card.dialog.action.click()
        await until(lambda: "method" in desk.source(card).options, "the description is kept")
        assert desk.source(card).options == told | {"currency": "EUR", "allow": "10.0.0.0/8"}
        await until(lambda: "can be checked again" in card.note.text(), "what is to be done about earlier ones")

    run(change())


def test_a_message_can_be_pasted_to_try_a_description_on(run: Run, desk: Desk) -> None:
    async def change() -> None:
        card = await desk.shows("custom", {"method": "none", "messages": "*", "text": "words"}, secret="")
        assert desk.shop.ledger.inbox.rows == {}
        card.describe.click()
        assert isinstance(card.dialog, DescriptionDialog)
        card.dialog.form.preview.pasted.setPlainText("words=Are+there+tulips%3F&from=1")
        assert ("Words", "Are there tulips?") in card.dialog.form.preview.told

    run(change())
