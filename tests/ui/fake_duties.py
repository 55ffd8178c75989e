"""The part of a made-up shop that knows rules, jobs, targets and letters; answers at once."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from shopwatch.domain.clock import Instant
from shopwatch.domain.errors import UserError
from shopwatch.domain.facts import Bus, JobsChanged, RulesChanged
from shopwatch.domain.job import Job, JobKey, JobState
from shopwatch.domain.letter import Letter
from shopwatch.domain.rule import Rule, Trial, Trigger
from shopwatch.domain.target import Target
from shopwatch.ledger.rule_history import RuleHistory
from shopwatch.settings.store import SettingsStore


@dataclass(kw_only=True)
class FakeDuties:
    """`refuses` raises for the method of a name, once."""

    bus: Bus
    settings: SettingsStore
    kept_rules: list[Rule] = field(default_factory=list)
    histories: dict[int, RuleHistory] = field(default_factory=dict)
    trials: tuple[Trial, ...] = ()
    tried: list[Rule] = field(default_factory=list)
    outbox: list[Job] = field(default_factory=list)
    outbox_asked: list[tuple[tuple[JobState, ...], JobKey | None, int]] = field(default_factory=list)
    decided: list[tuple[JobKey, JobState, bool]] = field(default_factory=list)
    target_secrets: dict[str, str] = field(default_factory=dict)
    tested: list[Letter] = field(default_factory=list)
    refuses: dict[str, UserError] = field(default_factory=dict)

    def _may(self, name: str) -> None:
        if (problem := self.refuses.pop(name, None)) is not None:
            raise problem

    async def rules(self) -> tuple[Rule, ...]:
        self._may("rules")
        return tuple(self.kept_rules)

    async def put_rule(self, rule: Rule) -> Rule:
        self._may("put_rule")
        if not rule.id:
            rule = replace(rule, id=max((each.id for each in self.kept_rules), default=0) + 1)
            last = next((at for at, each in enumerate(self.kept_rules) if each.when is Trigger.ANYTHING), None)
            self.kept_rules.insert(len(self.kept_rules) if last is None else last, rule)
        else:
            self.kept_rules = [rule if each.id == rule.id else each for each in self.kept_rules]
        self.histories.setdefault(rule.id, RuleHistory(0))
        self.bus.tell(RulesChanged())
        return rule

    async def drop_rule(self, rule_id: int) -> None:
        self._may("drop_rule")
        self.kept_rules = [each for each in self.kept_rules if each.id != rule_id]
        self.bus.tell(RulesChanged())

    async def arrange_rules(self, order: Sequence[int]) -> None:
        self._may("arrange_rules")
        self.kept_rules.sort(key=lambda rule: list(order).index(rule.id))
        self.bus.tell(RulesChanged())

    async def rule_histories(self, _since: Instant) -> dict[int, RuleHistory]:
        return {rule.id: self.histories.get(rule.id, RuleHistory(0)) for rule in self.kept_rules}

    async def try_rule(self, rule: Rule, limit: int = 50) -> tuple[Trial, ...]:
        self._may("try_rule")
        self.tried.append(rule)
        return self.trials[:limit]

    async def jobs(
        self,
        states: Sequence[JobState] = (),
        after: JobKey | None = None,
        limit: int = 200,
        *,
        without: Sequence[str] = (),
    ) -> tuple[Job, ...]:
        self._may("jobs")
        self.outbox_asked.append((tuple(states), after, limit))
        found = [job for job in self.outbox if job.action not in without and (not states or job.state in states)]
        found.sort(key=lambda job: job.key, reverse=True)
        return tuple(job for job in found if after is None or job.key < after)[:limit]

    async def job_counts(self, *, without: Sequence[str] = ()) -> dict[JobState, int]:
        open_states = set(JobState) - {JobState.DONE, JobState.CANCELLED}
        states = [job.state for job in self.outbox if job.action not in without]
        return {state: states.count(state) for state in open_states}

    async def decide(self, key: JobKey, state: JobState, *, once_more: bool = False) -> None:
        self._may("decide")
        self.decided.append((key, state, once_more))
        self.outbox = [replace(job, state=state) if job.key == key else job for job in self.outbox]
        self.bus.tell(JobsChanged())

    async def put_target(self, target: Target, secret: str | None = None) -> Target:
        self._may("put_target")
        kept = replace(target, id=target.id or f"target-{len(self.settings.current.targets) + 1}")
        others = tuple(each for each in self.settings.current.targets if each.id != kept.id)
        if secret is not None:
            self.target_secrets[kept.id] = secret
        self.settings.change(targets=(*others, kept))
        return kept

    async def drop_target(self, target_id: str) -> None:
        self._may("drop_target")
        self.target_secrets.pop(target_id, None)
        self.settings.change(targets=tuple(each for each in self.settings.current.targets if each.id != target_id))

    async def has_target_secret(self, target_id: str) -> bool:
        return target_id in self.target_secrets

    async def signing_secret(self, target_id: str) -> str:
        return self.target_secrets.setdefault(target_id, "whsec_c2lnbmluZyBzZWNyZXQ")

    async def send_test_letter(self, letter: Letter) -> str:
        self._may("send_test_letter")
        self.tested.append(letter)
        return "shop@example.com"

    async def preview_letter(self, letter: Letter, sale_id: int | None = None) -> tuple[str, str, str]:
        self._may("preview_letter")
        said = f"sale {sale_id}: " if sale_id else ""
        return said + letter.subject, letter.text, letter.html
