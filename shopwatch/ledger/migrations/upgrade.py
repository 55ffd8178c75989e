"""Running the migrations.

They are named here, one by one, so that a frozen program finds them without looking into folders.
"""

from collections.abc import Iterable

from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext, MigrationStep
from alembic.script import Script
from alembic.script.revision import RevisionMap
from sqlalchemy import Connection

from shopwatch.ledger.dialect import Dialect
from shopwatch.ledger.migrations import (
    HEAD,
    r0001_first,
    r0002_inbox,
    r0003_people,
    r0004_owed,
    r0005_outbox,
    r0006_judged_again,
    r0007_popular,
    r0008_search,
    r0009_gaps,
    r0010_asking,
    r0011_endpoints,
    r0012_day_checks,
    r0013_sent_again,
    r0014_jobs_to_do,
    r0015_standing_since,
    r0016_sold_by_days,
    r0017_usage,
)

_MODULES = (
    r0001_first,
    r0002_inbox,
    r0003_people,
    r0004_owed,
    r0005_outbox,
    r0006_judged_again,
    r0007_popular,
    r0008_search,
    r0009_gaps,
    r0010_asking,
    r0011_endpoints,
    r0012_day_checks,
    r0013_sent_again,
    r0014_jobs_to_do,
    r0015_standing_since,
    r0016_sold_by_days,
    r0017_usage,
)
SCRIPTS = tuple(Script(module, module.revision, module.__name__) for module in _MODULES)


def upgrade(connection: Connection, dialect: Dialect, to: str = HEAD) -> None:
    """Bring the database to the revision `to`, all within the transaction of the caller."""
    known = RevisionMap(lambda: iter(SCRIPTS))

    def steps(heads: tuple[str, ...], _context: MigrationContext) -> Iterable[MigrationStep]:
        missing = {each.revision for each in known.iterate_revisions(to, heads or "base")}
        return [MigrationStep.upgrade_from_script(known, script) for script in SCRIPTS if script.revision in missing]

    context = MigrationContext.configure(connection, opts={"fn": steps, "transactional_ddl": True})
    with Operations.context(context):
        context.run_migrations(dialect=dialect)
