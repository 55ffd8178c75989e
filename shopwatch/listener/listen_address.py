"""Where the listener listens, and who may connect: this computer alone, unless a balancer stands before it."""

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Self

from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import say
from shopwatch.providers.addresses import THIS_COMPUTER, Range, address, ranges, readable_ranges, within

_THIS_COMPUTER = readable_ranges(THIS_COMPUTER)


@dataclass(frozen=True, slots=True)
class ListenAddress:
    """`callers` are the proxies that may connect besides this computer, and whose word on senders counts."""

    host: str = "127.0.0.1"
    callers: tuple[Range, ...] = ()

    @classmethod
    def of(cls, host: str, callers: Iterable[str]) -> Self:
        """As it is given on a command line. Raises `UserError`, also where anybody could connect."""
        try:
            given = ip_address(host)
        except ValueError:
            raise UserError(
                say("“{host}” is no address of this computer.", host=host),
                say("Write it like 10.0.0.5:8080."),
                code="usage",
            ) from None
        found = cls(str(given), tuple(each for written in callers for each in ranges(written)))
        if not given.is_loopback and not found.callers:
            raise UserError(
                say("Anybody could connect to {host}.", host=host),
                say("Name the address of your balancer with --from, for example --from 10.0.0.2."),
                code="usage",
            )
        return found

    @property
    def proxies(self) -> tuple[Range, ...]:
        """Whose word on who called them counts."""
        return (*_THIS_COMPUTER, *self.callers)

    def admits(self, peer: str | None) -> bool:
        """Whether this one may connect at all."""
        found = address(peer)
        return found is not None and (str(found) == self.host or within(found, self.proxies))


HERE = ListenAddress()
"""On this computer, and for it alone."""
