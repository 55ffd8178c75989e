"""A provider's API asked for what an event lacks, and what came of it."""

from typing import Any

from shopwatch.domain.sales.sale import SaleClaim
from shopwatch.providers.api import Api
from shopwatch.providers.kit.reading import Meaning
from tests.providers.played import KEY, OPTIONS, Played, play


def fetched(api: Api, event: Any, answers: Any, key: str = KEY) -> Played[Any]:
    """What the API says to what `event` lacks, with these answers."""
    assert api.fetch is not None
    return play(api.fetch(event, key, OPTIONS), answers)


def only(played: Played[tuple[Meaning, ...]]) -> SaleClaim:
    [meaning] = played.result
    assert isinstance(meaning.claim, SaleClaim)
    return meaning.claim


def asked_for(played: Played[Any]) -> list[tuple[str, str]]:
    return [(each.method, each.url) for each in played.requests]
