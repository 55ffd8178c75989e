"""The places outside that steps of rules send to."""

from contextlib import suppress
from dataclasses import replace

from shopwatch.actions import registry
from shopwatch.domain.errors import Outage, UserError
from shopwatch.domain.i18n import say
from shopwatch.domain.names import checked_name
from shopwatch.domain.rules.form import FieldKind
from shopwatch.domain.rules.target import Target
from shopwatch.host.paths import Paths
from shopwatch.ledger.outbox.book import OutboxBook
from shopwatch.secrets.secret_store import SecretStore
from shopwatch.settings.store import SettingsStore
from shopwatch.shop.outgoing import targets


class Targets:
    """Kept in the settings, and their secrets in the password store. What is in `paths` is no place for others."""

    def __init__(self, settings: SettingsStore, secrets: SecretStore, outbox: OutboxBook, paths: Paths) -> None:
        self._settings = settings
        self._secrets = secrets
        self._outbox = outbox
        self._paths = paths

    def of_kind(self, kind: str) -> list[Target]:
        """Those of this kind, with what a command beside this process has changed."""
        return [each for each in self._settings.latest().targets if each.kind == kind]

    async def put(self, target: Target, secret: str | None = None) -> Target:
        """Keep a new target (without an id), or one in place of that of its id, and its secret if one is given.

        It is tried first. What waited for such a target is then due at once. Raises UserError with what to change.
        """
        kept = targets.revived(replace(target, id=target.id or targets.fresh_id(), name=checked_name(target.name)))
        known = await self._secrets.target_secret(kept.id) or ""
        kept, held = await targets.tried(kept, known if secret is None else secret, self._paths)
        if held != known:
            await self._secrets.set_target_secret(kept.id, held)
        before = self._settings.current.targets
        after = tuple(kept if each.id == kept.id else each for each in before)
        self._settings.change(targets=after if kept in after else (*before, kept))
        with suppress(Outage):  # it is kept all the same, and what waits comes due by itself
            for action in registry.served_by(kept.kind):
                await self._outbox.hurry(action)
        return kept

    async def drop(self, target_id: str) -> None:
        """Let go of a target and its secret; the rules that name it stay."""
        self._settings.change(targets=tuple(each for each in self._settings.current.targets if each.id != target_id))
        await self._secrets.forget_target_secret(target_id)

    async def has_secret(self, target_id: str) -> bool:
        """Raises Outage."""
        return bool(await self._secrets.target_secret(target_id))

    async def signing_secret(self, target_id: str) -> str:
        """What another program checks our messages with, to be copied into it. Raises UserError."""
        secret = await self._secrets.target_secret(target_id)
        if not secret or not any(each.id == target_id and _is_issued(each) for each in self._settings.latest().targets):
            raise UserError(say("There is no secret for this program."), say("Save it once more."), code="no-secret")
        return secret


def _is_issued(target: Target) -> bool:
    """Whether the secret of such a target is made here, and shown to be copied."""
    kind = registry.kind_of(target.kind)
    return kind is not None and kind.secret is not None and kind.secret.kind is FieldKind.ISSUED
