"""What lies below a problem, for whoever looks into it."""

import os

from shopwatch.domain.errors import UserError

_DEEPEST = 6


def cause_of(problem: UserError | None) -> str:
    """The failures below it, one a line, by their kind and number alone: in their words may be what nobody else may
    read.
    """
    lines: list[str] = []
    below = _below(problem)
    while below is not None and len(lines) < _DEEPEST:
        kind = f"{type(below).__module__}.{type(below).__qualname__}"
        lines.append(" ".join(filter(None, (kind, _number(below)))))
        below = _below(below)
    return "\n".join(lines)


def _below(failure: BaseException | None) -> BaseException | None:
    return failure and (failure.__cause__ or failure.__context__)


def _number(failure: BaseException) -> str:
    match failure:
        case UserError():
            return failure.code
        case OSError() if failure.errno:
            return os.strerror(failure.errno)
        case _:
            return str(getattr(failure, "sqlite_errorname", ""))
