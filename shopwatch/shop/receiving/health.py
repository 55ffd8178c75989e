"""What facts have told of how the shop is: who was heard, and whether its stores can be reached."""

from shopwatch.domain.errors import UserError
from shopwatch.domain.facts import Bus, DeliveryKept, LedgerChanged, Outcome, VaultChanged
from shopwatch.domain.instant import Instant
from shopwatch.secrets.vault import Vault
from shopwatch.shop.receiving.receiver import Receiver


class Health:
    """`heard` is when each source was last believed, by its id. The problems are those of now, or None."""

    def __init__(self, bus: Bus, vault: Vault, receiver: Receiver) -> None:
        self.heard: dict[str, Instant] = {}
        self.vault_problem: UserError | None = None
        self.ledger_problem: UserError | None = None
        self._bus = bus
        self._vault = vault
        self._receiver = receiver
        bus.listen(DeliveryKept, self._on_delivery_kept)
        bus.listen(VaultChanged, self._on_vault_changed)
        bus.listen(LedgerChanged, self._on_ledger_changed)

    async def check_vault(self) -> UserError | None:
        """Let the owner unlock the password store, then read all secrets again; what is still wrong, or None."""
        try:
            await self._vault.unlock()
        except UserError as problem:
            self._bus.tell(VaultChanged(problem))
            return problem
        self._bus.tell(VaultChanged(None))
        await self._receiver.refresh()
        return self.vault_problem

    def _on_delivery_kept(self, fact: DeliveryKept) -> None:
        if fact.outcome in (Outcome.ACCEPTED, Outcome.CHALLENGE) and not fact.practice:
            # A message that is checked again is told with the time at which it once came.
            self.heard[fact.source_id] = max(fact.at, self.heard.get(fact.source_id, 0))

    def _on_vault_changed(self, fact: VaultChanged) -> None:
        self.vault_problem = fact.problem

    def _on_ledger_changed(self, fact: LedgerChanged) -> None:
        self.ledger_problem = fact.problem
