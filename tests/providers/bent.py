"""Genuine messages of the vectors, and others signed as those are, for a doctor to look at once they are bent."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from msgspec import structs

from shopwatch.domain.instant import Instant
from shopwatch.domain.messages.delivery import Headers, Request
from shopwatch.domain.messages.verdict import Accepted
from shopwatch.domain.source import NO_OPTIONS, Options, Secrets
from shopwatch.providers.doctor.diagnosis import Diagnosis
from shopwatch.providers.doctor.doctor import diagnose
from shopwatch.providers.provider import Provider
from shopwatch.providers.request_file import requests_in
from tests.providers.cases import BY_ID, vectors

BROKEN_SECRET = "not-the-secret-0123456789abcdef"


@dataclass(frozen=True)
class Message:
    """A genuine message of the vectors, and what its owner holds."""

    provider: Provider
    request: Request
    secrets: Secrets
    now: Instant
    options: Options = NO_OPTIONS

    @property
    def secret(self) -> str:
        return self.secrets.current[0]

    def without(self, *names: str) -> "Message":
        left = tuple(
            line for line in self.request.headers.lines if line[0].decode().lower() not in map(str.lower, names)
        )
        return replace(self, request=structs.replace(self.request, headers=Headers(left)))

    def of(self, provider_id: str) -> "Message":
        return replace(self, provider=BY_ID[provider_id])

    def holding(self, *secrets: str) -> "Message":
        return replace(self, secrets=replace(self.secrets, current=secrets))

    def saying(self, body: bytes) -> "Message":
        return replace(self, request=structs.replace(self.request, body=body))

    def at(self, url: str) -> "Message":
        return replace(self, request=structs.replace(self.request, url=url))

    def diagnosis(self, **more: Any) -> Diagnosis:
        return diagnose(self.provider, self.request, self.secrets, self.now, options=self.options, **more)


def genuine(provider_id: str, which: Callable[[dict[str, Any]], bool] = lambda _case: True) -> Message:
    """The first valid message of this provider that does what `which` asks."""
    for case in vectors():
        given = case.given
        if case.provider.id != provider_id or given["expect"] != "valid" or not which(given):
            continue
        filed = requests_in(json.dumps(given).encode())[0]
        assert filed.now is not None
        message = Message(case.provider, filed.request, filed.secrets, filed.now, filed.options)
        verdict = case.provider.judge(filed.request, filed.secrets, filed.now, filed.options)
        if isinstance(verdict, Accepted) and filed.secrets.current:
            return message
    raise LookupError(provider_id)


def signed(provider_id: str, body: bytes, secret: str = "whsec_0123456789abcdef") -> Message:
    provider, now = BY_ID[provider_id], 1_795_500_000_000
    request = provider.recipe.sign(Request("POST", "", Headers(), body), secret, now, "msg_1", {})
    assert request is not None
    return Message(provider, request, Secrets((secret,)), now)
