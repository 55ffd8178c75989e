"""Where one rule is written: what it was when it was begun, and that nothing written is lost unasked."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal, Slot

from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import say
from shopwatch.domain.instant import DAY
from shopwatch.domain.rules.rule import Rule
from shopwatch.domain.rules.rule_text import plain
from shopwatch.ledger.outbox.book import OutboxBook
from shopwatch.ledger.outbox.rule_history import RuleHistory
from shopwatch.ledger.sales.book import SalesBook
from shopwatch.presenting.rules.hints import hint_of
from shopwatch.presenting.rules.rule_text import names_of, obstacle_to
from shopwatch.runtime.clock import now
from shopwatch.runtime.tasks import Run
from shopwatch.settings.store import SettingsStore
from shopwatch.shop.sources.source_registry import SourceRegistry
from shopwatch.ui.dialogs.question import Question
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.rules.editor import RuleEditor, normal
from shopwatch.ui.rules.model import RulesModel
from shopwatch.ui.rules.values import Surroundings

_HINT_DAYS = 30
_LONGEST_NAME = 60
_COMMON = ("USD", "EUR", "GBP", "JPY", "CHF", "CAD", "AUD", "SEK", "NOK", "DKK", "PLN", "INR", "BRL")


class RuleEditController(QObject):
    """Puts rules into the editor, and shows in the list what is written.

    Signals: `opened(int)`, a rule is being written, 0 for a new one; `closed()`, none is; `held(int)`, the owner is
    asked before this one is left; `save_requested(Rule)`, whole and ready to be kept.
    """

    opened = Signal(int)
    closed = Signal()
    held = Signal(int)
    save_requested = Signal(object)

    def __init__(
        self,
        outbox: OutboxBook,
        sales: SalesBook,
        settings: SettingsStore,
        sources: SourceRegistry,
        *,
        theme: Theme,
        model: RulesModel,
        editor: RuleEditor,
        locale: str,
        run: Run,
    ) -> None:
        super().__init__(editor)
        self._outbox = outbox
        self._sales = sales
        self._settings = settings
        self._sources = sources
        self._locale = locale
        self._theme = theme
        self._model = model
        self._editor = editor
        self._run = run
        self._begun: Rule | None = None
        self._then: Callable[[], None] | None = None
        self._currencies: tuple[str, ...] = _COMMON
        self._month: RuleHistory | None = None
        self._today = 0
        self.question: Question | None = None
        editor.edited.connect(self.on_edited)
        editor.save_requested.connect(self.save)
        editor.undo_requested.connect(self.undo)
        editor.close_requested.connect(self.close)
        editor.duplicate_requested.connect(self.duplicate)

    @property
    def rule_id(self) -> int | None:
        """Of the rule that is being written; 0 for a new one."""
        return self._begun.id if self._begun is not None else None

    @property
    def is_changed(self) -> bool:
        """Whether the rule is otherwise than it is kept."""
        rule, begun = self._editor.rule, self._begun
        if rule is None or begun is None:
            return False
        return self._editor.conditions.unfinished() is not None or normal(rule) != normal(begun)

    def open(self, rule: Rule) -> None:
        """Write this rule, once the last one may be left."""
        if self.rule_id != rule.id or not rule.id:
            self.leave(lambda: self._show(rule))

    def leave(self, then: Callable[[], None]) -> None:
        """Do `then` once nothing that was written would be lost, or the owner wants it so."""
        if not self.is_changed or self._begun is None:
            self._let_go()
            then()
            return
        self.held.emit(self._begun.id)
        self._then = then
        self.question = Question(
            self._theme,
            say("Leave without saving?"),
            say("What you have changed in this rule is not kept yet."),
            safe=say("Go on writing"),
            action=say("Leave it unsaved"),
            parent=self._editor.window(),
        )
        self.question.accepted.connect(self.on_leave_accepted)
        self.question.open()

    @Slot()
    def on_leave_accepted(self) -> None:
        then, self._then = self._then, None
        self._let_go()
        if then is not None:
            then()

    @Slot()
    def close(self) -> None:
        self.leave(self.closed.emit)

    def drop(self) -> None:
        """Write no more of this rule: it is gone."""
        self._let_go()
        self.closed.emit()

    @Slot()
    def duplicate(self) -> None:
        """Begin a new rule like this one."""
        rule = self._editor.rule
        if rule is not None:
            name = say("{name}, copy", name=rule.name) if rule.name else ""
            self.open(replace(rule, id=0, name=name))

    @Slot()
    def undo(self) -> None:
        """Back to what is kept; a new rule is let go."""
        if self._begun is not None and self._begun.id:
            self._show(self._model.kept_rule(self._begun.id) or self._begun)
        else:
            self.drop()

    @Slot()
    def save(self) -> None:
        """Ask for what is written to be kept, if it is whole."""
        rule = self._editor.rule
        if self._begun is None or rule is None or self._editor.say_unfinished():
            return
        if obstacle := self.obstacle(rule):
            self._editor.problem.tell("bad", obstacle)
        else:
            self.save_requested.emit(rule if rule.name else replace(rule, name=self._name_for(rule)))

    def obstacle(self, rule: Rule) -> str:
        """Why this rule cannot be on; empty if it can. For what all of the shop share, its jobs wait."""
        return obstacle_to(rule, self._settings.current.targets)

    @Slot(object)
    def on_saved(self, rule: Rule) -> None:
        """What was written is kept; what has been written since is not yet."""
        if self._begun is None:
            return
        if self._differs(rule):
            self._begun = rule
            self._editor.show_kept(rule)
            self.on_edited()
        else:
            self._show(rule)

    @Slot(object)
    def on_put(self, rule: Rule) -> None:
        """This rule was switched, or sends elsewhere now."""
        if self._begun is None or self._begun.id != rule.id:
            return
        if self.is_changed:
            self._begun = replace(self._begun, on=rule.on)
            self._editor.show_kept(rule)
            self.on_edited()
        else:
            self._show(rule)

    def _differs(self, kept: Rule) -> bool:
        """Whether more is written than what was just kept."""
        written = self._editor.rule
        if written is None or self._editor.conditions.unfinished() is not None:
            return True
        return normal(replace(written, id=kept.id, on=kept.on, name=written.name or kept.name)) != normal(kept)

    @Slot()
    def on_loaded(self) -> None:
        """The rules are as they are in the ledger now."""
        begun = self._begun
        if begun is None or not begun.id:
            return
        self._tell_hint(begun)
        if self.is_changed:
            return
        kept = self._model.kept_rule(begun.id)
        if kept is None:
            self.drop()
        elif kept != begun:
            self._show(kept)

    @Slot()
    def on_edited(self) -> None:
        rule = self._editor.rule
        if self._begun is not None and rule is not None:
            self._model.show_draft(rule)
            self._editor.show_changed(self.is_changed, new=not rule.id)

    async def look_at_currencies(self) -> None:
        """Find out which currencies the shop sells in, that of most sales first."""
        try:
            figures = await self._sales.figures(now() - 90 * DAY, now())
        except UserError:
            return
        self._currencies = tuple(dict.fromkeys([*(money.currency for money in figures.totals), *_COMMON]))

    def _show(self, rule: Rule) -> None:
        self._begun = rule
        around = Surroundings(self._sources.all, self._currencies, self._locale)
        self._editor.show_rule(rule, around)
        self._editor.show_changed(False, new=not rule.id)
        self._model.show_draft(rule if not rule.id else None)
        self._month = None
        self._tell_hint(rule)
        self._run(self._fetch_month(rule), "history of a rule")
        self.opened.emit(rule.id)

    async def _fetch_month(self, rule: Rule) -> None:
        try:
            found = await self._outbox.histories(now() - _HINT_DAYS * DAY)
        except UserError:
            return
        if self.rule_id == rule.id:
            self._month, self._today = found.get(rule.id), self._times_today(rule.id)
            self._tell_hint(rule)

    def _tell_hint(self, rule: Rule) -> None:
        """What is known of the rule; how often it ran is counted once and carried on with what the list knows."""
        month = self._month
        if month is not None:
            since = max(0, self._times_today(rule.id) - self._today)
            month = replace(month, times=month.times + since)
        self._editor.page.show_hint(hint_of(rule, self._model.kept, month))

    def _times_today(self, rule_id: int) -> int:
        history = self._model.history(rule_id)
        return history.times if history is not None else 0

    def _let_go(self) -> None:
        self._begun = None
        self._model.show_draft(None)

    def _name_for(self, rule: Rule) -> str:
        """A name for a rule that got none: how its sentence begins."""
        names = names_of(self._sources.all, self._settings.current.targets, self._locale)
        return plain(rule, names).partition(",")[0][:_LONGEST_NAME]
