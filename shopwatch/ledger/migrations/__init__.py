"""How a ledger file gets from any earlier schema to this one.

The revisions are named here, one by one, so that a frozen program finds them without looking into folders.
"""

from collections.abc import Iterable

from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext, MigrationStep
from alembic.script import Script
from alembic.script.revision import RevisionMap
from sqlalchemy import Connection

from shopwatch.ledger import troubles
from shopwatch.ledger.dialect import Dialect
from shopwatch.ledger.migrations import r0001_first

_REVISIONS = tuple(Script(module, module.revision, module.__name__) for module in (r0001_first,))
HEAD = _REVISIONS[-1].revision


def revision(connection: Connection) -> str | None:
    """The revision this database has; None while it is empty."""
    return MigrationContext.configure(connection).get_current_revision()


def upgrade(connection: Connection, dialect: Dialect) -> None:
    """Bring the database to `HEAD` within the transaction of the caller.

    Raises `UserError` if it was made by a later ShopWatch.
    """
    if not refuse_newer(revision(connection)):
        return
    known = RevisionMap(lambda: iter(_REVISIONS))

    def steps(heads: tuple[str, ...], _context: MigrationContext) -> Iterable[MigrationStep]:
        missing = {each.revision for each in known.iterate_revisions("heads", heads or "base")}
        return [MigrationStep.upgrade_from_script(known, script) for script in _REVISIONS if script.revision in missing]

    context = MigrationContext.configure(connection, opts={"fn": steps, "transactional_ddl": True})
    with Operations.context(context):
        context.run_migrations(dialect=dialect)


def refuse_newer(current: str | None) -> bool:
    """Whether a database of this revision must be migrated. Raises `UserError` for a revision not known here."""
    if current is not None and current not in {each.revision for each in _REVISIONS}:
        raise troubles.newer()
    return current != HEAD
