"""A provider's API played by hand: what was asked, and what came of the answers."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from shopwatch.domain.instant import Instant
from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.sales.sale import SaleClaim
from shopwatch.providers.api import KEPT, ApiRequest, ApiResponse, Asking, NewKey
from shopwatch.providers.apis import APIS

AT: Instant = 1_795_521_600_000
KEY = "rk_live_canaryCANARYcanary0123456789"
OPTIONS = {each.own_host: "shop.example.com" for each in APIS if each.own_host}
"""What sources hold beside their keys, where the shop itself is asked."""


@dataclass
class Played[T]:
    """`requests` in their order, the result, and the new keys that came on the way."""

    result: T
    requests: list[ApiRequest] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)

    @property
    def urls(self) -> list[str]:
        return [each.url for each in self.requests]


def play[T](asking: Asking[T], answers: Iterable[ApiResponse] | Callable[[ApiRequest], ApiResponse]) -> Played[T]:
    """Answer each question with the next of `answers`, or what they say to it. Raises what the generator raises."""
    waiting = None if callable(answers) else iter(answers)
    requests: list[ApiRequest] = []
    keys: list[str] = []
    try:
        step = next(asking)
        while True:
            if isinstance(step, NewKey):
                keys.append(step.key)
                step = asking.send(KEPT)
            else:
                requests.append(step)
                step = asking.send(answers(step) if callable(answers) else next(waiting))  # type: ignore[arg-type]
    except StopIteration as ended:
        return Played(ended.value, requests, keys)


def answer(body: Any, status: int = 200, **headers: str) -> ApiResponse:
    """An answer with this JSON, or with these very bytes."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return ApiResponse(status, {name.replace("_", "-"): value for name, value in headers.items()}, raw)


def thin(order_id: str, needs: str = "GET /", *, links: tuple[str, ...] = (), live: bool = True) -> Event:
    """A sale that does not say what was bought."""
    return Event("e-1", "sale", Kind.SALE, AT, SaleClaim(order_id, None), links=links, live=live, needs_fetch=needs)


def hint(hinted: str) -> Event:
    return Event(hinted, "", Kind.PING, AT)
