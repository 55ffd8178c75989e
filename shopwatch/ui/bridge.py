"""Facts from the shop's bus, as Qt signals."""

from PySide6.QtCore import QObject, Signal

from shopwatch.domain.facts import (
    Bus,
    CatchUpChanged,
    ClockChanged,
    DayChecked,
    DeliveryKept,
    EndpointsChanged,
    GapEnded,
    HappeningsKept,
    JobsChanged,
    JobsOwed,
    LedgerChanged,
    PersonForgotten,
    PopularPageMade,
    ReachChanged,
    RulesChanged,
    SalesChanged,
    SettingsChanged,
    SilencesChanged,
    SourcesChanged,
    Subscriptions,
    TunnelChanged,
    UsageChanged,
    VaultChanged,
)


class Bridge(QObject):
    """The only listener of the desktop. Each signal carries the frozen fact itself, on the loop's thread, at once.

    Signals: `sales_changed`, `happenings_kept`, `person_forgotten`, `delivery_kept`, `tunnel_changed`, `reach_changed`,
    `sources_changed`, `vault_changed`, `ledger_changed`, `settings_changed`, each with its fact; `state_changed()`
    after any of the last six, and when the clock, an endpoint, a silence or what is used of ngrok is another;
    `jobs_owed`, `jobs_changed` and `rules_changed`, with their facts; `popular_page_made()`; `caught_up`, `gap_ended`
    and `day_checked`, with their facts.
    """

    sales_changed = Signal(object)
    happenings_kept = Signal(object)
    person_forgotten = Signal(object)
    popular_page_made = Signal()
    caught_up = Signal(object)
    gap_ended = Signal(object)
    day_checked = Signal(object)
    delivery_kept = Signal(object)
    tunnel_changed = Signal(object)
    reach_changed = Signal(object)
    sources_changed = Signal(object)
    vault_changed = Signal(object)
    ledger_changed = Signal(object)
    settings_changed = Signal(object)
    state_changed = Signal()
    jobs_owed = Signal(object)
    jobs_changed = Signal(object)
    rules_changed = Signal(object)

    def __init__(self, bus: Bus, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._subscriptions = subscriptions = Subscriptions(bus)
        subscriptions.listen(SalesChanged, self._on_sales)
        subscriptions.listen(HappeningsKept, self._on_happenings)
        subscriptions.listen(PersonForgotten, self._on_person_forgotten)
        subscriptions.listen(PopularPageMade, self._on_popular_page_made)
        subscriptions.listen(CatchUpChanged, self._on_caught_up)
        subscriptions.listen(GapEnded, self._on_gap_ended)
        subscriptions.listen(DayChecked, self._on_day_checked)
        subscriptions.listen(DeliveryKept, self._on_delivery)
        subscriptions.listen(TunnelChanged, self._on_tunnel)
        subscriptions.listen(ReachChanged, self._on_reach)
        subscriptions.listen(SourcesChanged, self._on_sources)
        subscriptions.listen(VaultChanged, self._on_vault)
        subscriptions.listen(LedgerChanged, self._on_ledger)
        subscriptions.listen(ClockChanged, self._on_clock)
        subscriptions.listen(UsageChanged, self._on_usage)
        subscriptions.listen(EndpointsChanged, self._on_endpoints)
        subscriptions.listen(SilencesChanged, self._on_silences)
        subscriptions.listen(SettingsChanged, self._on_settings)
        subscriptions.listen(JobsOwed, self._on_jobs_owed)
        subscriptions.listen(JobsChanged, self._on_jobs_changed)
        subscriptions.listen(RulesChanged, self._on_rules)

    def close(self) -> None:
        """Hear no more."""
        self._subscriptions.close()

    def _on_sales(self, fact: SalesChanged) -> None:
        self.sales_changed.emit(fact)

    def _on_happenings(self, fact: HappeningsKept) -> None:
        self.happenings_kept.emit(fact)

    def _on_person_forgotten(self, fact: PersonForgotten) -> None:
        self.person_forgotten.emit(fact)

    def _on_popular_page_made(self, _fact: PopularPageMade) -> None:
        self.popular_page_made.emit()

    def _on_caught_up(self, fact: CatchUpChanged) -> None:
        self.caught_up.emit(fact)

    def _on_gap_ended(self, fact: GapEnded) -> None:
        self.gap_ended.emit(fact)

    def _on_day_checked(self, fact: DayChecked) -> None:
        self.day_checked.emit(fact)

    def _on_delivery(self, fact: DeliveryKept) -> None:
        self.delivery_kept.emit(fact)

    def _on_tunnel(self, fact: TunnelChanged) -> None:
        self.tunnel_changed.emit(fact)
        self.state_changed.emit()

    def _on_reach(self, fact: ReachChanged) -> None:
        self.reach_changed.emit(fact)
        self.state_changed.emit()

    def _on_sources(self, fact: SourcesChanged) -> None:
        self.sources_changed.emit(fact)
        self.state_changed.emit()

    def _on_vault(self, fact: VaultChanged) -> None:
        self.vault_changed.emit(fact)
        self.state_changed.emit()

    def _on_ledger(self, fact: LedgerChanged) -> None:
        self.ledger_changed.emit(fact)
        self.state_changed.emit()

    def _on_clock(self, _fact: ClockChanged) -> None:
        self.state_changed.emit()

    def _on_usage(self, _fact: UsageChanged) -> None:
        self.state_changed.emit()

    def _on_endpoints(self, _fact: EndpointsChanged) -> None:
        self.state_changed.emit()

    def _on_silences(self, _fact: SilencesChanged) -> None:
        self.state_changed.emit()

    def _on_jobs_owed(self, fact: JobsOwed) -> None:
        self.jobs_owed.emit(fact)

    def _on_jobs_changed(self, fact: JobsChanged) -> None:
        self.jobs_changed.emit(fact)

    def _on_rules(self, fact: RulesChanged) -> None:
        self.rules_changed.emit(fact)

    def _on_settings(self, fact: SettingsChanged) -> None:
        self.settings_changed.emit(fact)
        self.state_changed.emit()
