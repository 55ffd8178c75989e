"""What the shop does with what happens: its rules, the jobs they cause, and where those go."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from shopwatch.actions import registry
from shopwatch.actions.email import MAIL
from shopwatch.actions.forward import PROGRAM
from shopwatch.domain.clock import Instant
from shopwatch.domain.errors import Outage, UserError
from shopwatch.domain.job import Done, Job, JobKey, JobState
from shopwatch.domain.letter import Letter
from shopwatch.domain.names import checked_name
from shopwatch.domain.rule import Rule, Trial
from shopwatch.domain.target import Target
from shopwatch.domain.words import say
from shopwatch.ledger.ledger import Ledger
from shopwatch.ledger.rule_history import RuleHistory
from shopwatch.settings.paths import Paths
from shopwatch.settings.secrets import SecretStore
from shopwatch.settings.store import SettingsStore
from shopwatch.shop import targets

if TYPE_CHECKING:
    from shopwatch.actions.email.letters import Letters


@dataclass(frozen=True, slots=True)
class Replay:
    """`again` are the jobs that are tried once more; `sent` those that a customer or a chat has had already, or may
    have had, each at its `changed_at`: only the owner can want them once more.
    """

    again: tuple[Job, ...]
    sent: tuple[Job, ...]


class Duties:
    """A part of the facade; `Shop` is the whole. Rules and jobs can be read and changed beside a running receiver."""

    ledger: Ledger
    settings: SettingsStore
    paths: Paths
    locale: str
    _secrets: SecretStore

    async def rules(self) -> tuple[Rule, ...]:
        """All rules, those switched off too, in their order."""
        return await self.ledger.outbox.rules()

    async def put_rule(self, rule: Rule) -> Rule:
        """Keep a new rule, or one in place of that of its id. Raises UserError if one of its steps cannot be done."""
        targets.check_rule(rule, self.settings.latest())
        return await self.ledger.outbox.put_rule(rule)

    async def drop_rule(self, rule_id: int) -> None:
        """Let go of a rule; its jobs stay. Raises UserError."""
        await self.ledger.outbox.drop_rule(rule_id)

    async def arrange_rules(self, order: Sequence[int]) -> None:
        await self.ledger.outbox.arrange_rules(order)

    async def rule_histories(self, since: Instant) -> dict[int, RuleHistory]:
        return await self.ledger.outbox.histories(since)

    async def try_rule(self, rule: Rule, limit: int = 50) -> tuple[Trial, ...]:
        """What `rule`, switched on, would have owed for the last events, the newest first. Nothing is done."""
        return await self.ledger.outbox.try_rule(rule, limit)

    async def jobs(
        self,
        states: Sequence[JobState] = (),
        after: JobKey | None = None,
        limit: int = 200,
        *,
        without: Sequence[str] = (),
    ) -> tuple[Job, ...]:
        return await self.ledger.outbox.jobs(states, after, limit, without=without)

    async def jobs_of_sale(self, sale_id: int) -> tuple[Job, ...]:
        return await self.ledger.outbox.jobs_of_sale(sale_id)

    async def job_counts(self, *, without: Sequence[str] = ()) -> dict[JobState, int]:
        return await self.ledger.outbox.counts(without=without)

    async def decide(self, key: JobKey, state: JobState, *, once_more: bool = False) -> None:
        """See `Outbox.decide`."""
        await self.ledger.outbox.decide(key, state, once_more=once_more)

    async def replay(self, sale_id: int) -> Replay:
        """Try once more what failed of this sale's jobs, and only that."""
        found = await self.jobs_of_sale(sale_id)
        again = tuple(job for job in found if job.state is JobState.FAILED)
        for job in again:
            await self.decide(job.key, JobState.WAITING)
        had = (JobState.DONE, JobState.UNCERTAIN)
        return Replay(again, tuple(job for job in found if job.action in registry.noticed() and job.state in had))

    async def put_target(self, target: Target, secret: str | None = None) -> Target:
        """Keep a new target (without an id), or one in place of that of its id, and its secret if one is given.

        It is tried first. What waited for such a target is then due at once. Raises UserError with what to change.
        """
        kept = targets.revived(replace(target, id=target.id or targets.fresh_id(), name=checked_name(target.name)))
        known = await self._secrets.target_secret(kept.id) or ""
        kept, held = await targets.tried(kept, known if secret is None else secret, self.paths)
        if held != known:
            await self._secrets.set_target_secret(kept.id, held)
        others = [each for each in self.settings.current.targets if each.id != kept.id]
        if len(others) == len(self.settings.current.targets):
            self.settings.change(targets=(*others, kept))
        else:
            self.settings.change(
                targets=tuple(kept if each.id == kept.id else each for each in self.settings.current.targets)
            )
        with suppress(Outage):  # it is kept all the same, and what waits comes due by itself
            for action in registry.served_by(kept.kind):
                await self.ledger.outbox.hurry(action)
        return kept

    async def drop_target(self, target_id: str) -> None:
        """Let go of a target and its secret; the rules that name it stay."""
        self.settings.change(targets=tuple(each for each in self.settings.current.targets if each.id != target_id))
        await self._secrets.forget_target_secret(target_id)

    async def has_target_secret(self, target_id: str) -> bool:
        """Raises Outage."""
        return bool(await self._secrets.target_secret(target_id))

    async def signing_secret(self, target_id: str) -> str:
        """What another program checks our messages with, to be copied into it. Raises UserError."""
        secret = await self._secrets.target_secret(target_id)
        if not secret or not any(each.id == target_id for each in self._targets(PROGRAM.id)):
            raise UserError(say("There is no secret for this program."), say("Save it once more."), code="no-secret")
        return secret

    async def send_test_letter(self, letter: Letter) -> str:
        """Send `letter` about a made-up sale to the owner's own address; that address. Raises UserError."""
        from shopwatch.actions.email.account import account_of

        account = next(iter(self._targets(MAIL.id)), None)
        if account is None:
            raise UserError(say("There is no mail account yet."), say("Set one up first."), code="no-mail")
        to = account_of(account).address
        result = await self._letters().write(letter, targets.made_up_sale(), to, account, f"test.{targets.fresh_id()}")
        if not isinstance(result, Done):
            raise UserError(say("The test letter was not sent."), str(result.why), code="mail-failed")
        return to

    async def preview_letter(self, letter: Letter, sale_id: int | None = None) -> tuple[str, str, str]:
        """Subject, text and HTML of `letter`, for that sale or a made-up one. Raises UserError if it cannot be used."""
        from shopwatch.actions.email.composing import values_of
        from shopwatch.actions.email.rendering import rendered

        found = await self.ledger.sales.get(sale_id) if sale_id is not None else None
        sale = found.row.sale if found else targets.made_up_sale()
        values = values_of(sale, self.settings.current.shop_name, self.locale)
        return rendered(letter.subject, values), rendered(letter.text, values), rendered(letter.html, values, html=True)

    def _targets(self, kind: str) -> list[Target]:
        return [each for each in self.settings.latest().targets if each.kind == kind]

    def _letters(self) -> "Letters":
        from shopwatch.actions.email.letters import Letters

        return Letters(
            self.ledger.outbox,
            lambda: next(iter(self._targets(MAIL.id)), None),
            self._secrets.target_secret,
            lambda: self.settings.latest().letters,
            shop=lambda: self.settings.latest().shop_name,
            locale=self.locale,
        )
