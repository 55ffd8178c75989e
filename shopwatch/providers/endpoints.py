"""Endpoints made, read, mended and removed through a provider's API; described here, performed by `recovery`."""

from collections.abc import Callable
from dataclasses import dataclass, field

from shopwatch.domain.endpoint import Endpoint
from shopwatch.domain.source import NO_OPTIONS, Options
from shopwatch.providers.api import Asking


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an endpoint shall be: at `url`, told of every type that ShopWatch reads. `secret` is what it shall sign by,
    where the provider lets us choose; others give one."""

    url: str
    secret: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Made:
    """`secrets` are all that its messages are signed by from now on, or none where that is not told or did not change;
    `options` are settings of the source that its messages are checked by, such as the endpoint's own id."""

    endpoint: Endpoint
    secrets: tuple[str, ...] = field(default=(), repr=False)
    options: Options = NO_OPTIONS


type Make = Callable[[Wanted, str, Options], Asking[Made]]
type Read = Callable[[Endpoint, str, Options], Asking[Endpoint]]
type Mend = Callable[[Endpoint, Wanted, str, Options], Asking[Made]]
type Remove = Callable[[Endpoint, str, Options], Asking[None]]


@dataclass(frozen=True, slots=True)
class Endpoints:
    """How a provider's endpoints are made, by the key and the source's options.

    `make` leaves exactly one endpoint at the wanted address, also if it was begun before and did not end; endpoints at
    other addresses are none of its business. `read` tells how one stands: `Standing.GONE` if there is none any more.
    `mend` switches it on, at the wanted address and for every type; what is gone is made anew. `remove` is content
    if it is gone already. `scopes`: what the key must be allowed to do, beside what reading needs.
    `chosen_secret`: the secret is ours to choose. `secret_found`: where the owner finds what messages are signed by,
    where it never comes back and is another one than that of an endpoint made by hand; one plain sentence, or empty.
    """

    make: Make = field(repr=False)
    read: Read = field(repr=False)
    mend: Mend = field(repr=False)
    remove: Remove = field(repr=False)
    scopes: tuple[str, ...] = ()
    chosen_secret: bool = False
    secret_found: str = ""
