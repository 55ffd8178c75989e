"""What the owner does to rules, and has to wait for."""

from collections.abc import Coroutine, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Signal

from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import say
from shopwatch.domain.rules.rule import Rule
from shopwatch.ledger.outbox.book import OutboxBook
from shopwatch.runtime.tasks import Run
from shopwatch.shop.outgoing.rules import Rules


class RuleTasks(QObject):
    """Runs them beside the screen, and tells how they ended.

    Signals: `saved(Rule)`, what was written is kept; `refused(UserError)`, it cannot be kept; `put_down(Rule)`, a rule
    that was not being written is otherwise now; `dropped(int)`, the rule of this id is gone; `failed(UserError)`,
    anything else was in vain; `noticed(str)`, a sentence for the status bar; `changed()`, the rules may be others now.
    """

    saved = Signal(object)
    put_down = Signal(object)
    refused = Signal(object)
    dropped = Signal(int)
    failed = Signal(object)
    noticed = Signal(str)
    changed = Signal()

    def __init__(self, rules: Rules, outbox: OutboxBook, run: Run, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rules = rules
        self._outbox = outbox
        self._run = run

    def save(self, rule: Rule) -> None:
        """Keep a rule that was written."""
        self._run(self._save(rule), "saving a rule")

    def put(self, rule: Rule) -> None:
        """Keep a rule that was switched, or sends elsewhere now."""
        self._run(self._told(self._put(rule)), "changing a rule")

    def keep_offered(self, rules: Sequence[Rule], on: int) -> None:
        """Keep these ready-made rules, the one of the id `on` switched on and the others off."""
        self._run(self._told(self._keep_offered(rules, on)), "keeping ready-made rules")

    def arrange(self, order: Sequence[int]) -> None:
        self._run(self._told(self._outbox.arrange_rules(order)), "arranging the rules")

    def drop(self, rule_id: int) -> None:
        self._run(self._told(self._drop(rule_id)), "deleting a rule")

    async def _told(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except UserError as problem:
            self.failed.emit(problem)
        self.changed.emit()

    async def _save(self, rule: Rule) -> None:
        try:
            kept = await self._rules.put(rule)
        except UserError as problem:
            self.refused.emit(problem)
            return
        self.saved.emit(kept)
        self.noticed.emit(say("The rule is saved."))
        self.changed.emit()

    async def _put(self, rule: Rule) -> None:
        self.put_down.emit(await self._rules.put(rule))

    async def _keep_offered(self, rules: Sequence[Rule], on: int) -> None:
        for rule in rules:
            await self._rules.put(replace(rule, id=0, on=rule.id == on))

    async def _drop(self, rule_id: int) -> None:
        await self._outbox.drop_rule(rule_id)
        self.dropped.emit(rule_id)
        self.noticed.emit(say("The rule is deleted."))
