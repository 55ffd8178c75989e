"""The shop's rules, in their order, as sentences."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import QAbstractListModel, QObject, Qt, QTimer, Signal, Slot

from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import say
from shopwatch.domain.rules.letter import THANKS
from shopwatch.domain.rules.rule import EMAIL, RING, Rule, RuleStep, Trigger
from shopwatch.domain.rules.rule_text import Span
from shopwatch.ledger.outbox.book import OutboxBook
from shopwatch.ledger.outbox.rule_history import RuleHistory
from shopwatch.presenting.rules.rule_text import Lack, history_text, lack_of, names_of, spans_of, spoken_rule
from shopwatch.presenting.times import local, midnight
from shopwatch.runtime.clock import now
from shopwatch.runtime.tasks import Run, spawn
from shopwatch.settings.store import SettingsStore
from shopwatch.shop.sources.source_registry import SourceRegistry
from shopwatch.ui.indexes import NO_INDEX, AnyIndex

OFFERED = (
    Rule("Ring each sale", Trigger.SALE_PAID, steps=(RuleStep(RING, {"bell": "yes"}),), on=False, id=-1),
    Rule("Thank each customer", Trigger.SALE_PAID, steps=(RuleStep(EMAIL, {"template": THANKS.id}),), on=False, id=-2),
    Rule(
        "Disputes stay in sight",
        Trigger.SALE_DISPUTED,
        steps=(RuleStep(RING, {"bell": "yes", "stays": "yes"}),),
        on=False,
        id=-3,
    ),
)
"""Ready-made rules, offered where there are none. Their ids are nobody's."""

_COALESCED = 500


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule as the list shows it."""

    rule: Rule
    spans: tuple[Span, ...]
    about: str
    lack: Lack | None

    @property
    def text(self) -> str:
        return "".join(span.text for span in self.spans)


class RulesModel(QAbstractListModel):
    """All rules. The one being written is shown as it is written, kept or not.

    Signals: `loaded()` when the rules are in; `failed(UserError)` when the ledger could not answer.
    """

    loaded = Signal()
    failed = Signal(object)

    def __init__(
        self,
        outbox: OutboxBook,
        settings: SettingsStore,
        sources: SourceRegistry,
        locale: str,
        *,
        run: Run = spawn,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._outbox = outbox
        self._settings = settings
        self._sources = sources
        self._locale = locale
        self._run = run
        self._kept: tuple[Rule, ...] = ()
        self._histories: Mapping[int, RuleHistory] = {}
        self._draft: Rule | None = None
        self._lines: list[RuleLine] = []
        self._loading = False
        self._again = False
        self._watched = False
        self.is_loaded = False
        self._coalesce = QTimer(self, singleShot=True, interval=_COALESCED)
        self._coalesce.timeout.connect(self.load)

    @property
    def kept(self) -> tuple[Rule, ...]:
        """The rules as they are kept, in their order."""
        return self._kept

    @property
    def offers(self) -> bool:
        """Whether ready-made rules are shown, because there are none of the owner's."""
        return self.is_loaded and not self._kept and self._draft is None

    @Slot(object)
    def keep(self, rule: Rule) -> None:
        """Show this rule as kept, before the ledger is asked again."""
        if any(each.id == rule.id for each in self._kept):
            self._kept = tuple(rule if each.id == rule.id else each for each in self._kept)
        else:
            self._kept = _placed(self._kept, rule)
        self._lay()

    @property
    def today(self) -> date:
        return local(now()).date()

    @Slot()
    def load(self) -> None:
        """Read the rules and how often each ran."""
        if self._loading:
            self._again = True
        else:
            self._loading = True
            self._run(self._load(), "rules")

    def watch(self, watched: bool) -> None:
        """Whether anybody looks at the list; otherwise it is not read anew by itself."""
        self._watched = watched
        if not watched:
            self._coalesce.stop()

    def load_soon(self) -> None:
        """Read again, once what comes on the heels of this is there too."""
        if self._watched and not self._coalesce.isActive():
            self._coalesce.start()

    def show_draft(self, draft: Rule | None) -> None:
        """Show this rule as it is now being written; a new one stands where it will be kept."""
        self._draft = draft
        self._lay()

    def refresh_names(self) -> None:
        """Sources or targets are called otherwise now."""
        self._lay()

    def line(self, at: int) -> RuleLine:
        return self._lines[at]

    def position(self, rule_id: int) -> int | None:
        """Where the rule of this id stands; 0 is the new one."""
        return next((at for at, line in enumerate(self._lines) if line.rule.id == rule_id), None)

    def kept_rule(self, rule_id: int) -> Rule | None:
        return next((rule for rule in self._kept if rule.id == rule_id), None)

    def history(self, rule_id: int) -> RuleHistory | None:
        return self._histories.get(rule_id)

    async def _load(self) -> None:
        try:
            kept = await self._outbox.rules()
            self._histories = await self._outbox.histories(midnight(self.today))
        except UserError as problem:
            self.failed.emit(problem)
        else:
            self._kept = kept
            self.is_loaded = True
            self._lay()
            self.loaded.emit()
        finally:
            self._loading = False
        if self._again:
            self._again = False
            self.load_soon()

    def _lay(self) -> None:
        """Let the lines be what is kept and what is being written, with as little change as there is."""
        rules: Sequence[Rule] = [
            self._draft if self._draft and rule.id == self._draft.id else rule for rule in self._kept
        ]
        if self.offers:
            rules = OFFERED
        if self._draft is not None and not self._draft.id:
            rules = _placed(rules, self._draft)
        lines = [self._line(rule) for rule in rules]
        if [line.rule.id for line in lines] != [line.rule.id for line in self._lines]:
            self.beginResetModel()
            self._lines = lines
            self.endResetModel()
            return
        for at, line in enumerate(lines):
            if line != self._lines[at]:
                self._lines[at] = line
                self.dataChanged.emit(self.index(at), self.index(at))

    def _line(self, rule: Rule) -> RuleLine:
        targets = self._settings.current.targets
        names = names_of(self._sources.all, targets, self._locale)
        about = (
            say("Ready-made")
            if rule.id < 0
            else history_text(rule, self._histories.get(rule.id), self._locale, self.today)
        )
        return RuleLine(rule, spans_of(rule, names), about, lack_of(rule, targets))

    def rowCount(self, parent: AnyIndex = NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self._lines)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self._lines):
            return None
        line = self._lines[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return line.text
            case Qt.ItemDataRole.AccessibleTextRole:
                place, count = index.row() + 1, len(self._lines)
                return spoken_rule(line.text, place, count, on=line.rule.on, about=line.about, lack=line.lack)
        return None


def _placed(rules: Sequence[Rule], new: Rule) -> tuple[Rule, ...]:
    """With a new rule where the ledger puts it: before those about anything."""
    last = next((at for at, rule in enumerate(rules) if rule.when is Trigger.ANYTHING), len(rules))
    at = len(rules) if new.when is Trigger.ANYTHING else last
    return (*rules[:at], new, *rules[at:])
