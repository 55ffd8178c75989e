"""Setting up targets: what is filled in by itself, what is tried, and what is said where it fails."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from shopwatch.actions.action import TargetKind
from shopwatch.actions.chat import CHAT_TARGET
from shopwatch.actions.database import OWN_DATABASE
from shopwatch.actions.email import MAIL
from shopwatch.actions.forward import PROGRAM
from shopwatch.actions.popular import SITE
from shopwatch.domain.errors import UserError
from shopwatch.domain.rules.target import Target
from shopwatch.settings.settings import Settings
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.targets.dialog import TargetDialog
from shopwatch.ui.targets.inputs import LineInput, SecretInput
from tests.ui.conftest import run_now
from tests.ui.fake_shop import FakeShop
from tests.ui.later import Later

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints", extend=True)

type OpenDialog = Callable[..., TargetDialog]


@pytest.fixture
def shop() -> FakeShop:
    return FakeShop()


@pytest.fixture
def saved() -> list[Target]:
    return []


@pytest.fixture
def open_dialog(qapp: QApplication, theme: Theme, shop: FakeShop, saved: list[Target]) -> Iterator[OpenDialog]:
    windows: list[QWidget] = []

    def open_it(kind: TargetKind, target: Target | None = None) -> TargetDialog:
        window = QWidget()
        windows.append(window)
        window.show()
        dialog = TargetDialog(
            shop.targets, theme, kind.id, target, clipboard=qapp.clipboard(), run=run_now, parent=window
        )
        dialog.saved.connect(saved.append)
        dialog.open()
        return dialog

    yield open_it
    for window in windows:
        window.close()
        window.deleteLater()


def line(dialog: TargetDialog, key: str) -> QLineEdit:
    """Where the owner types into the field of this key."""
    found = dialog.form.inputs[key]
    if isinstance(found, SecretInput):
        return found.line
    assert isinstance(found, LineInput)
    return found


def values(dialog: TargetDialog, *keys: str) -> list[str]:
    return [dialog.form.inputs[key].value() for key in keys]


def test_the_server_follows_from_the_address(open_dialog: OpenDialog, shop: FakeShop, saved: list[Target]) -> None:
    dialog = open_dialog(MAIL)
    QTest.keyClicks(line(dialog, "from"), "flowers@web.de")
    assert values(dialog, "host", "port", "security") == ["smtp.web.de", "587", "starttls"]
    line(dialog, "from").clear()
    QTest.keyClicks(line(dialog, "from"), "flowers@t-online.de")
    assert values(dialog, "host", "port") == ["securesmtp.t-online.de", "465"]
    QTest.keyClicks(line(dialog, "secret"), "app password")
    dialog.action.click()
    assert shop.targets.secrets == {"target-1": "app password"}
    assert saved[0].options == {
        "from": "flowers@t-online.de",
        "host": "securesmtp.t-online.de",
        "port": "465",
        "security": "tls",
        "user": "flowers@t-online.de",
        "most_an_hour": "100",
    }
    assert shop.settings.current.targets == (saved[0],)


def test_a_server_that_was_written_stays(open_dialog: OpenDialog) -> None:
    dialog = open_dialog(MAIL)
    QTest.keyClicks(line(dialog, "host"), "mail.example.org")
    QTest.keyClicks(line(dialog, "from"), "flowers@gmail.com")
    assert values(dialog, "host") == ["mail.example.org"]


def test_what_is_wrong_is_said_in_place_and_can_be_put_right(
    open_dialog: OpenDialog, shop: FakeShop, saved: list[Target]
) -> None:
    dialog = open_dialog(MAIL)
    shop.script.refuses["put_target"] = UserError(
        "Your mail service refused the sign-in.", "Many need an app password."
    )
    dialog.action.click()
    assert dialog.note.text() == "Your mail service refused the sign-in. Many need an app password."
    assert dialog.isVisible()
    assert not saved
    dialog.action.click()
    assert not dialog.isVisible()
    assert len(saved) == 1


@pytest.mark.parametrize("kind", [CHAT_TARGET, SITE], ids=lambda kind: kind.id)
def test_what_is_wrong_hides_nothing_of_the_form(open_dialog: OpenDialog, shop: FakeShop, kind: TargetKind) -> None:
    dialog = open_dialog(kind)
    shop.script.refuses["put_target"] = UserError("It does not answer. " * 12)
    QTest.keyClicks(dialog.form.first, "https://example.com/in")
    dialog.action.click()
    QApplication.processEvents()
    assert dialog.note.text().startswith("It does not answer.")
    assert dialog.form.visibleRegion().boundingRect().height() == dialog.form.height()


def test_a_stored_password_is_not_shown_and_stays_unless_another_is_written(
    open_dialog: OpenDialog, shop: FakeShop
) -> None:
    kept = Target("m", "mail", "a@example.com", {"from": "a@example.com", "host": "h", "reply_to": "b@x.org"})
    shop.settings.current = Settings(targets=(kept,))
    shop.targets.secrets["m"] = "5ecret"
    dialog = open_dialog(MAIL, kept)
    assert values(dialog, "secret") == [""]
    assert line(dialog, "secret").placeholderText() == "Stored. Leave this empty to keep it."
    assert values(dialog, "reply_to") == ["b@x.org"]
    assert line(dialog, "reply_to").cursorPosition() == 0
    dialog.action.click()
    assert shop.targets.secrets == {"m": "5ecret"}
    assert [each.id for each in shop.settings.current.targets] == ["m"]


def test_the_service_is_told_by_the_address_of_its_chat(open_dialog: OpenDialog, saved: list[Target]) -> None:
    dialog = open_dialog(CHAT_TARGET)
    QTest.keyClicks(line(dialog, "secret"), "https://discord.com/api/webhooks/1/abc")
    assert values(dialog, "service") == ["Discord"]
    line(dialog, "secret").clear()
    QTest.keyClicks(line(dialog, "secret"), "https://hooks.slack.com/services/T1/B1/x")
    assert dialog.form.name is not None
    QTest.keyClicks(dialog.form.name, "#sales")
    dialog.action.click()
    assert values(dialog, "service") == ["Slack"]
    assert saved[0].name == "#sales"


def test_another_program_gets_a_secret_to_be_copied(open_dialog: OpenDialog, saved: list[Target]) -> None:
    dialog = open_dialog(PROGRAM)
    QTest.keyClicks(line(dialog, "url"), "https://books.example.com/in")
    dialog.form.inputs["as"].show_value("raw")
    dialog.form.inputs["local"].show_value("yes")
    dialog.action.click()
    assert saved[0].name == "books.example.com"
    assert saved[0].options == {"url": "https://books.example.com/in", "as": "raw", "local": "yes"}
    assert dialog.isVisible()
    assert dialog.form.issued is not None
    assert dialog.form.issued.isVisible()
    assert dialog.form.issued.text().startswith("whsec_")


def test_a_password_in_a_databases_address_goes_to_the_password_store(
    open_dialog: OpenDialog, shop: FakeShop, saved: list[Target]
) -> None:
    dialog = open_dialog(OWN_DATABASE)
    QTest.keyClicks(line(dialog, "url"), "postgresql://ada:5ecret@db.example/shop")
    dialog.action.click()
    assert shop.targets.secrets == {"target-1": "5ecret"}
    assert saved[0].options["create"] == "yes"
    assert saved[0].options["url"].endswith("://ada@db.example/shop")
    assert values(dialog, "url") == [saved[0].options["url"]]


def test_an_address_that_is_none_is_said_before_anything_is_tried(open_dialog: OpenDialog, saved: list[Target]) -> None:
    dialog = open_dialog(OWN_DATABASE)
    dialog.action.click()
    assert "postgresql://" in dialog.note.text()
    assert not saved


def test_the_window_goes_on_while_a_target_is_tried(qapp: QApplication, theme: Theme, shop: FakeShop) -> None:
    later = Later()
    dialog = TargetDialog(shop.targets, theme, MAIL.id, None, clipboard=qapp.clipboard(), run=later)
    dialog.action.click()
    dialog.action.click()
    assert dialog.note.text() == "Trying it…"
    assert len(later.works) == 1
    later.go_on()
    dialog.deleteLater()
