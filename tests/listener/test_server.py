"""Where the listener listens, and that it goes on doing so."""

import asyncio
import gc
import logging
import socket
from contextlib import AsyncExitStack

import psutil
import pytest

from shopwatch.domain.errors import UserError
from shopwatch.listener.bounds import Bounds
from shopwatch.listener.probes import Probes
from shopwatch.listener.routes import Routes
from shopwatch.listener.server import Listener
from tests.listener.loopback import Book, Keys, head, line, sale, send, shop


def listener(book: Book) -> Listener:
    return Listener(Routes(book, Keys()), book, Probes(), lambda: "")


async def test_listens_on_loopback_only() -> None:
    async with shop() as here:
        bound = {
            connection.laddr.ip
            for connection in psutil.Process().net_connections("inet")
            if connection.status == psutil.CONN_LISTEN and connection.laddr.port == here.port
        }
        assert bound == {"127.0.0.1"}


async def test_a_taken_port_is_refused_in_words() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        here = listener(Book())
        with pytest.raises(UserError) as told:
            await here.start(port)
        assert told.value.code == "port-taken"
        assert str(port) in told.value.hint


async def test_a_taken_port_may_be_exchanged_for_another() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        here = listener(Book())
        try:
            assert await here.start(port, any_port=True) not in (0, port)
        finally:
            await here.stop()


async def test_the_same_port_can_be_taken_again_at_once() -> None:
    here = listener(Book())
    port = await here.start(0)
    assert await send(port, head("/"))
    await here.stop()
    again = listener(Book())
    try:
        assert await again.start(port) == port
    finally:
        await again.stop()


async def test_stopping_gives_the_answers_that_are_due() -> None:
    book = Book()
    async with shop(book=book) as here, line(here.port) as busy, line(here.port) as idle:
        book.ready.clear()
        await busy.say(sale(1))
        await book.asked.wait()
        async with asyncio.TaskGroup() as group:
            group.create_task(here.listener.stop(5))
            assert await idle.ended()
            with pytest.raises(ConnectionRefusedError):
                await asyncio.open_connection("127.0.0.1", here.port)
            book.ready.set()
            reply = await busy.hear()
            assert reply
            assert reply.status == 200


@pytest.mark.parametrize("turns", range(4))
async def test_who_connects_in_the_moment_of_stopping_is_let_go_in_order(turns: int) -> None:
    # A defect in that moment has no caller: it comes out where destructors complain, and that fails the test.
    async with shop() as here:
        with socket.create_connection(("127.0.0.1", here.port)) as sender:
            for _ in range(turns):
                await asyncio.sleep(0)
            await here.listener.stop(0.05)
            gc.collect()
            sender.settimeout(30)
            try:
                assert await asyncio.to_thread(sender.recv, 1) == b""
            except ConnectionResetError:
                assert turns < 2, "it had been accepted"


async def test_stopping_does_not_wait_for_ever() -> None:
    book = Book()
    async with shop(book=book) as here, line(here.port) as busy:
        book.ready.clear()
        await busy.say(sale(1))
        await book.asked.wait()
        async with asyncio.timeout(30):
            await here.listener.stop(0.05)
        assert await busy.ended()
        book.ready.set()


async def test_follows_the_public_address() -> None:
    called = ["https://old.example"]
    async with shop(public_url=lambda: called[0]) as here:
        statuses = []
        for address in ("https://old.example", "https://new.example", "https://new.example:8443"):
            called[0] = address
            for host in ("old.example", "NEW.example", "new.example:443", "new.example:8443"):
                reply = await send(here.port, sale(1, host=host))
                assert reply
                statuses.append(reply.status)
        assert statuses == [200, 403, 403, 403, 403, 200, 200, 403, 403, 403, 403, 200]
        assert here.book.kept[-1][0].request.url == "https://new.example:8443/in/first"


async def test_who_still_calls_by_an_address_of_before_is_heard_under_that_one() -> None:
    former: list[tuple[str, ...]] = [("https://old.example/way", "https://new.example")]
    async with shop(public_url=lambda: "https://new.example", former=lambda: former[0]) as here:
        told = []
        for host in ("Old.example", "old.example:443", "new.example", "older.example"):
            reply = await send(here.port, sale(1, host=host))
            assert reply
            told.append(reply.status)
        assert told == [200, 200, 200, 403]
        urls = [delivery.request.url for delivery, _ in here.book.kept]
        assert urls == ["https://old.example/way/in/first"] * 2 + ["https://new.example/in/first"]

        reply = await send(here.port, sale(2, "Origin: https://old.example", host="old.example"))
        assert reply
        assert reply.status == 403
        former[0] = ("https://new.example",)
        reply = await send(here.port, sale(3, host="old.example"))
        assert reply
        assert reply.status == 403


async def test_answers_this_computer_by_its_own_names() -> None:
    async with shop(public_url=lambda: "") as here:
        for host in (f"127.0.0.1:{here.port}", f"localhost:{here.port}", f"LocalHost:{here.port}"):
            reply = await send(here.port, sale(1, host=host))
            assert reply
            assert reply.status == 200
        assert here.book.kept[0][0].request.url == f"http://127.0.0.1:{here.port}/in/first"


async def test_idle_connections_do_not_keep_a_sale_out() -> None:
    async with shop(Bounds(connections=20)) as here, AsyncExitStack() as limiter:
        kept = await limiter.enter_async_context(line(here.port))
        await kept.say(sale(1))
        assert await kept.hear()
        for began in (b"", b"POST /in/first HT", head("/in/first", "Content-Length: 99") + b"half") * 20:
            stranger = await limiter.enter_async_context(line(here.port))
            await stranger.say(began)
        reply = await send(here.port, sale(2))
        assert reply
        assert reply.status == 200
        await kept.say(sale(3))
        reply = await kept.hear()
        assert reply
        assert reply.status == 200


async def test_bodies_that_never_end_take_no_more_than_their_room() -> None:
    async with shop(Bounds(held=1_000)) as here, AsyncExitStack() as limiter:
        half = head("/in/first", "Content-Length: 700") + b"x" * 600
        first, second = [await limiter.enter_async_context(line(here.port)) for _ in range(2)]
        await first.say(half)
        await second.say(half)
        reply = await second.hear()
        assert reply
        assert (reply.status, "retry-after" in reply.headers) == (503, True)
        reply = await send(here.port, sale(1))
        assert reply
        assert reply.status == 200
        await first.say(b"x" * 100)
        reply = await first.hear()
        assert reply
        assert reply.status == 401
        third = await limiter.enter_async_context(line(here.port))
        await third.say(half + b"x" * 100)
        reply = await third.hear()
        assert reply
        assert reply.status == 401


async def test_when_all_are_busy_the_next_is_asked_to_come_again() -> None:
    book = Book()
    async with shop(Bounds(connections=3), book=book) as here, AsyncExitStack() as limiter:
        book.ready.clear()
        busy = [await limiter.enter_async_context(line(here.port)) for _ in range(3)]
        for seed, one in enumerate(busy):
            await one.say(sale(seed))
        while book.waiting < 3:  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0)
        late = await limiter.enter_async_context(line(here.port))
        reply = await late.hear()
        assert reply
        assert reply.status == 503
        assert await late.ended()
        book.ready.set()
        for one in busy:
            reply = await one.hear()
            assert reply
            assert reply.status == 200


async def test_starts_anew_when_the_system_has_closed_its_ear(caplog: pytest.LogCaptureFixture) -> None:
    async with shop() as here, line(here.port) as connected:
        assert await here.listener.answers()
        with caplog.at_level(logging.CRITICAL, "asyncio"):
            _deafen(here.port)
            assert not await here.listener.answers()
            await here.listener.open_anew()
        assert await here.listener.answers()
        await connected.say(sale(1))
        for reply in (await connected.hear(), await send(here.port, sale(2))):
            assert reply
            assert reply.status == 200


def _deafen(port: int) -> None:
    """End the listening socket behind the listener's back, as Windows does."""
    ear = next(
        connection.fd
        for connection in psutil.Process().net_connections("tcp4")
        if connection.status == psutil.CONN_LISTEN and connection.laddr.port == port
    )
    same = socket.socket(fileno=ear)
    same.shutdown(socket.SHUT_RDWR)
    same.detach()
