"""What the steps of rules need: targets to send to, and letters to send."""

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QClipboard
from PySide6.QtWidgets import QWidget

from shopwatch.domain.rules.rule import Rule
from shopwatch.domain.rules.target import Target
from shopwatch.ledger.sales.book import SalesBook
from shopwatch.presenting.rules.rule_text import aimed, is_chosen, lack_of
from shopwatch.runtime.tasks import Run
from shopwatch.settings.store import SettingsStore
from shopwatch.shop.outgoing.destinations import Targets
from shopwatch.shop.outgoing.mail import Mail
from shopwatch.ui.letters.dialog import LetterDialog
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.rules.editor import RuleEditor
from shopwatch.ui.targets.dialog import TargetDialog


class Connecting(QObject):
    """Opens their forms, and lets the step that wanted one have what came of it.

    Signals: `aimed(Rule)`, this rule sends to what has just been connected.
    """

    aimed = Signal(object)

    def __init__(
        self,
        settings: SettingsStore,
        targets: Targets,
        mail: Mail,
        sales: SalesBook,
        *,
        theme: Theme,
        editor: RuleEditor,
        locale: str,
        clipboard: QClipboard,
        run: Run,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._settings = settings
        self._targets = targets
        self._mail = mail
        self._sales = sales
        self._locale = locale
        self._theme = theme
        self._editor = editor
        self._clipboard = clipboard
        self._run = run
        self.dialog: TargetDialog | None = None
        self._lacking: Rule | None = None
        self.letter: LetterDialog | None = None
        editor.target_requested.connect(self.on_target_requested)
        editor.letter_requested.connect(self.on_letter_requested)
        self.refresh_targets()

    def refresh_targets(self) -> None:
        """Targets or letters are others now."""
        self._editor.show_targets(self._settings.current.targets, self._settings.current.letters)

    def mend(self, rule: Rule) -> None:
        """Connect what this rule lacks."""
        lack = lack_of(rule, self._settings.current.targets)
        if lack is not None:
            self._open(lack.kind, None, rule)

    def _aim(self, rule: Rule, target: Target) -> None:
        if is_chosen(target):
            self.aimed.emit(aimed(rule, target, self._settings.current.targets))

    @Slot(str, str)
    def on_target_requested(self, kind: str, target_id: str) -> None:
        found = next((each for each in self._settings.current.targets if each.id == target_id), None)
        self._open(kind, found, None)

    @Slot(str)
    def on_letter_requested(self, letter_id: str) -> None:
        self.letter = LetterDialog(
            self._mail,
            self._sales,
            self._settings,
            self._theme,
            letter_id,
            locale=self._locale,
            run=self._run,
            parent=self._editor.window(),
        )
        self.letter.saved.connect(self._editor.show_letter)
        self.letter.open()

    def _open(self, kind: str, target: Target | None, lacking: Rule | None) -> None:
        self._lacking = lacking
        self.dialog = TargetDialog(
            self._targets,
            self._theme,
            kind,
            target,
            clipboard=self._clipboard,
            run=self._run,
            parent=self._editor.window(),
        )
        self.dialog.saved.connect(self.on_saved)
        self.dialog.open()

    @Slot(object)
    def on_saved(self, target: Target) -> None:
        """Aim at it the rule that lacked it, else the step that is open."""
        if self._lacking is None:
            self._editor.aim_step(target.id)
        else:
            self._aim(self._lacking, target)
