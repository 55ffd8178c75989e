"""E-mail and the places that messages go to, on the settings page."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from shopwatch.domain.errors import UserError
from shopwatch.domain.rules.letter import THANKS, Letter
from shopwatch.domain.rules.target import Target
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.settings.outgoing import MailGroup, PlacesGroup
from shopwatch.ui.widgets.inputs.buttons import Button
from tests.ui.conftest import run_now
from tests.ui.fake_shop import FakeShop, new_shop

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints", extend=True)

MAIL = Target("m", "mail", "shop@example.com", {"from": "shop@example.com", "host": "mail.example.com"})
SLACK = Target("s", "chat", "#sales", {"service": "Slack"})
BOOKS = Target("b", "forward", "Books", {"url": "https://books.example", "stopped": "yes"})


class Groups:
    def __init__(self, shop: FakeShop, mail: MailGroup, places: PlacesGroup) -> None:
        self.shop = shop
        self.mail = mail
        self.places = places

    def change(self, *targets: Target, letters: tuple[Letter, ...] = ()) -> None:
        self.shop.settings.change(targets=targets, letters=letters)
        for group in (self.mail, self.places):
            group.show_now()
        # What is new in a visible window shows itself in the next round of events.
        QApplication.processEvents()


@pytest.fixture
def groups(qapp: QApplication, theme: Theme) -> Iterator[Groups]:
    shop = new_shop()
    window = QWidget()
    mail = MailGroup(
        theme,
        shop.settings,
        shop.targets,
        shop.mail,
        shop.ledger.sales,
        locale=shop.locale,
        clipboard=qapp.clipboard(),
        run=run_now,
    )
    places = PlacesGroup(theme, shop.settings, shop.targets, clipboard=qapp.clipboard(), run=run_now)
    for group in (mail, places):
        group.setParent(window)
        group.show_now()
    window.show()
    yield Groups(shop, mail, places)
    window.close()
    window.deleteLater()


def texts(group: QWidget) -> list[str]:
    return [label.text() for label in group.findChildren(QLabel) if label.isVisibleTo(group) and label.text()]


def button(group: QWidget, name: str) -> Button:
    found = [each for each in group.findChildren(Button) if each.isVisibleTo(group) and each.accessibleName() == name]
    return found[0]


def test_nothing_is_connected_at_first(groups: Groups) -> None:
    assert "No mail account yet" in texts(groups.mail)
    assert "Letter “Thank you”" in texts(groups.mail)
    assert "Nowhere yet" in texts(groups.places)
    button(groups.mail, "Connect a mail account…").click()
    assert groups.mail.dialog is not None
    assert groups.mail.dialog.isVisible()


def test_what_is_connected_is_listed(groups: Groups) -> None:
    groups.change(MAIL, SLACK, BOOKS, letters=(Letter("later", "Pick-up", "Ready", "…"),))
    assert {"shop@example.com", "Letter “Thank you”", "Letter “Pick-up”"} <= set(texts(groups.mail))
    told = texts(groups.places)
    assert told[told.index("#sales") + 1] == "Slack"
    assert told[told.index("Books") + 1].startswith("It has said that it wants no more messages.")
    assert "Nowhere yet" not in told


def test_a_place_is_changed_in_its_form(groups: Groups) -> None:
    groups.change(SLACK)
    button(groups.places, "Change #sales…").click()
    assert groups.places.dialog is not None
    groups.places.dialog.action.click()
    assert groups.shop.settings.current.targets == (SLACK,)


def test_removing_asks_and_forgets_the_secret(groups: Groups) -> None:
    groups.change(SLACK)
    groups.shop.targets.secrets["s"] = "slack://a/b/c"
    button(groups.places, "Remove #sales…").click()
    assert groups.places.question is not None
    assert len(groups.shop.settings.current.targets) == 1
    groups.places.question.action.click()
    groups.places.show_now()
    assert groups.shop.targets.secrets == {}
    assert "#sales" not in texts(groups.places)


def test_a_test_letter_goes_to_oneself_or_says_why_not(groups: Groups) -> None:
    groups.change(MAIL)
    send = button(groups.mail, "Send a test to shop@example.com")
    send.click()
    assert groups.shop.mail.tested == [THANKS]
    assert groups.mail.problem.text() == "It was sent to shop@example.com."
    groups.shop.script.refuses["send_test_letter"] = UserError(
        "The test letter was not sent.", "The mail server hung up."
    )
    send.click()
    assert groups.mail.problem.text() == "The test letter was not sent. The mail server hung up."


def test_a_letter_is_written_from_here(groups: Groups) -> None:
    groups.change(MAIL)
    button(groups.mail, "Write the letter “Thank you”…").click()
    assert groups.mail.letter is not None
    groups.mail.letter.save.click()
    assert groups.shop.settings.current.letters == (THANKS,)
