"""The owner's own public address: a fixed line, a reverse proxy, a tunnel of their own."""

import ipaddress
import re
from typing import NoReturn
from urllib.parse import urlsplit

from shopwatch.domain.connection.reach import TunnelKind, TunnelState, TunnelStatus
from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import say
from shopwatch.domain.instant import Clock
from shopwatch.runtime.clock import now
from shopwatch.tunnel.tunnel import StatusBoard, Tell

_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_PATH = re.compile(r"(/[A-Za-z0-9._~-]+)*")


class OwnAddress:
    """The address as the owner typed it. Whether it leads here is for the watch to find out."""

    def __init__(self, tell: Tell, url: str, *, clock: Clock = now) -> None:
        """Raises UserError (`address-invalid`) for anything `parse_address` refuses."""
        self._url = parse_address(url)
        self._board = StatusBoard(TunnelKind.OWN, tell, clock)

    @property
    def status(self) -> TunnelStatus:
        return self._board.status

    async def start(self, port: int) -> None:  # noqa: ARG002 - the owner's proxy knows the port
        self._board.show(TunnelState.ONLINE, public_url=self._url)

    async def stop(self) -> None:
        self._board.show(TunnelState.STOPPED)

    def reopen(self) -> None:
        """The line is the owner's: nothing here can open it."""

    def accept_url(self) -> None:
        """Changes only by the owner's own hand."""


def parse_address(text: str) -> str:
    """The public address in one spelling: https, no end slash, an international name in its ASCII form.

    A path is allowed: a proxy may strip it before it passes requests on. `https://` may be left out. Raises UserError
    (`address-invalid`) for user names, queries, fragments, addresses that only this network knows, and for http, except
    to this computer itself.
    """
    typed = text.strip()
    try:
        parts = urlsplit(typed if "://" in typed else f"https://{typed}")
        host, port = parts.hostname or "", parts.port
    except ValueError:
        _refuse_form()
    if parts.scheme not in ("https", "http"):
        _refuse(say("A public address begins with https://."), say("Type it as you would in a browser."))
    if parts.username is not None or parts.password is not None:
        _refuse(say("A public address holds no user name or password."), say("Leave out the part before the @ sign."))
    if any(sign in typed for sign in "?#\\") or not typed.isprintable() or " " in typed:
        _refuse_form()
    path = parts.path.rstrip("/")
    if not _PATH.fullmatch(path) or {".", ".."} & set(path.split("/")) or port == 0:
        _refuse_form()
    name, loopback = _parse_host(host)
    if parts.scheme == "http" and not loopback:
        _refuse(
            say("Your public address must begin with https://."),
            say("Without it, others could read and change your sales on their way."),
        )
    return f"{parts.scheme}://{name}{'' if port is None else f':{port}'}{path}"


def _parse_host(host: str) -> tuple[str, bool]:
    """The host as it stands in a URL, and whether it is this computer itself."""
    if host == "localhost":
        return host, True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return _parse_name(host), False
    if not address.is_loopback and not address.is_global:
        _refuse(
            say("This address is known only inside your own network."),
            say("Type the address under which the internet reaches you."),
        )
    return (f"[{address}]" if address.version == 6 else str(address)), address.is_loopback


def _parse_name(host: str) -> str:
    try:
        name = host.encode("idna").decode().lower()
    except UnicodeError:
        _refuse_form()
    labels = name.split(".")
    # A last label of digits would be read as an IP address in one of its odd spellings.
    if len(labels) < 2 or not all(map(_LABEL.fullmatch, labels)) or labels[-1][0].isdigit():
        _refuse_form()
    return name


def _refuse_form() -> NoReturn:
    _refuse(
        say("This does not look like a public address."),
        say("It has a form like https://shop.example.com, with nothing after a ? or # sign."),
    )


def _refuse(title: str, hint: str) -> NoReturn:
    raise UserError(title, hint, code="address-invalid")
