"""What a provider is to the sums: how it tells of a life, in messages and in what its API answers.

To add one: a module beside this one with a `Writer`, and its name in `tests/sums/test_sums.py`. `tells` are the steps
that its documents describe messages (or states in its lists) for; lives are made of those alone. `messages` writes all
that would be sent of a life, a step's own second from the life; where one thing is told by several messages, all of
them. `answers` is its API when all has happened: it gets the request as ShopWatch would send it, and says what the
provider would. What its documents do not say goes into neither. Write from documents and recorded messages, named in
the docstring, never from ShopWatch's readers.
"""

import json
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from shopwatch.domain.source import NO_OPTIONS, Options
from shopwatch.providers.api import ApiRequest, ApiResponse
from shopwatch.providers.provider import Provider
from tests.providers.cases import BY_ID
from tests.sums.life import Life, Step


@dataclass(frozen=True, slots=True)
class Sent:
    """One message. `id` is what goes into a header where the provider has it there."""

    body: bytes
    id: str
    headers: dict[str, str] = field(default_factory=dict)


class Writer(ABC):
    """One provider. `key` is an API key as it looks there, `options` what the source has set."""

    provider_id: str
    tells: frozenset[Step]
    lists: frozenset[Step] = frozenset(Step)
    """Those of them that its API tells as well; a message about any other that is missed stays unknown."""
    key: str = "key"
    options: Options = NO_OPTIONS
    signs: int = 1
    """One message of so many is signed, and judged so; the others are only read. 1: all, which is a must where headers
    say what a message is."""

    @property
    def provider(self) -> Provider:
        return BY_ID[self.provider_id]

    @abstractmethod
    def messages(self, life: Life) -> list[Sent]:
        """All that it sends of this life, in the order in which it happened."""

    @abstractmethod
    def answers(self, lives: Sequence[Life], request: ApiRequest) -> ApiResponse:
        """What its API says once all of these lives were lived. Raises LookupError for what it does not know."""


def answer(told: Any, status: int = 200) -> ApiResponse:
    """A JSON answer."""
    return ApiResponse(status, {"content-type": "application/json"}, json.dumps(told).encode())
