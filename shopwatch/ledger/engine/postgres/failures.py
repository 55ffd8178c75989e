"""What PostgreSQL's failures mean for the owner."""

import psycopg
from psycopg import errors as states
from sqlalchemy.exc import DBAPIError

from shopwatch.domain.errors import UserError
from shopwatch.ledger import errors

# A refusal to connect has no code that libpq tells, only words. These are the server's in English, and libpq's own.
_DENIED = (
    "password authentication failed",
    "no password supplied",
    "no pg_hba.conf entry",
    "is not permitted to log in",
)
_UNTRUSTED = ("certificate", "ssl", "channel binding")
_READ_ONLY = ("session is read-only", "server is in hot standby mode")

_BUSY = (states.LockNotAvailable, states.QueryCanceled, states.DeadlockDetected, states.SerializationFailure)


def translate(error: Exception) -> UserError | None:
    """See `Store.translate`."""
    if isinstance(error, UserError):
        return error
    match error.orig if isinstance(error, DBAPIError) else error:
        case cause if isinstance(cause, _BUSY):
            return errors.server_busy()
        case states.DiskFull():
            return errors.server_full()
        case states.ReadOnlySqlTransaction():
            return errors.copy_only()
        case states.InsufficientPrivilege():
            return errors.forbidden()
        case states.IoError() | states.DataCorrupted() | states.IndexCorrupted():
            return errors.server_damaged()
        case states.InvalidPassword() | states.InvalidAuthorizationSpecification():
            return errors.denied()
        case psycopg.OperationalError() as cause:
            return _refused(str(cause)) if cause.sqlstate is None else errors.away()
    return None


def _refused(words: str) -> UserError:
    said = words.casefold()
    if any(each in said for each in _DENIED):
        return errors.denied()
    if "database" in said and "does not exist" in said:
        return errors.no_such_database()
    if any(each in said for each in _READ_ONLY):
        return errors.copy_only()
    if any(each in said for each in _UNTRUSTED) and "closed" not in said and "syscall" not in said:
        return errors.untrusted_server()
    return errors.away()
