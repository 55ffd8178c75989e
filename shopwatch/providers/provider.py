"""What every provider declares, and the one way all of them are judged."""

from typing import Protocol

from shopwatch.domain.clock import Instant
from shopwatch.domain.delivery import Request
from shopwatch.domain.source import Secrets
from shopwatch.domain.verdict import Verdict


class Provider(Protocol):
    """See the brief: declaration plus judge and practise."""

    id: str
    name: str

    def judge(self, request: Request, secrets: Secrets, now: Instant) -> Verdict: ...
