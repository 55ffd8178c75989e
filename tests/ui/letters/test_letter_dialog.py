"""Writing letters: several languages, a preview that follows, a test to oneself, and nothing useless kept."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from shopwatch.domain.errors import UserError
from shopwatch.domain.rules.letter import THANKS, Letter
from shopwatch.ui.letters.dialog import LetterDialog
from shopwatch.ui.look.theme import Theme
from tests.ui.conftest import run_now
from tests.ui.fake_shop import FakeShop, sale_row

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints", extend=True)

type OpenLetter = Callable[[str], LetterDialog]


@pytest.fixture
def shop() -> FakeShop:
    return FakeShop(rows=[sale_row(1), sale_row(2)])


@pytest.fixture
def open_letter(qapp: QApplication, theme: Theme, shop: FakeShop) -> Iterator[OpenLetter]:
    windows: list[QWidget] = []

    def open_it(letter_id: str) -> LetterDialog:
        window = QWidget()
        windows.append(window)
        window.show()
        dialog = LetterDialog(
            shop.mail,
            shop.ledger.sales,
            shop.settings,
            theme,
            letter_id,
            locale=shop.locale,
            run=run_now,
            parent=window,
        )
        dialog.open()
        return dialog

    yield open_it
    for window in windows:
        window.close()
        window.deleteLater()


def language(dialog: LetterDialog, code: str) -> None:
    dialog.language.setCurrentIndex(dialog.language.findData(code))
    dialog.language.activated.emit(dialog.language.currentIndex())


def test_the_preview_shows_the_newest_real_sale_and_follows_the_writing(open_letter: OpenLetter, qtbot: QtBot) -> None:
    dialog = open_letter(THANKS.id)
    assert dialog.sale.currentText() == "PN-2, Customer 2, $10.02"
    assert dialog.preview.subject == f"sale 2: {THANKS.subject}"
    dialog.text.setPlainText("Dear {{ name }}")
    qtbot.waitUntil(lambda: dialog.preview.body.toPlainText() == "Dear {{ name }}")
    dialog.sale.setCurrentIndex(0)
    dialog.sale.activated.emit(0)
    assert dialog.preview.subject == THANKS.subject


def test_a_letter_is_kept_in_each_of_its_languages(open_letter: OpenLetter, shop: FakeShop) -> None:
    dialog = open_letter(THANKS.id)
    language(dialog, "de")
    dialog.subject.setText("Deine Bestellung {{ order }}")
    dialog.subject.textEdited.emit(dialog.subject.text())
    language(dialog, "")
    assert dialog.subject.text() == THANKS.subject
    dialog.save.click()
    assert shop.settings.current.letters == (
        THANKS,
        replace(THANKS, language="de", subject="Deine Bestellung {{ order }}"),
    )
    assert not dialog.isVisible()


def test_a_new_letter_has_an_id_of_its_own(open_letter: OpenLetter, shop: FakeShop) -> None:
    told: list[str] = []
    shop.settings.change(letters=(THANKS,))
    dialog = open_letter("")
    dialog.saved.connect(told.append)
    dialog.name.setText("Pick-up")
    dialog.name.textEdited.emit("Pick-up")
    dialog.save.click()
    kept = shop.settings.current.letters[1]
    assert shop.settings.current.letters[0] == THANKS
    assert (kept.name, [kept.id]) == ("Pick-up", told)
    assert kept.id != THANKS.id


def test_a_letter_that_cannot_be_used_is_not_kept(open_letter: OpenLetter, shop: FakeShop, qtbot: QtBot) -> None:
    dialog = open_letter(THANKS.id)
    shop.script.refuses["preview_letter"] = UserError(
        "This letter cannot be used as it is.", "Line 1: there is no “x” here."
    )
    dialog.save.click()
    assert dialog.note.text() == "This letter cannot be used as it is. Line 1: there is no “x” here."
    assert shop.settings.current.letters == ()
    assert dialog.isVisible()


def test_a_test_goes_to_oneself_as_it_is_written(open_letter: OpenLetter, shop: FakeShop) -> None:
    dialog = open_letter(THANKS.id)
    dialog.subject.setText("Hello")
    dialog.subject.textEdited.emit("Hello")
    dialog.test.click()
    assert shop.mail.tested == [replace(THANKS, subject="Hello")]
    assert dialog.note.text() == "It was sent to shop@example.com."
    shop.script.refuses["send_test_letter"] = UserError("There is no mail account yet.", "Set one up first.")
    dialog.test.click()
    assert dialog.note.text() == "There is no mail account yet. Set one up first."
    assert shop.settings.current.letters == ()


def test_nothing_a_letter_names_is_loaded(open_letter: OpenLetter, shop: FakeShop) -> None:
    shop.settings.change(letters=(Letter("thanks", "T", "s", "t", '<p>Hi<img src="file:///etc/passwd"></p>'),))
    dialog = open_letter("thanks")
    assert "Hi" in dialog.preview.body.toPlainText()
    assert dialog.preview.body.loadResource(2, QUrl("file:///etc/passwd")) is None
    assert not dialog.preview.body.openLinks()
