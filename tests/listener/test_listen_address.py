"""Behind a balancer on another computer only that one may connect."""

import pytest

from shopwatch.domain.errors import UserError
from shopwatch.listener.listen_address import HERE, ListenAddress
from shopwatch.listener.probes import Probes
from shopwatch.listener.routes import Routes
from shopwatch.listener.server import Listener
from tests.listener.loopback import Book, Keys


@pytest.mark.parametrize(
    ("peer", "may"),
    [
        ("10.0.0.2", True),
        ("::ffff:10.0.0.2", True),
        ("10.1.7.7", True),
        ("127.0.0.1", True),
        ("10.0.0.5", True),
        ("10.0.0.3", False),
        ("192.168.1.1", False),
        (None, False),
    ],
)
def test_the_balancer_may_connect_and_this_computer_and_nobody_else(peer: str | None, may: bool) -> None:
    assert ListenAddress.of("10.0.0.5", ["10.0.0.2", "10.1.0.0/16"]).admits(peer) is may


def test_here_means_this_computer_alone() -> None:
    assert HERE.admits("127.0.0.1")
    assert not HERE.admits("10.0.0.2")


@pytest.mark.parametrize(
    ("host", "callers", "code"),
    [("0.0.0.0", [], "usage"), ("10.0.0.5", ["balancer"], "range-wrong"), ("shop.example", ["10.0.0.2"], "usage")],
)
def test_an_address_to_which_anybody_could_connect_is_refused(host: str, callers: list[str], code: str) -> None:
    with pytest.raises(UserError) as refused:
        ListenAddress.of(host, callers)
    assert refused.value.code == code


async def test_an_address_of_another_computer_has_a_sentence() -> None:
    book = Book()
    listen = ListenAddress.of("203.0.113.7", ["203.0.113.8"])  # RFC 5737: nobody has it
    listener = Listener(Routes(book, Keys()), book, Probes(), lambda: "", listen=listen)

    with pytest.raises(UserError) as refused:
        await listener.start(0)
    assert refused.value.code == "listen-address"
