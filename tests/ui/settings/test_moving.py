"""Backups and moving, on the settings page."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QApplication, QLineEdit

from shopwatch.domain.errors import UserError
from shopwatch.host.paths import Paths
from shopwatch.settings.archive import backup
from shopwatch.settings.settings import load
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.settings.moving import MovingGroup
from shopwatch.ui.settings.passphrase import PassphraseDialog
from tests.ui.conftest import Run
from tests.ui.fake_shop import FakeShop, new_shop
from tests.ui.setup.conftest import until

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints", extend=True)

WORDS = "four words for mugs"
SECRETS = {"source/a": '{"current":["whsec_canary_0123456789"]}'}


class Wanted(QObject):
    """Hears which backup is to be brought back."""

    def __init__(self) -> None:
        super().__init__()
        self.backups: list[tuple[Path, str]] = []

    @Slot(object, str)
    def on_requested(self, file: Path, passphrase: str) -> None:
        self.backups.append((file, passphrase))


@pytest.fixture
def shop() -> FakeShop:
    return new_shop()


@pytest.fixture
def group(qapp: QApplication, theme: Theme, shop: FakeShop) -> Iterator[MovingGroup]:
    group = MovingGroup(theme, shop.settings, write_backup=shop.backups.write, move_out=shop.move_out)
    group.show()
    yield group
    group.close()
    group.deleteLater()


def ask(group: MovingGroup) -> PassphraseDialog:
    assert group.question is not None
    return group.question


def typed(question: PassphraseDialog, *texts: str) -> None:
    for line, text in zip((question.first, question.again), texts, strict=False):
        line.setText(text)
    question.action.click()


def choose(group: MovingGroup, file: Path) -> None:
    assert group.dialog is not None
    group.dialog.fileSelected.emit(str(file))
    group.dialog.close()


@pytest.mark.parametrize(
    ("texts", "sentence"),
    [
        (("short", "short"), "Use 10 characters or more, for example four words."),
        ((WORDS, "four words for cups"), "The two are not the same. Type them once more."),
        (("", ""), "Use 10 characters or more, for example four words."),
    ],
)
def test_a_passphrase_that_would_not_protect_is_told_in_place(
    group: MovingGroup, texts: tuple[str, str], sentence: str
) -> None:
    group.move_out.click()
    typed(ask(group), *texts)
    assert ask(group).note.text() == sentence
    assert ask(group).isVisible()
    assert group.dialog is None
    ask(group).reject()


def test_a_backup_is_saved_with_the_secrets_or_without(
    run: Run, shop: FakeShop, group: MovingGroup, tmp_path: Path
) -> None:
    async def save() -> None:
        for words in ((WORDS, WORDS), ("", "")):
            group.save.click()
            typed(ask(group), *words)
            choose(group, tmp_path / "shop.backup")
            await until(lambda: group.problem.text() == "Everything is in shop.backup.", "the backup")
            assert shop.backups.saved == (tmp_path / "shop.backup", words[0])
            group.problem.clear()
        assert "move_out" not in shop.script.calls

    run(save())


def test_moving_stops_here_and_says_what_stands_in_the_way(
    run: Run, shop: FakeShop, group: MovingGroup, tmp_path: Path
) -> None:
    async def move() -> None:
        shop.script.refuses["move_out"] = UserError("The disk is full.", "Free some space.", code="disk-full")
        for sentence in ("The disk is full. Free some space.", "Everything is in shop.backup."):
            group.move_out.click()
            typed(ask(group), WORDS, WORDS)
            choose(group, tmp_path / "shop.backup")
            await until(partial(told, group, sentence), sentence)
            assert group.move_out.isEnabled()
        assert shop.script.calls.count("move_out") == 2

    run(move())


def told(group: MovingGroup, sentence: str) -> bool:
    return group.problem.text() == sentence


def test_a_backup_is_looked_into_before_shopwatch_starts_anew(run: Run, group: MovingGroup, tmp_path: Path) -> None:
    paths = Paths(tmp_path / "data")
    paths.prepare()
    load(paths.settings)
    file, plain, odd = tmp_path / "a.backup", tmp_path / "b.backup", tmp_path / "c.backup"

    def write(to: Path) -> None:
        to.write_bytes(b"SQLite format 3\0".ljust(4096, b"\0"))

    backup(file, paths, write, SECRETS, WORDS)
    backup(plain, paths, write)
    odd.write_bytes(b"something else")
    wanted = Wanted()
    group.restore_requested.connect(wanted.on_requested)

    async def bring() -> None:
        group.bring.click()
        choose(group, odd)
        await until(lambda: group.problem.text().startswith("This is not a backup"), "what is wrong")
        group.bring.click()
        choose(group, file)
        await until(lambda: group.question is not None, "the question")
        typed(ask(group), "four words for cups")
        await until(lambda: "do not open with this passphrase" in group.problem.text(), "the wrong passphrase")
        group.bring.click()
        choose(group, file)
        await until(lambda: group.question is not None, "the question")
        typed(ask(group), WORDS)
        await until(lambda: wanted.backups == [(file, WORDS)], "the backup with its secrets")
        group.bring.click()
        choose(group, plain)
        await until(lambda: group.question is not None, "the question")
        assert not [line for line in ask(group).findChildren(QLineEdit) if line.isVisible()]
        ask(group).action.click()
        await until(lambda: wanted.backups[1:] == [(plain, "")], "the backup without secrets")

    run(bring())
