"""What the signature doctor looks at in every message, whatever the cause."""

from shopwatch.domain.i18n import number, say, say_n
from shopwatch.domain.instant import MINUTE, SECOND, Instant
from shopwatch.domain.messages.delivery import Repeated, Request
from shopwatch.providers.doctor.diagnosis import Evidence
from shopwatch.providers.kit.check import FURTHEST, Check, Choice, FirstOf
from shopwatch.providers.kit.recipe import Recipe
from shopwatch.providers.provider import Assurance, Provider

_SHOWN = 4
_LONG_ENOUGH = 12
"""The end of a shorter secret would tell too much of it."""
_NEAR = 5 * MINUTE
_LONGEST_TIME = 24
"""Digits; no time has as many in any unit."""


def recipes(check: Check, request: Request) -> tuple[Recipe, ...]:
    """The ways of signing in headers that this check knows; none where the mark stands elsewhere. Raises `Repeated`."""
    match check:
        case Recipe():
            return (check,)
        case FirstOf():
            return tuple(recipe for each in check.checks for recipe in recipes(each, request))
        case Choice():
            return recipes(check.choose(request) or check.usual, request)
        case _:
            return ()


def marks(check: Check, request: Request) -> tuple[str, ...]:
    """The headers that carry a signature of this kind; none where it stands elsewhere."""
    try:
        return tuple(names.signature for recipe in recipes(check, request) for names in recipe.headers)
    except Repeated:
        return ()


def says_at(check: Check, request: Request) -> Instant | None:
    """When the message says it was made, believed or not; None if it does not say."""
    try:
        said = (recipe.says_at(request) for recipe in recipes(check, request))
        return next((at for at in said if at is not None), None)
    except Repeated:
        return None


def unit_of_time(check: Check, request: Request, now: Instant) -> tuple[str, str]:
    """The unit that the time in a message should count, and the one in which it would be a time near `now`; empty where
    it is neither, or the right one."""
    try:
        found = [(recipe.unit, recipe.writes_time(request)) for recipe in recipes(check, request)]
    except Repeated:
        return "", ""
    units = {SECOND * 1_000_000: say("seconds"), 1_000_000: say("milliseconds"), 1_000: say("microseconds")}
    units[1] = say("nanoseconds")
    for unit, written in found:
        if written.isascii() and written.isdigit() and len(written) < _LONGEST_TIME:
            near = (each for each in units if abs(int(written) * each // 1_000_000 - now) <= FURTHEST)
            other = next(near, 0)
            if other not in (0, unit * 1_000_000):
                return units.get(unit * 1_000_000, ""), units[other]
    return "", ""


def likeness(check: Check, request: Request) -> int:
    """How many of the headers that such messages have are there; 0 for a message that is surely of another kind."""
    try:
        if not check.applies(request):
            return 0
        families = [names for recipe in recipes(check, request) for names in recipe.headers]
    except Repeated:
        return 0
    counts = [
        sum(has(request, name) for name in (each.signature, each.timestamp, each.id, each.type, *each.required) if name)
        for each in families
    ]
    return max(counts, default=1)


def how_it_ends(secret: str) -> str:
    """All that is ever shown of a secret."""
    bare = secret.strip()
    return say("ends with “{tail}”", tail=bare[-_SHOWN:]) if len(bare) >= _LONG_ENOUGH else ""


def evidence_of(
    provider: Provider, request: Request, now: Instant, secret: str, *, fits: bool, odd: str
) -> tuple[Evidence, ...]:
    """One row for each thing; `odd` is what is odd about the secret.

    Of a message that shows a secret nobody can tell whether it is whole, because the secret is covered in it.
    """
    signs = provider.assurance is Assurance.SIGNED
    rows = [_whole(request)] if signs else []
    names = marks(provider.recipe, request)
    carried = [name for name in names if has(request, name)]
    if names:
        rows.append(Evidence(bool(carried), say("It carries a signature"), (carried or [*names])[0]))
    said = says_at(provider.recipe, request)
    if said is not None:
        age = now - said
        if abs(age) > FURTHEST:
            rows.append(Evidence(False, say("It says when it was made"), say("a time that cannot be")))
        else:
            rows.append(Evidence(age <= _NEAR, say("It is fresh, not an old one sent again"), _age(age)))
            rows.append(Evidence(age >= -_NEAR, say("This computer’s clock is right"), _distance(age)))
    if secret:
        fit = say("The signature fits the stored secret") if signs else say("It shows the stored secret")
        rows.append(Evidence(fits, fit, odd or how_it_ends(secret)))
    return tuple(rows)


def _whole(request: Request) -> Evidence:
    size = len(request.body)
    try:
        said = request.headers.only("Content-Length") or ""
    except Repeated:
        said = ""
    announced = int(said) if said.isascii() and said.isdigit() and len(said) < 12 else size
    fact = say("{size} of {announced} bytes", size=number(size), announced=number(announced))
    return Evidence(size == announced, say("The message arrived whole"), fact)


def has(request: Request, name: str) -> bool:
    """Whether this header is there, and says something."""
    try:
        return bool(request.headers.only(name))
    except Repeated:
        return True


def _age(age: Instant) -> str:
    if age < 0:
        return say("from ahead of this clock")
    if age < SECOND:
        return say("just made")
    if age < MINUTE:
        return say_n("{n} second old", "{n} seconds old", age // SECOND)
    return say_n("{n} minute old", "{n} minutes old", age // MINUTE)


def _distance(age: Instant) -> str:
    if age < -MINUTE:
        return say_n("{n} minute slow", "{n} minutes slow", -age // MINUTE)
    if age > _NEAR:
        return say("cannot be told")
    seconds = max(1, abs(age) // SECOND)
    return say_n("within {n} second", "within {n} seconds", seconds)
