"""Lists of who may call, by what the tunnel tells and never by what they claim (docs/attacks.md, D13)."""

import pytest

from shopwatch.domain.errors import Outage, UserError
from shopwatch.domain.messages.delivery import Headers, Request
from shopwatch.domain.messages.verdict import Reason, Rejected
from shopwatch.listener.access_list import Names, SenderAccessList
from shopwatch.providers.addresses import checked_list


class Book(Names):
    """Names as a test says; `away` is a resolver that does not answer."""

    def __init__(self, names: dict[str, str] | None = None) -> None:
        self.names = names or {}
        self.away = False
        self.asked: list[str] = []

    async def name_of(self, address: str) -> str | None:
        self.asked.append(address)
        if self.away:
            raise OSError("no resolver")
        return self.names.get(address)


def call(peer: str = "127.0.0.1", *forwarded: str) -> Request:
    lines = tuple((b"X-Forwarded-For", each.encode()) for each in forwarded)
    return Request("POST", "https://shop.example/in/x", Headers(lines), b"{}", peer)


async def may(request: Request, book: Book | None = None, **options: str) -> bool:
    found = await SenderAccessList(book or Book()).turned_away(request, options)
    if found is not None:
        assert found.reason is Reason.ADDRESS
        assert found.answer.status == 403
    return found is None


@pytest.mark.parametrize(
    ("request_", "allowed"),
    [
        (call("127.0.0.1", "203.0.113.7"), True),
        (call("127.0.0.1", "198.51.100.1, 203.0.113.7"), True),
        (call("127.0.0.1", "203.0.113.7, 198.51.100.1"), False),
        (call("127.0.0.1", "203.0.113.7", "198.51.100.1"), False),
        (call("127.0.0.1"), False),
        (call("198.51.100.1", "203.0.113.7"), False),
        (call("203.0.113.9"), True),
        (call("::ffff:203.0.113.9"), True),
        (call("127.0.0.1", "nonsense"), False),
    ],
)
async def test_only_those_who_are_on_the_list(request_: Request, allowed: bool) -> None:
    assert await may(request_, allow="203.0.113.0/24, 2001:db8::/32") is allowed


async def test_without_lists_everybody_may_call_and_nobody_is_looked_up() -> None:
    book = Book()

    assert await may(call("127.0.0.1", "203.0.113.7"), book)
    assert await may(call("127.0.0.1", "203.0.113.7"), book, allow=" ", block="")
    assert book.asked == []


async def test_a_blocked_address_may_not_call_even_if_it_is_allowed() -> None:
    assert not await may(call("203.0.113.7"), allow="203.0.113.0/24", block="203.0.113.7")
    assert await may(call("203.0.113.8"), allow="203.0.113.0/24", block="203.0.113.7")


@pytest.mark.parametrize(
    ("name", "allowed"),
    [
        ("hooks.stripe.com", True),
        ("stripe.com", True),
        ("evilstripe.com", False),
        ("stripe.com.evil.example", False),
        ("", False),
    ],
)
async def test_names_count_with_all_that_is_under_them(name: str, allowed: bool) -> None:
    book = Book({"203.0.113.7": name} if name else {})

    assert await may(call("203.0.113.7"), book, allow="Stripe.com") is allowed
    assert await may(call("203.0.113.7"), book, block="stripe.com") is not allowed


async def test_names_are_asked_for_once_in_ten_minutes() -> None:
    book = Book({"203.0.113.7": "hooks.stripe.com"})
    access_list = SenderAccessList(book)

    for _ in range(50):
        assert await access_list.turned_away(call("203.0.113.7"), {"allow": "stripe.com"}) is None

    assert book.asked == ["203.0.113.7"]


async def test_where_no_resolver_answers_the_sender_must_come_again() -> None:
    book = Book()
    book.away = True

    with pytest.raises(Outage):
        await SenderAccessList(book).turned_away(call("203.0.113.7"), {"allow": "stripe.com"})
    assert await may(call("203.0.113.7"), book, allow="stripe.com 203.0.113.0/24")
    assert await may(call("203.0.113.7"), book, block="stripe.com")


async def test_a_name_that_does_not_lead_back_is_none() -> None:
    name = await Names().name_of("127.0.0.1")

    assert name is None or "." in name or name == "localhost"


@pytest.mark.parametrize(
    "written", ["203.0.113.0/24 stripe.com", "2001:db8::/32,198.51.100.1", "", "a.example. b.example"]
)
def test_lists_that_can_be_kept(written: str) -> None:
    assert checked_list(written) == " ".join(written.replace(",", " ").split())


@pytest.mark.parametrize("written", ["203.0.113.0/33", "999.1.1.1", "nonsense", "http://stripe.com", "a b"])
def test_lists_that_cannot_name_what_is_wrong(written: str) -> None:
    with pytest.raises(UserError) as failure:
        checked_list(written)

    assert failure.value.code == "range-wrong"


def test_the_sentence_says_where_it_came_from() -> None:
    assert Rejected(Reason.ADDRESS, "198.51.100.1").answer.body == b"not allowed\n"
