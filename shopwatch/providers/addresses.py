"""Internet addresses: ranges of them, and from which one a request really came."""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import say
from shopwatch.domain.messages.delivery import Headers

type Address = IPv4Address | IPv6Address
type Range = IPv4Network | IPv6Network

THIS_COMPUTER = "127.0.0.0/8 ::1"
"""Where the tunnel hands on from, which is the only one whose word on senders counts by itself."""

ALLOW, BLOCK = "allow", "block"
"""The options of any source that hold lists of who may call: ranges and domain names, with blanks between them."""

_MOST_HOPS = 50


def ranges(written: str) -> tuple[Range, ...]:
    """The ranges in `written`, with white space or commas between them: "203.0.113.0/24", or one address alone.

    Bits of an address beyond its range do not count. Raises UserError naming the first that is none.
    """
    return tuple(_range(each) for each in written.replace(",", " ").split())


def readable_ranges(written: str) -> tuple[Range, ...]:
    """The same without those that are none; for lists that were checked when they were kept. Raises nothing."""
    found = []
    for each in written.replace(",", " ").split():
        try:
            found.append(_range(each))
        except UserError:
            continue
    return tuple(found)


def _range(written: str) -> Range:
    try:
        found = ip_network(written.partition("%")[0], strict=False)
    except ValueError:
        raise UserError(
            say("“{range}” is no range of internet addresses.", range=written[:60]),
            say("Write one address, or a range such as 203.0.113.0/24."),
            code="range-wrong",
        ) from None
    mapped = found.network_address.ipv4_mapped if isinstance(found, IPv6Network) else None
    if mapped is not None and found.prefixlen >= 96:
        return IPv4Network((mapped, found.prefixlen - 96))
    return found


def address(written: str | None) -> Address | None:
    """The address in `written`, with or without a port, as proxies write them; None if there is none.

    An IPv4 address in IPv6's clothes is that IPv4 address.
    """
    bare = (written or "").strip().strip('"')
    if bare.startswith("["):
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        found = ip_address(bare.partition("%")[0])
    except ValueError:
        return None
    return found.ipv4_mapped or found if isinstance(found, IPv6Address) else found


def within(found: Address, those: Iterable[Range]) -> bool:
    """Whether the address lies in any of those ranges."""
    return any(found.version == each.version and found in each for each in those)


def sender(peer: str | None, headers: Headers, trusted: Iterable[Range]) -> Address | None:
    """From which address a request came; None where nobody knows.

    It is the connection's own, unless that is a trusted proxy's. A proxy writes whom it heard at the right end of
    X-Forwarded-For, so that is read from there, and only as long as trusted ones wrote it: whatever stands further left
    the sender may have made up.
    """
    proxies = tuple(trusted)
    found = address(peer)
    hops = _hops(headers)
    while found is not None and within(found, proxies) and hops:
        found = address(hops.pop())
    return found


def _hops(headers: Headers) -> list[str]:
    """All that X-Forwarded-For says, its lines one after the other; of very many hops the last ones."""
    lines = [value for name, value in headers.lines if name.lower() == b"x-forwarded-for"]
    hops = b",".join(lines).decode("ascii", "replace").rsplit(",", _MOST_HOPS)
    return [each for each in hops if each.strip()][-_MOST_HOPS:]


def checked_list(written: str) -> str:
    """A list as it is kept. Raises UserError naming the first entry that is neither a range nor a domain name."""
    for each in written.replace(",", " ").split():
        if not is_domain(each):
            ranges(each)
    return " ".join(written.replace(",", " ").split())


def is_domain(entry: str) -> bool:
    """Whether an entry of such a list is a domain name, and no address."""
    bare = entry.strip(".")
    labels = bare.split(".")
    return (
        len(labels) > 1
        and bare.isascii()
        and not labels[-1].isdigit()
        and all(label.replace("-", "a").isalnum() for label in labels)
    )
