"""E-mail, and where else the shop's own messages go."""

from collections.abc import Callable, Coroutine
from typing import Any

from PySide6.QtCore import QObject, QPoint, Qt, Slot
from PySide6.QtGui import QAction, QClipboard
from PySide6.QtWidgets import QMenu

from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import say
from shopwatch.domain.legible import legible
from shopwatch.domain.rules.letter import THANKS, Letter
from shopwatch.domain.rules.target import Target
from shopwatch.ledger.sales.book import SalesBook
from shopwatch.presenting.targets.places_text import MAIL_ACCOUNT, PlaceText, mail_account, place_kinds, places
from shopwatch.runtime.tasks import Run, spawn
from shopwatch.settings.store import SettingsStore
from shopwatch.shop.outgoing.destinations import Targets
from shopwatch.shop.outgoing.mail import Mail
from shopwatch.ui.dialogs.question import Question
from shopwatch.ui.letters.dialog import LetterDialog
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.settings.rows import Row, SettingsGroup
from shopwatch.ui.targets.dialog import TargetDialog
from shopwatch.ui.widgets.inputs.buttons import Button

_LONGEST = 60


class _OutgoingGroup(SettingsGroup):
    def __init__(
        self, theme: Theme, settings: SettingsStore, targets: Targets, *, clipboard: QClipboard, run: Run
    ) -> None:
        super().__init__(theme, settings)
        self._targets = targets
        self._clipboard = clipboard
        self._run = run
        self._shown: object = None
        self._presses: dict[QObject, Callable[[], object]] = {}
        self._to_remove = ""
        self.dialog: TargetDialog | None = None
        self.question: Question | None = None

    def cleared(self) -> bool:
        """Whether targets or letters are others than those shown; then the rows of those are gone."""
        now = self.settings.current
        if (now.targets, now.letters) == self._shown:
            return False
        self._shown = (now.targets, now.letters)
        self.clear()
        self._presses.clear()
        return True

    def button(self, text: str, spoken: str, then: Callable[[], object], icon: str = "") -> Button:
        button = Button(self.theme, text, "", icon)
        button.setAccessibleName(spoken)
        button.clicked.connect(self.on_pressed)
        self._presses[button] = then
        return button

    @Slot()
    def on_pressed(self) -> None:
        self._presses[self.sender()]()

    def change(self, kind: str, target: Target | None) -> None:
        """Set up a new target, or change this one."""
        self.dialog = TargetDialog(
            self._targets, self.theme, kind, target, clipboard=self._clipboard, run=self._run, parent=self.window()
        )
        self.dialog.open()

    def ask_to_remove(self, target: Target) -> None:
        name = legible(target.name, _LONGEST)
        self.question = Question(
            self.theme,
            say("Remove {name}?", name=name),
            say("Its secret is forgotten. Rules that send there stay, and say that it is not connected."),
            safe=say("Keep it"),
            action=say("Remove it"),
            parent=self.window(),
        )
        self._to_remove = target.id
        self.question.accepted.connect(self.on_remove)
        self.question.open()

    @Slot()
    def on_remove(self) -> None:
        self._run(self._told(self._targets.drop(self._to_remove)), "a target")

    async def _told(self, work: Coroutine[Any, Any, Any]) -> Any:
        try:
            done = await work
        except UserError as problem:
            self.problem.tell("bad", str(problem))
            return None
        self.problem.clear()
        return done


class MailGroup(_OutgoingGroup):
    """The mail account, and the letters that are sent from it."""

    def __init__(
        self,
        theme: Theme,
        settings: SettingsStore,
        targets: Targets,
        mail: Mail,
        sales: SalesBook,
        *,
        locale: str,
        clipboard: QClipboard,
        run: Run = spawn,
    ) -> None:
        super().__init__(theme, settings, targets, clipboard=clipboard, run=run)
        self._mail = mail
        self._sales = sales
        self._locale = locale
        self.name(say("E-mail"))
        self.letter: LetterDialog | None = None

    def show_now(self) -> None:
        if not self.cleared():
            return
        account = mail_account(self.settings.current.targets)
        if account is None:
            about = say("E-mails to customers are sent from your own mail account.")
            connect = self.button(
                say("Connect…"), say("Connect a mail account…"), lambda: self.change(MAIL_ACCOUNT, None)
            )
            self.add(Row(self.theme, say("No mail account yet"), about, connect))
        else:
            self._add_account(account)
        for letter in {each.id: each for each in (THANKS, *self.settings.current.letters)}.values():
            self._add_letter(letter)

    def _add_account(self, account: PlaceText) -> None:
        name = account.name
        self.add(
            Row(
                self.theme,
                name,
                account.about,
                self.button(
                    say("Send a test"), say("Send a test to {name}", name=name), self.on_test, "paper-plane-tilt"
                ),
                self.button(
                    say("Change…"), say("Change {name}…", name=name), lambda: self.change(MAIL_ACCOUNT, account.target)
                ),
                self.button(
                    say("Remove…"), say("Remove {name}…", name=name), lambda: self.ask_to_remove(account.target)
                ),
            )
        )

    def _add_letter(self, letter: Letter) -> None:
        name = legible(letter.name, _LONGEST)
        write = self.button(say("Write…"), say("Write the letter “{name}”…", name=name), lambda: self.write(letter.id))
        about = say("Sent by the rules that choose it.")
        self.add(Row(self.theme, say("Letter “{name}”", name=name), about, write))

    def write(self, letter_id: str) -> None:
        self.letter = LetterDialog(
            self._mail,
            self._sales,
            self.settings,
            self.theme,
            letter_id,
            locale=self._locale,
            run=self._run,
            parent=self.window(),
        )
        self.letter.open()

    @Slot()
    def on_test(self) -> None:
        self.problem.tell("info", say("Sending it…"))
        self._run(self._test(), "a test letter")

    async def _test(self) -> None:
        letter = next((each for each in self.settings.current.letters if each.id == THANKS.id), THANKS)
        to = await self._told(self._mail.send_test(letter))
        if to:
            self.problem.tell("ok", say("It was sent to {address}.", address=to))


class PlacesGroup(_OutgoingGroup):
    """Chats, other programs and databases."""

    def __init__(
        self, theme: Theme, settings: SettingsStore, targets: Targets, *, clipboard: QClipboard, run: Run = spawn
    ) -> None:
        super().__init__(theme, settings, targets, clipboard=clipboard, run=run)
        self.name(say("Where messages go"))
        self.connect_button = Button(theme, say("Connect another…"), "", "plus")
        self.connect_button.clicked.connect(self.on_connect)
        self.add_below(self.connect_button)

    def show_now(self) -> None:
        if not self.cleared():
            return
        found = places(self.settings.current.targets)
        if not found:
            about = say("Rules can post to a chat, pass sales on to another program, or write them into a database.")
            self.add(Row(self.theme, say("Nowhere yet"), about))
        for place in found:
            self._add_place(place)

    def _add_place(self, place: PlaceText) -> None:
        name, target = place.name, place.target
        self.add(
            Row(
                self.theme,
                name,
                place.about,
                self.button(say("Change…"), say("Change {name}…", name=name), lambda: self.change(target.kind, target)),
                self.button(say("Remove…"), say("Remove {name}…", name=name), lambda: self.ask_to_remove(target)),
            )
        )

    @Slot()
    def on_connect(self) -> None:
        """Offer the kinds of places."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for kind in place_kinds():
            menu.addAction(self.theme.icon(kind.icon, 16), kind.title).setData(kind.id)
        menu.triggered.connect(self.on_kind_chosen)
        menu.popup(self.connect_button.mapToGlobal(QPoint(4, self.connect_button.height())))

    @Slot(QAction)
    def on_kind_chosen(self, entry: QAction) -> None:
        self.change(entry.data(), None)
