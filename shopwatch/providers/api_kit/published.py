"""What some senders publish to check their messages by: a certificate or a public key, at an address that the message
names."""

from collections.abc import Callable
from dataclasses import dataclass, field

from shopwatch.domain.instant import Instant
from shopwatch.providers.api import ApiFailure, ApiProblem, ApiRequest, Asking

MOST_BYTES = 65_536
FOR_EVER = float("inf")


@dataclass(frozen=True, slots=True)
class Published:
    """Where they are, and how far they are believed; all of it is in PEM.

    `is_own`: whether an address is one of these; nobody is asked about others, and nobody but `hosts`. `ask` brings
    what is there, by the API key of the source if it is `by_key`; empty where the sender says that there is none.
    `keeps` is for how many seconds it may be kept, if it is `usable` so long and, by the roots that this computer
    trusts, `believed`; what is not is judged so, and looked at again soon. `above` says where at `hosts_above` the
    certificate of the issuer is, in DER, which one that is not believed may lack; empty: nowhere.
    """

    hosts: frozenset[str]
    is_own: Callable[[str], bool]
    ask: Callable[[str, str], Asking[str]] = field(repr=False)
    usable: Callable[[str, Instant], bool] = field(repr=False)
    believed: Callable[[str, str, Instant], bool] = field(default=lambda *_: True, repr=False)
    keeps: float = FOR_EVER
    by_key: bool = False
    hosts_above: frozenset[str] = frozenset()
    above: Callable[[str], str] = field(default=lambda _: "", repr=False)


def file_at(url: str) -> Asking[bytes]:
    """A file of at most 64 KiB. Raises ApiFailure."""
    response = yield ApiRequest("GET", url, {"Accept-Encoding": "identity"}, repeatable=False)
    if response.status != 200 or len(response.body) > MOST_BYTES:
        raise ApiFailure(ApiProblem.UNREADABLE)
    return response.body
