"""Every sentence of the Rules page and its windows goes through the translator."""

import re

import pytest
from PySide6.QtWidgets import QApplication, QWidget

from shopwatch.actions.registry import ACTIONS, target_kinds
from shopwatch.domain.rules.job import JobState
from shopwatch.domain.rules.letter import THANKS
from shopwatch.presenting.rules.conditions import About
from shopwatch.ui.letters.dialog import LetterDialog
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.targets.dialog import TargetDialog
from tests.ui.conftest import run_now
from tests.ui.rules.conftest import OpenRules
from tests.ui.rules.samples import full_shop, job
from tests.ui.test_translation import marked as marked  # noqa: PLC0414 - pytest finds it by its name here
from tests.ui.test_translation import texts, untranslated

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints", extend=True)

# What the owner or the ledger wrote, and the names of services and of ways to encrypt.
DATA = frozenset(
    (
        *("Large sale", "Each sale", "Contacts", "#sales", "Thank you", THANKS.subject),
        *("Slack", "Discord", "Microsoft Teams", "Telegram", "ntfy", "Pushover", "STARTTLS", "TLS"),
        *("smtp.example.com", "https://example.com/sales", "postgresql://user@host/database", "/var/www/shop"),
        *("https://example.com/popular.html", "https://example.com/popular.json"),
    )
)
# Days are written by the locale, not by the catalogue.
DAY = re.compile(r"\w{3} \d{1,2}")


def missed(*roots: QWidget) -> set[str]:
    found = {text for root in roots for text in texts(root) if text not in DATA}
    return {text for text in found if untranslated(text)}


def test_every_word_of_the_page_can_be_translated(marked: None, open_rules: OpenRules) -> None:
    shop = full_shop()
    shop.ledger.outbox.kept = [job(number, state) for number, state in enumerate(JobState, 1)]
    opened = open_rules(shop)
    page = opened.page
    for about in About:
        page.editor.conditions.add.click()
        page.editor.conditions.rows[-1].begin(about)
    assert missed(page) == set()
    for at, action in enumerate(ACTIONS):
        page.editor.append_step(action.id)
        page.editor.open_step(page.editor.steps.count() - 1)
        assert missed(page.editor.pane) == set(), at
    told = {text for row in range(len(JobState)) for text in page.outbox.model.text_at(row).cells()}
    said = [page.model.line(row).text for row in range(3)] + [page.model.line(row).about for row in range(3)]
    assert {text for text in (*told, *said) if untranslated(DAY.sub("", text))} == set()
    for row in range(len(JobState)):
        page.outbox.table.select_at(row)
        assert missed(page.outbox.note) == set(), row


def test_every_word_of_the_forms_can_be_translated(marked: None, qapp: QApplication, theme: Theme) -> None:
    shop = full_shop()
    windows: list[QWidget] = [
        TargetDialog(shop.targets, theme, kind.id, None, clipboard=qapp.clipboard(), run=run_now)
        for kind in target_kinds()
    ]
    windows.append(
        LetterDialog(shop.mail, shop.ledger.sales, shop.settings, theme, "thanks", locale=shop.locale, run=run_now)
    )
    assert missed(*windows) == set()
    for window in windows:
        assert not untranslated(window.windowTitle())
        window.deleteLater()
