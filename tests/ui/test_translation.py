"""Every sentence of the window goes through the translator, and nothing from outside is taken for one."""

import re
from collections.abc import Iterator

import pytest
from msgspec import structs
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit, QWidget

from shopwatch.domain import i18n
from shopwatch.domain.connection.gap import Cause, Gap
from shopwatch.domain.connection.reach import Reach, ReachState
from shopwatch.domain.errors import UserError
from shopwatch.domain.facts import GapEnded
from shopwatch.domain.instant import HOUR, MINUTE
from shopwatch.domain.rules.job import Job, JobKey, JobState
from shopwatch.domain.rules.rule import Trigger
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import Item, SaleState
from shopwatch.presenting.sales.columns import Column
from shopwatch.presenting.sales.receipt_text import receipt_lines
from shopwatch.runtime.clock import now
from tests.catalogue import Catalogue
from tests.ui.fake_ledger import NOON
from tests.ui.fake_shop import PAYNOW, FakeShop, sale_row
from tests.ui.test_main_window import OpenWindow

HOSTILE = "<b>PAID</b><img src=//attacker/x.png>\u202e\u2066\u200b"
OURS = re.compile("⟦[^⟦⟧]*(⟧|…$)", re.DOTALL)
# Names, not sentences; and what the fake shop was given.
NAMES = re.compile(
    r"ShopWatch|PayNow|Bloom & Stem|lilac-heron[\w.-]*|GNOME Keyring|https://[\w.-]+|Ctrl.[DF]|PN-\d+|AM|PM|\w+@example\.com"
)


@pytest.fixture
def marked() -> Iterator[None]:
    i18n.install(Catalogue(lambda sentence: f"⟦{sentence}⟧"))
    yield
    i18n.install(None)


def texts(root: QWidget) -> Iterator[str]:
    """All that a widget and those in it show or tell a screen reader."""
    for widget in [root, *root.findChildren(QWidget)]:
        tip = QTextDocument()
        tip.setHtml(widget.toolTip())
        yield from (widget.accessibleName(), widget.accessibleDescription(), tip.toPlainText())
        if isinstance(widget, QLabel | QAbstractButton):
            yield widget.text()
        elif isinstance(widget, QLineEdit):
            yield widget.placeholderText()
        elif isinstance(widget, QComboBox):
            yield from (widget.itemText(at) for at in range(widget.count()))


def untranslated(text: str) -> bool:
    while OURS.search(text):
        text = OURS.sub("", text)
    return any(char.isalpha() for char in NAMES.sub("", text))


def test_every_sentence_of_the_window_can_be_translated(marked: None, open_window: OpenWindow) -> None:
    rows = [
        sale_row(1, paid_at=now(), practice=True, name="", email=""),
        sale_row(2, paid_at=now(), state=SaleState.REFUNDED, given_back=Money(1002, "USD"), name="", items=()),
    ]
    opened = open_window(FakeShop(rows=rows))
    opened.sales.show_sale(2)
    opened.shop.receiver.tell_reach(Reach(ReachState.SILENT, now()))
    missed = {text for text in texts(opened.window) if untranslated(text)}
    model = opened.sales.model
    missed |= {
        text
        for column in Column
        if untranslated(text := str(model.headerData(column, opened.sales.table.horizontalHeader().orientation())))
    }
    missed |= {model.text(row).pill.text for row in rows if untranslated(model.text(row).pill.text)}
    shown = receipt_lines(sale_row(3, amount=None, items=(Item("", 1),)).sale, "en_US")
    missed |= {line.text for line in shown if untranslated(line.text)}
    # Days are written by the locale, not by the catalogue.
    assert {text for text in missed if not re.search(r"day|\d{1,2} \w+|\w{3} \d", text)} == set()


def test_the_empty_window_and_its_banners_can_be_translated(marked: None, open_window: OpenWindow) -> None:
    opened = open_window(FakeShop())
    opened.shop.health.tell_vault(UserError(i18n.say("locked"), i18n.say("unlock"), code="vault-locked"))
    missed = {text for text in texts(opened.window) if untranslated(text)}
    assert {text for text in missed if "day" not in text} == set()


@pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints", extend=True)
def test_what_is_told_of_a_time_away_can_be_translated(marked: None, open_window: OpenWindow) -> None:
    end = now() - MINUTE
    row = structs.replace(sale_row(1, paid_at=end - HOUR, name="", email="", items=()), received_at=end)
    key = JobKey(1, 1, 0)
    job = Job(key, Trigger.SALE_PAID, "email", {}, JobState.HELD, PAYNOW.id, end, 0, end, sale_id=1)
    opened = open_window(FakeShop(rows=[row], jobs_made=[job], outbox=[job]))
    for cause in Cause:
        opened.shop.bus.tell(GapEnded(Gap(1, cause, end - 9 * HOUR, end)))
        opened.sales.away.watch.look()
        card = opened.sales.away.card
        assert card is not None
        missed = {text for text in texts(card) if untranslated(text)}
        assert {text for text in missed if not re.search(r"\w{3} \d", text)} == set()
    opened.sales.away.on_review_requested()
    dialog = opened.sales.away.dialog
    assert dialog is not None
    assert {text for text in texts(dialog) if untranslated(text)} == set()
    dialog.reject()


def test_text_from_outside_is_shown_as_it_is_everywhere(open_window: OpenWindow) -> None:
    row = sale_row(1, paid_at=now(), name=HOSTILE, number=HOSTILE, email=HOSTILE, items=(Item(HOSTILE, 1),))
    shop = FakeShop(rows=[row])
    shop.settings.change(shop_name=HOSTILE)
    opened = open_window(shop)
    opened.sales.show_sale(1)
    opened.sales.noticed.emit(HOSTILE)
    shown = [text for text in texts(opened.window) if "attacker" in text or "PAID" in text]
    assert shown
    assert all("\u202e" not in text and "\u200b" not in text for text in shown)
    assert all("⟨U+202E⟩" in text for text in shown if len(text) > 60)
    for label in opened.window.findChildren(QLabel):
        assert label.textFormat().name == "PlainText", label.text()
    assert "⟨U+202E⟩" in opened.window.windowTitle()


def test_a_name_of_a_mebibyte_costs_no_more_than_a_line(open_window: OpenWindow) -> None:
    row = sale_row(1, paid_at=now(), name="W" * 2**20, items=(Item("W" * 2**20, 1),))
    opened = open_window(FakeShop(rows=[row]))
    opened.sales.show_sale(1)
    opened.window.grab()
    assert max(len(text) for text in texts(opened.window)) < 3000
    assert row.received_at > NOON
