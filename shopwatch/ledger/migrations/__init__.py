"""How a ledger gets from any earlier schema to this one: `upgrade`, which is loaded only when there is something to do,
because Alembic takes longer to load than a ledger to open."""

from shopwatch.ledger import troubles

REVISIONS = tuple(f"{number:04}" for number in range(1, 18))
HEAD = REVISIONS[-1]


def is_older(revision: str | None) -> bool:
    """Whether a database of this revision, or an empty one, must be migrated.

    Raises `UserError` if a later ShopWatch made it.
    """
    if revision is not None and revision not in REVISIONS:
        raise troubles.newer()
    return revision != HEAD
