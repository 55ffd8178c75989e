"""The Rules page: what ShopWatch does when something arrives, and what became of it."""

from dataclasses import replace

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QHideEvent, QKeySequence, QResizeEvent, QShortcut, QShowEvent

from shopwatch.domain.errors import UserError
from shopwatch.domain.facts import SettingsChanged
from shopwatch.domain.i18n import say
from shopwatch.domain.rules.rule import RING, Rule, RuleStep, Trigger
from shopwatch.runtime.tasks import Run, spawn
from shopwatch.ui.bridge import Bridge
from shopwatch.ui.dialogs.question import Question
from shopwatch.ui.outbox.panel import OutboxPanel
from shopwatch.ui.rules.connecting import Connecting
from shopwatch.ui.rules.editor import WIDTH, RuleEditor
from shopwatch.ui.rules.head import RulesHead
from shopwatch.ui.rules.list_view import RuleList
from shopwatch.ui.rules.model import OFFERED, RulesModel
from shopwatch.ui.rules.rule_edit_controller import RuleEditController
from shopwatch.ui.rules.rule_tasks import RuleTasks
from shopwatch.ui.rules.rules_split import RulesSplit
from shopwatch.ui.rules.trial import TrialDialog
from shopwatch.ui.widgets.frames.banner_slot import BannerSlot
from shopwatch.ui.widgets.frames.body import Body
from shopwatch.ui.window.base_page import BasePage
from shopwatch.ui.window.page_context import PageContext

_EDITOR_BESIDE_FROM = 1140
_FIRST = Rule("", Trigger.SALE_PAID, steps=(RuleStep(RING, {"bell": "yes"}),))


class RulesScreen(BasePage):
    """Head, list, outbox and editor of one shop. Signals: `noticed(str)`, a sentence for the status bar."""

    noticed = Signal(str)

    def __init__(self, context: PageContext, *, run: Run = spawn) -> None:
        theme, shop = context.theme, context.shop
        super().__init__(theme, shop.settings)
        self._shop = shop
        self._run = run
        self._opens_first = False
        self.question: Question | None = None
        self.trial: TrialDialog | None = None
        self.model = RulesModel(shop.ledger.outbox, shop.settings, shop.sources, shop.locale, run=run, parent=self)
        self.head = RulesHead(theme)
        self.banner = BannerSlot(theme)
        self.list = RuleList(theme, self.model)
        self.outbox = OutboxPanel(shop.ledger.outbox, shop.settings, theme, shop.locale, run)
        self.editor = RuleEditor(theme)
        self.rule_edit = RuleEditController(
            shop.ledger.outbox,
            shop.ledger.sales,
            shop.settings,
            shop.sources,
            theme=theme,
            model=self.model,
            editor=self.editor,
            locale=shop.locale,
            run=run,
        )
        self.connecting = Connecting(
            shop.settings,
            shop.targets,
            shop.mail,
            shop.ledger.sales,
            theme=theme,
            editor=self.editor,
            locale=shop.locale,
            clipboard=context.clipboard,
            run=run,
            parent=self,
        )
        self._tasks = RuleTasks(shop.rules, shop.ledger.outbox, run, self)
        self._to_delete = 0
        self.split = RulesSplit(theme, self.model, self.list, self.outbox)
        self._body = Body(self.split, self.editor, theme.px(WIDTH), self.is_still)
        self._build()
        self._connect(context.bridge)
        self._add_keys()

    @property
    def is_changed(self) -> bool:
        """Whether something was written that is not kept yet."""
        return self.rule_edit.is_changed

    def _build(self) -> None:
        self.stack(self.head, self.banner, body=self._body)

    def _connect(self, bridge: Bridge) -> None:
        bridge.rules_changed.connect(self.on_rules_changed)
        bridge.sources_changed.connect(self.on_rules_changed)
        bridge.jobs_owed.connect(self.on_jobs_changed)
        bridge.jobs_changed.connect(self.on_jobs_changed)
        bridge.settings_changed.connect(self.on_settings_changed)
        self.head.new_requested.connect(self.on_new)
        self.head.try_requested.connect(self.on_try)
        self.model.loaded.connect(self.rule_edit.on_loaded)
        self.model.loaded.connect(self.on_loaded)
        self.model.failed.connect(self.banner.on_failed)
        self.outbox.failed.connect(self.banner.on_failed)
        self.outbox.noticed.connect(self.noticed)
        self.rule_edit.opened.connect(self.on_desk_opened)
        self.rule_edit.closed.connect(self.on_desk_closed)
        self.rule_edit.held.connect(self.list.choose)
        self.rule_edit.save_requested.connect(self._tasks.save)
        self.editor.delete_requested.connect(self.on_delete)
        self.connecting.aimed.connect(self._tasks.put)
        self._connect_list()
        self._connect_tasks()

    def _connect_list(self) -> None:
        self.list.chosen.connect(self.on_chosen)
        self.list.opened.connect(self.on_opened)
        self.list.switched.connect(self.on_switched)
        self.list.moved.connect(self.on_moved)
        self.list.delete_requested.connect(self.ask_to_delete)
        self.list.mend_requested.connect(self.on_mend)

    def _connect_tasks(self) -> None:
        for done, then in ((self._tasks.saved, self.rule_edit.on_saved), (self._tasks.put_down, self.rule_edit.on_put)):
            done.connect(self.model.keep)
            done.connect(then)
        self._tasks.refused.connect(self.on_refused)
        self._tasks.dropped.connect(self.on_dropped)
        self._tasks.failed.connect(self.banner.on_failed)
        self._tasks.noticed.connect(self.noticed)
        self._tasks.changed.connect(self.model.load)

    def _add_keys(self) -> None:
        QShortcut(QKeySequence("Ctrl+N"), self, self.on_new)
        QShortcut(QKeySequence("Ctrl+S"), self, self.rule_edit.save)
        escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self.rule_edit.close)
        escape.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)

    @Slot()
    def on_new(self) -> None:
        """Begin a rule."""
        self.rule_edit.open(_FIRST)

    @Slot(int)
    def on_desk_opened(self, rule_id: int) -> None:
        self._body.open(True)
        self.list.choose(rule_id)
        if not rule_id:
            self.editor.name.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def on_desk_closed(self) -> None:
        self._body.open(False)
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(int)
    def on_chosen(self, rule_id: int) -> None:
        """The keyboard came to this rule; the editor follows where it is open."""
        if self._body.is_open:
            self.on_opened(rule_id)

    @Slot(int)
    def on_opened(self, rule_id: int) -> None:
        """Write this rule; a ready-made one as a new one."""
        offered = next((replace(rule, id=0, on=True) for rule in OFFERED if rule.id == rule_id), None)
        rule = offered or self.model.kept_rule(rule_id)
        if rule is not None:
            self.rule_edit.open(rule)

    @Slot(int)
    def on_switched(self, rule_id: int) -> None:
        """Turn a rule on or off, at once."""
        rule = self.model.kept_rule(rule_id)
        if rule is None:
            if self.model.offers:
                self._tasks.keep_offered(OFFERED, rule_id)
            return
        turned = replace(rule, on=not rule.on)
        if obstacle := self.rule_edit.obstacle(turned):
            self.banner.on_failed(UserError(say("This rule cannot be switched on."), obstacle))
        else:
            self._tasks.put(turned)

    @Slot(int, int)
    def on_moved(self, rule_id: int, by: int) -> None:
        """Let a rule go up or down among the others."""
        order = [rule.id for rule in self.model.kept]
        if rule_id in order and 0 <= order.index(rule_id) + by < len(order):
            at = order.index(rule_id)
            order.insert(at + by, order.pop(at))
            self._tasks.arrange(order)

    @Slot()
    def on_delete(self) -> None:
        if self.rule_edit.rule_id:
            self.ask_to_delete(self.rule_edit.rule_id)
        else:
            self.rule_edit.close()

    @Slot(int)
    def ask_to_delete(self, rule_id: int) -> None:
        at = self.model.position(rule_id)
        if at is None or self.model.kept_rule(rule_id) is None:
            return
        self.question = Question(
            self._theme,
            say("Delete this rule?"),
            say("{sentence}\n\nWhat it has sent stays in the outbox.", sentence=self.model.line(at).text),
            safe=say("Keep it"),
            action=say("Delete the rule"),
            parent=self.window(),
        )
        self._to_delete = rule_id
        self.question.accepted.connect(self.on_deletion_confirmed)
        self.question.open()

    @Slot()
    def on_deletion_confirmed(self) -> None:
        self._tasks.drop(self._to_delete)

    @Slot(int)
    def on_dropped(self, rule_id: int) -> None:
        if self.rule_edit.rule_id == rule_id:
            self.rule_edit.drop()

    @Slot(object)
    def on_refused(self, problem: UserError) -> None:
        self.editor.problem.tell("bad", str(problem))

    @Slot()
    def on_try(self) -> None:
        """Show what the rule at hand would have done with past events; nothing is sent."""
        chosen = self.list.chosen_id()
        rule = self.editor.rule if self.rule_edit.rule_id is not None else None
        rule = rule or (self.model.kept_rule(chosen) if chosen else None) or next(iter(self.model.kept), None)
        if rule is None or not rule.steps:
            self.noticed.emit(say("Choose a rule to try, or write one."))
            return
        self.trial = TrialDialog(
            self._shop.ledger.outbox, self._shop.locale, self._theme, rule, run=self._run, parent=self.window()
        )
        self.trial.open()

    @Slot(int)
    def on_mend(self, rule_id: int) -> None:
        rule = self.model.kept_rule(rule_id)
        if rule is not None:
            self.connecting.mend(rule)

    @Slot(object)
    def on_rules_changed(self, _fact: object) -> None:
        self.model.load_soon()

    @Slot(object)
    def on_jobs_changed(self, fact: object) -> None:
        self.outbox.on_jobs_changed(fact)
        self.on_rules_changed(fact)

    @Slot(object)
    def on_settings_changed(self, fact: SettingsChanged) -> None:
        if {"targets", "letters"} & fact.names:
            self.connecting.refresh_targets()
            self.model.refresh_names()
            self.outbox.refresh_names()
        if "compact_rows" in fact.names:
            self.outbox.show_compact()

    @Slot()
    def on_loaded(self) -> None:
        """Where there is room, the first rule is open for writing."""
        if self.rule_edit.rule_id is None and self.model.kept and self._opens_first:
            self.rule_edit.open(self.model.kept[0])
        self._opens_first = False
        self.split.share()
        self.head.attempt.setEnabled(bool(self.model.kept))

    def _is_narrow(self) -> bool:
        return self.width() < self._theme.px(_EDITOR_BESIDE_FROM)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._opens_first = not self.model.is_loaded and not self._is_narrow()
        self._run(self.rule_edit.look_at_currencies(), "currencies of the shop")
        self.model.watch(True)
        self.model.load()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.model.watch(False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        over = self._is_narrow()
        self._body.lay_over(over)
        self.editor.close_it.setVisible(over)
