"""Running the migrations.

Each is a module beside this one, named here, so that a frozen program finds it without looking into folders.
"""

from collections.abc import Iterable
from types import ModuleType

from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext, MigrationStep
from alembic.script import Script
from alembic.script.revision import Revision, RevisionMap
from sqlalchemy import Connection

from shopwatch.ledger.engine.ports import Dialect
from shopwatch.ledger.migrations import REVISIONS

MODULES: tuple[ModuleType, ...] = ()
"""One for each revision after the first."""


def upgrade(connection: Connection, dialect: Dialect) -> None:
    """Bring the database to the last revision, all within the transaction of the caller."""
    scripts = [Script(each, each.revision, each.__name__) for each in MODULES]
    known = RevisionMap(lambda: [Revision(REVISIONS[0], None), *scripts])

    def steps(heads: tuple[str, ...], _context: MigrationContext) -> Iterable[MigrationStep]:
        missing = {each.revision for each in known.iterate_revisions("head", heads)}
        return [MigrationStep.upgrade_from_script(known, each) for each in scripts if each.revision in missing]

    context = MigrationContext.configure(connection, opts={"fn": steps, "transactional_ddl": True})
    with Operations.context(context):
        context.run_migrations(dialect=dialect)
