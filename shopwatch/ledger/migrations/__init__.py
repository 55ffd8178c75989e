"""How a ledger gets from any earlier schema to this one: `upgrade`, which is loaded only when there is something to do,
because Alembic takes longer to load than a ledger to open."""

from shopwatch.ledger import troubles

REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009", "0010", "0011", "0012", "0013")
HEAD = REVISIONS[-1]


def is_older(revision: str | None) -> bool:
    """Whether a database of this revision, or an empty one, must be migrated.

    Raises `UserError` if a later ShopWatch made it.
    """
    if revision is not None and revision not in REVISIONS:
        raise troubles.newer()
    return revision != HEAD
