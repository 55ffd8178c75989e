"""Which services are asked again and again whether they are heard or not, and how that goes."""

from dataclasses import dataclass

from shopwatch.domain.errors import UserError
from shopwatch.domain.instant import SECOND, Instant
from shopwatch.presenting.status.lamps import sender_name
from shopwatch.shop.shop import Shop


@dataclass(frozen=True, slots=True)
class Polling:
    """`names` answer: they are asked at least every `every`, and were last at `last_at`. Of the others, some cannot be
    asked before the owner has mended something (`refused`), and some are asked again by themselves (`away`).

    `everybody` answers: no service is connected that is not among them.
    """

    names: tuple[str, ...]
    every: Instant
    last_at: Instant
    refused: tuple[UserError, ...]
    away: tuple[UserError, ...]
    everybody: bool


def asking(state: Shop) -> Polling | None:
    """None if no service is asked by itself, or none has been yet."""
    # Only who hears nothing needs these, and the first window shall not wait for them.
    from shopwatch.providers.api import OWNER_MENDS
    from shopwatch.providers.apis import api_of
    from shopwatch.providers.polling import POLL, asks_every
    from shopwatch.recovery.catchup_scheduler import longest_pause

    paces = {
        source.id: pace
        for source in state.sources.all
        if POLL in source.options
        and (api := api_of(source.provider)) is not None
        and (pace := asks_every(api, source.options)) is not None
    }
    looks = [look for each, look in state.catching_up.results.items() if each in paces and look.ended_at]
    if not looks:
        return None
    answering = {look.source_id: look for look in looks if look.problem is None}
    problems = [look.problem for look in looks if look.problem is not None]
    mended_by_owner = {each.value for each in OWNER_MENDS}
    return Polling(
        names=tuple(dict.fromkeys(sender_name(source) for source in state.sources.all if source.id in answering)),
        every=round(max((longest_pause(paces[each]) for each in answering), default=0) * SECOND),
        last_at=max((look.ended_at for look in answering.values()), default=0),
        refused=tuple(problem for problem in problems if problem.code in mended_by_owner),
        away=tuple(problem for problem in problems if problem.code not in mended_by_owner),
        everybody=len(answering) == len(state.sources.all),
    )
