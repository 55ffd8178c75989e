"""A line of the log for each sale, for those who watch over a server. Whose it is and how much stays in the ledger."""

import logging

from shopwatch.domain.facts import Bus, SalesChanged
from shopwatch.host.logs import DETAILS

_log = logging.getLogger(__name__)


def log_sales(bus: Bus) -> None:
    """Log from now on what is booked here: each new sale, and each that is another than it was."""
    bus.listen(SalesChanged, _on_sales_changed)


def _on_sales_changed(fact: SalesChanged) -> None:
    for each in fact.changes:
        row = each.row
        details = {
            "sale": row.id,
            "source": row.source_id,
            "change": each.change.value,
            "state": row.sale.state.value,
            "practice": row.sale.practice,
        }
        _log.info("sale %s of %s: %s, %s", row.id, row.source_id, each.change, row.sale.state, extra={DETAILS: details})
