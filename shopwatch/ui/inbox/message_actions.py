"""What the owner does with the chosen message: check it again, mend what is wrong, count it, copy and save it."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QClipboard
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from shopwatch.domain.facts import Outcome
from shopwatch.domain.i18n import say
from shopwatch.domain.messages.event import Kind
from shopwatch.providers import provider
from shopwatch.providers.doctor.diagnosis import SignatureRemedy
from shopwatch.shop.receiving.public_address import PublicAddress
from shopwatch.shop.sources.source_registry import SourceRegistry
from shopwatch.ui.dialogs.question import Question
from shopwatch.ui.inbox.details import Details
from shopwatch.ui.inbox.inbox_tasks import InboxTasks
from shopwatch.ui.inbox.reader import Reader
from shopwatch.ui.look.theme import Theme


class MessageActions(QObject):
    """Asks first where something is counted or written; `question` is the one asked last.

    Signals: `noticed(str)`, a sentence for the status bar; `secret_requested(str)`, the owner wants to store another
    secret for the source of this id.
    """

    noticed = Signal(str)
    secret_requested = Signal(str)

    def __init__(
        self,
        sources: SourceRegistry,
        address: PublicAddress,
        theme: Theme,
        screen: QWidget,
        *,
        details: Details,
        reader: Reader,
        tasks: InboxTasks,
        clipboard: QClipboard,
    ) -> None:
        super().__init__(screen)
        self._sources = sources
        self._address = address
        self._theme = theme
        self._details = details
        self._reader = reader
        self._tasks = tasks
        self._clipboard = clipboard
        self._screen = screen
        self._dialog: QFileDialog | None = None
        self._menu: QMenu | None = None
        self.question: Question | None = None
        self._fitting = 0
        self._saving = 0
        reader.remedy_chosen.connect(self.on_remedy_chosen)
        reader.save_requested.connect(self.save_as)
        reader.more_requested.connect(self.on_more_requested)
        tasks.fitted.connect(self.on_fitted)

    @Slot()
    def check_again(self) -> None:
        """Check the chosen message with the secrets of now, if it was rejected."""
        row = self._details.row
        if row is not None and row.outcome is Outcome.REJECTED:
            self._tasks.check(row.id)

    @Slot(object)
    def on_remedy_chosen(self, remedy: SignatureRemedy) -> None:
        row = self._details.row
        if row is None:
            return
        match remedy:
            case SignatureRemedy.CHECK_AGAIN:
                self._tasks.check(row.id)
            case SignatureRemedy.CLEAN_SECRET | SignatureRemedy.USE_SECRET_OF | SignatureRemedy.COUNT_ACCOUNT:
                self._tasks.mend(row.id)
            case SignatureRemedy.REPLACE_SECRET:
                self.secret_requested.emit(row.source_id)
            case SignatureRemedy.COPY_ADDRESS:
                self._copy_address(row.source_id)
            case SignatureRemedy.UNLOCK:
                self._tasks.unlock()
            case SignatureRemedy.SET_CLOCK | SignatureRemedy.NONE:
                pass

    def _copy_address(self, source_id: str) -> None:
        source = self._sources.get(source_id)
        if source is not None:
            self._clipboard.setText(self._address.of(source))
            self.noticed.emit(say("Your address is copied. Put it into the service’s settings."))

    @Slot(int)
    def on_fitted(self, delivery_id: int) -> None:
        """A rejected message fits now; only the owner decides that it counts."""
        self._fitting = delivery_id
        self.question = Question(
            self._theme,
            say("Count this sale now?") if self._may_be_a_sale() else say("Take in this message now?"),
            say("The message fits now. It is counted at the time it arrived. E-mails wait until you have looked."),
            safe=say("Not now"),
            action=say("Count it") if self._may_be_a_sale() else say("Take it in"),
            parent=self._screen.window(),
        )
        self.question.accepted.connect(self.on_count_accepted)
        self.question.open()

    def _may_be_a_sale(self) -> bool:
        known = provider(self._details.row.provider) if self._details.row is not None else None
        return known is None or Kind.SALE in known.practises

    @Slot()
    def on_count_accepted(self) -> None:
        self._tasks.count(self._fitting)

    @Slot()
    def on_more_requested(self) -> None:
        row = self._details.row
        if row is None:
            return
        self._menu = QMenu(self._screen)
        self._menu.setFont(self._theme.font("body"))
        if row.event_id:
            self._menu.addAction(say("Copy the message’s number"), self.copy_number)
        if row.outcome is Outcome.REJECTED:
            self._menu.addAction(say("Check again"), self.check_again)
        self._menu.addAction(say("Save message…"), self.save_as)
        corner = self._reader.more.rect().bottomLeft()
        self._menu.popup(self._reader.more.mapToGlobal(corner))

    @Slot()
    def copy_number(self) -> None:
        if self._details.row is not None:
            self._clipboard.setText(self._details.row.event_id)
            self.noticed.emit(say("The message’s number is copied."))

    @Slot()
    def save_as(self) -> None:
        """Ask where to, then save the message as it came."""
        row = self._details.row
        if self._dialog is not None or row is None:
            return
        self._saving = row.id
        dialog = QFileDialog(self._screen, say("Save message"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.selectFile(f"message-{row.id}.txt")
        dialog.fileSelected.connect(self.on_file_selected)
        dialog.finished.connect(self.on_dialog_finished)
        self._dialog = dialog
        dialog.open()

    @Slot(str)
    def on_file_selected(self, name: str) -> None:
        self._tasks.save(self._saving, Path(name))

    @Slot(int)
    def on_dialog_finished(self, _result: int) -> None:
        if self._dialog is not None:
            self._dialog.deleteLater()
            self._dialog = None
