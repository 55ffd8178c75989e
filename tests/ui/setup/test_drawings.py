"""What is painted: the hint and the QR code."""

import segno
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from shopwatch.presenting.setup.hints import HintSpec, secret_hint
from shopwatch.providers import PROVIDERS
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.setup.hints.hint import HintView
from shopwatch.ui.setup.hints.qr import QrCode

ADDRESS = "https://lilac-heron.ngrok-free.app/in/q2Xw9fK1mB7sT4vYcR8nPz"


def colours(image: QImage) -> int:
    return len({image.pixel(x, y) for x in range(0, image.width(), 2) for y in range(0, image.height(), 2)})


def test_every_provider_s_hint_can_be_drawn_and_read_out(qtbot: QtBot, theme: Theme) -> None:
    for provider in PROVIDERS:
        words = provider.setup
        spec = HintSpec("example", words.menu, words.address_label, ADDRESS, (words.save,), words.events, active=True)
        view = HintView(theme)
        qtbot.addWidget(view)
        view.show_spec(spec)
        assert colours(view.grab().toImage()) > 8
        for word in (words.menu, words.address_label, words.save, *words.events):
            assert word in view.accessibleDescription()


def test_longer_words_make_the_drawing_taller_not_cut(qtbot: QtBot, theme: Theme) -> None:
    view = HintView(theme)
    qtbot.addWidget(view)
    view.show_spec(HintSpec("x", "Menu", "Label", "", ("Save",), ("a", "b")))
    short = view.height()
    view.show_spec(
        HintSpec("x", "Benachrichtigungseinstellungen verwalten", "Label", "", ("Save",), ("ereignis.x",) * 12)
    )
    assert view.height() > short


def test_the_qr_code_holds_the_address_black_on_white_in_both_themes(qtbot: QtBot, theme: Theme) -> None:
    code = QrCode(theme)
    qtbot.addWidget(code)
    code.show_text(ADDRESS)
    image = code.grab().toImage()
    expected = segno.make(ADDRESS, error="l", boost_error=False, micro=False).matrix
    module = image.width() // (len(expected) + 8)
    black, white = QColor(Qt.GlobalColor.black), QColor(Qt.GlobalColor.white)
    for y, row in enumerate(expected, 4):
        for x, dark in enumerate(row, 4):
            at = image.pixelColor(x * module + module // 2, y * module + module // 2)
            assert at == (black if dark else white)
    assert image.pixelColor(2 * module, 2 * module) == white
    assert code.accessibleName() == "QR code of your address"


def test_a_secret_is_drawn_where_it_is() -> None:
    by_id = {provider.id: provider for provider in PROVIDERS}
    assert secret_hint(by_id["authorize-net"], "x").menu == "API Credentials and Keys"
    assert secret_hint(by_id["polar"], "x").menu == by_id["polar"].setup.menu
    assert secret_hint(by_id["polar"], "x").page == "polar.sh/dashboard"
    assert secret_hint(by_id["hubspot"], "x").page == "app.hubspot.com", "it is not among the workflows"
