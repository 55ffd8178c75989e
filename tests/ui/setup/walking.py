"""The owner's way through the assistant, as far as a test wants it."""

from PySide6.QtCore import Qt

from tests.ui.setup.conftest import Desk, by_hand, press, until, write

SECRET = "kFp2kq0Zs1Yw8mN4tR7vX9bC4f2a"
TOKEN = "2abcDEFghiJKLmnoPQRstuVWXyz_9Qe7"


async def to_address(desk: Desk) -> None:
    press(Qt.Key.Key_Return)
    await until(lambda: desk.window.at == 1, "the address step")


async def to_secret(desk: Desk) -> None:
    await to_address(desk)
    write(TOKEN)
    press(Qt.Key.Key_Return)
    await until(lambda: desk.window.at == 2, "the secret step")
    by_hand(desk.window)


async def to_connect(desk: Desk) -> None:
    await to_secret(desk)
    write(SECRET)
    press(Qt.Key.Key_Return)
    await until(lambda: desk.window.at == 3, "the last step")
