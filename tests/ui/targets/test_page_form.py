"""Where the page of popular items is put: what the owner writes becomes the target's settings."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication, QWidget

from shopwatch.actions.popular import SITE
from shopwatch.domain.errors import UserError
from shopwatch.domain.rules.target import Target
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.targets.dialog import TargetDialog
from tests.ui.conftest import run_now
from tests.ui.fake_shop import FakeShop

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints", extend=True)

KEPT = Target("page-1", "page", "Our web site", {"folder": "/var/www", "local": "yes"})


@pytest.fixture
def parent(qapp: QApplication) -> Iterator[QWidget]:
    window = QWidget()
    window.show()
    yield window
    window.close()


def dialog_of(shop: FakeShop, theme: Theme, parent: QWidget, target: Target | None = None) -> TargetDialog:
    clipboard = QApplication.clipboard()
    dialog = TargetDialog(shop.targets, theme, SITE.id, target, clipboard=clipboard, run=run_now, parent=parent)
    dialog.open()
    return dialog


def test_a_folder_is_enough(theme: Theme, parent: QWidget) -> None:
    shop = FakeShop()
    dialog = dialog_of(shop, theme, parent)
    dialog.form.inputs["folder"].show_value(" /var/www/shop ")
    dialog.action.click()

    assert shop.settings.current.targets == (Target("target-1", "page", "shop", {"folder": "/var/www/shop"}),)
    assert shop.targets.secrets == {}


def test_addresses_and_a_token_are_kept_apart(theme: Theme, parent: QWidget) -> None:
    shop = FakeShop()
    dialog = dialog_of(shop, theme, parent)
    dialog.form.inputs["url"].show_value("https://bloom.example/popular.html")
    dialog.form.inputs["data_url"].show_value("https://bloom.example/popular.json")
    dialog.form.inputs["secret"].show_value("made-up-token")
    dialog.action.click()

    (kept,) = shop.settings.current.targets
    assert kept.name == "bloom.example"
    assert kept.options == {
        "url": "https://bloom.example/popular.html",
        "data_url": "https://bloom.example/popular.json",
    }
    assert shop.targets.secrets == {kept.id: "made-up-token"}


def test_what_is_kept_can_be_changed(theme: Theme, parent: QWidget) -> None:
    shop = FakeShop()
    dialog = dialog_of(shop, theme, parent, KEPT)
    assert (dialog.form.inputs["folder"].value(), dialog.form.inputs["local"].value()) == ("/var/www", "yes")
    dialog.form.inputs["local"].show_value("")
    dialog.action.click()

    assert shop.settings.current.targets == (Target("page-1", "page", "Our web site", {"folder": "/var/www"}),)


def test_what_is_wrong_is_said_in_place(theme: Theme, parent: QWidget) -> None:
    shop = FakeShop(refuses={"put_target": UserError("There is no folder /nowhere.", "Choose a folder that exists.")})
    dialog = dialog_of(shop, theme, parent)
    dialog.action.click()

    assert dialog.note.text() == "There is no folder /nowhere. Choose a folder that exists."
    assert shop.settings.current.targets == ()
