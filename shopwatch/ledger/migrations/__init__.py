"""How a ledger gets from the schema of an earlier release to this one: `upgrade`, which is loaded only when there is
something to do, because Alembic takes longer to load than a ledger to open.

The first revision has no migration: `fresh` makes it. What came before it was never released.
"""

from shopwatch.ledger import errors

REVISIONS: tuple[str, ...] = ("0020",)
"""From the first release's to that of `schema`."""


def is_older(revision: str) -> bool:
    """Whether a database of this revision must be migrated.

    Raises `UserError` if no migration begins there, or a later ShopWatch made it.
    """
    if revision < REVISIONS[0]:
        raise errors.not_updated()
    if revision not in REVISIONS:
        raise errors.newer()
    return revision != REVISIONS[-1]
