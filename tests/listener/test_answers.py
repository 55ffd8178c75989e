"""Store first, answer second."""

import asyncio
import logging
import socket
from dataclasses import replace

import pytest

from shopwatch.domain.errors import Outage
from shopwatch.domain.messages.verdict import Reason, Rejected
from shopwatch.domain.source import Secrets
from shopwatch.listener.bounds import Bounds
from tests.listener.loopback import SECRET, head, line, sale, send, shop, signed, source

QUICK = Bounds(head_seconds=0.2, body_seconds=0.2, answer_seconds=0.2, idle_seconds=0.2, lingering_seconds=0.2)
FULL = Outage("The disk is full.", code="disk-full")


async def test_answers_only_once_it_is_stored() -> None:
    async with shop() as here, line(here.port) as talk:
        here.book.ready.clear()
        await talk.say(sale(1))
        await here.book.asked.wait()
        hearing = asyncio.ensure_future(talk.hear())  # noqa: TID251 - the test is the one who waits
        await asyncio.sleep(0)
        assert not hearing.done()
        here.book.ready.set()
        reply = await hearing
        assert reply
        assert (reply.status, reply.body) == (200, b"ok\n")
        assert len(here.book.sold) == 1


async def test_keeps_what_was_judged() -> None:
    async with shop() as here:
        await send(here.port, sale(1, "X-Odd-CASE: \xe9\xff", path="/in/first?a=b"))
        delivery, _ = here.book.kept[0]
        assert delivery.source_id == "first"
        assert delivery.request.url == "https://shop.example/in/first?a=b"
        assert delivery.request.method == "POST"
        assert delivery.request.remote_addr == "127.0.0.1"
        assert (b"X-Odd-CASE", b"\xe9\xff") in delivery.request.headers.lines
        assert delivery.practice_nonce is None


async def test_a_repeat_is_answered_like_the_first() -> None:
    async with shop() as here, line(here.port) as talk:
        for _ in range(3):
            await talk.say(sale(1))
            reply = await talk.hear()
            assert reply
            assert reply.status == 200


async def test_practice_names_its_nonce() -> None:
    async with shop() as here:
        await send(here.port, sale(1, "ShopWatch-Practice: abc"))
        assert here.book.kept[0][0].practice_nonce == "abc"


async def test_practice_cannot_name_two_nonces() -> None:
    async with shop() as here:
        reply = await send(here.port, sale(1, "ShopWatch-Practice: abc", "ShopWatch-Practice: def"))
        assert reply
        assert reply.status == 400
        assert not here.book.kept


async def test_forgeries_are_kept_and_refused() -> None:
    async with shop() as here:
        reply = await send(here.port, sale(1, secret="x" * 40))
        assert reply
        assert (reply.status, reply.body) == (401, b"not accepted\n")
        verdict = here.book.kept[0][1]
        assert isinstance(verdict, Rejected)
        assert verdict.reason is Reason.SIGNATURE_MISMATCH


async def test_get_is_for_the_provider_to_judge() -> None:
    async with shop() as here:
        reply = await send(here.port, head(method="GET"))
        assert reply
        assert reply.status == 405
        assert reply.headers["allow"] == "POST"


@pytest.mark.parametrize("trouble", [FULL, RuntimeError("a defect"), OSError("disk")], ids=lambda it: type(it).__name__)
async def test_what_is_not_stored_is_to_be_sent_again(trouble: Exception, caplog: pytest.LogCaptureFixture) -> None:
    async with shop() as here:
        here.book.full = trouble
        for seed in range(5):
            reply = await send(here.port, sale(seed))
            assert reply
            assert reply.status == 503
            assert int(reply.headers["retry-after"]) > 0
            assert reply.body == b"try again later\n"
        here.book.full = None
        reply = await send(here.port, sale(1))
        assert reply
        assert reply.status == 200
    logged = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert len(logged) == (0 if isinstance(trouble, Outage) else 1)
    caplog.clear()


async def test_a_slow_disk_is_not_waited_for_too_long() -> None:
    async with shop(Bounds(answer_seconds=0.2)) as here, line(here.port) as talk:
        here.book.ready.clear()
        await talk.say(sale(1))
        reply = await talk.hear()
        assert reply
        assert reply.status == 503
        assert "retry-after" in reply.headers
        here.book.ready.set()
        async with asyncio.timeout(30):
            while (again := await send(here.port, sale(1))) is None or again.status == 503:
                pass  # the machine may be as slow as the disk was
        assert again.status == 200


async def test_no_more_waits_for_the_disk_than_memory_allows() -> None:
    large = b"x" * 1_000_000
    async with shop(Bounds(answer_seconds=60)) as here, asyncio.TaskGroup() as group:
        here.book.ready.clear()
        message = head("/in/first", f"Content-Length: {len(large)}") + large
        waiting = [group.create_task(send(here.port, message, patience=60)) for _ in range(70)]
        done, _ = await asyncio.wait(waiting, timeout=30, return_when=asyncio.FIRST_COMPLETED)
        assert done
        reply = done.pop().result()
        assert reply
        assert reply.status == 503
        here.book.ready.set()


async def test_the_sender_may_go_away_before_the_answer() -> None:
    async with shop() as here:
        here.book.ready.clear()
        async with line(here.port) as talk:
            await talk.say(sale(1))
            await here.book.asked.wait()
        here.book.ready.set()
        reply = await send(here.port, sale(1))
        assert reply
        assert reply.status == 200
        assert len(here.book.kept) == 2


async def test_the_sender_may_close_its_half_and_wait() -> None:
    async with shop() as here, line(here.port) as talk:
        here.book.ready.clear()
        await talk.say(sale(1))
        talk.writer.write_eof()
        await here.book.asked.wait()
        here.book.ready.set()
        reply = await talk.hear()
        assert reply
        assert reply.status == 200
        assert await talk.ended()


async def test_half_a_message_is_not_waited_for_once_the_sender_has_ended() -> None:
    async with shop() as here, line(here.port) as talk:
        here.book.ready.clear()
        here.book.known.append(source("third"))
        here.keys.held["third"] = Secrets((SECRET,))
        here.book.version += 1
        here.book.looked.clear()
        await talk.say(head("/in/third", "Content-Length: 9") + b"half")
        talk.writer.write_eof()
        await here.book.looked.wait()
        await asyncio.sleep(0.05)
        here.book.ready.set()
        reply = await talk.hear()
        assert reply
        assert reply.status == 400


async def test_pipelined_sales_are_answered_in_turn() -> None:
    async with shop() as here, line(here.port) as talk:
        await talk.say(b"".join(sale(seed) for seed in range(300)))
        for _ in range(300):
            reply = await talk.hear()
            assert reply
            assert reply.status == 200
        assert len(set(here.book.sold)) == 300


async def test_a_thousand_pipelined_guesses_get_one_answer() -> None:
    async with shop() as here, line(here.port) as talk:
        await talk.say(head("/", method="GET") * 10_000)
        reply = await talk.hear()
        assert reply
        assert reply.status == 404
        assert await talk.ended()


async def test_http_1_0_is_answered_and_closed() -> None:
    async with shop() as here, line(here.port) as talk:
        await talk.say(sale(1).replace(b"HTTP/1.1", b"HTTP/1.0", 1))
        reply = await talk.hear()
        assert reply
        assert reply.status == 200
        assert await talk.ended()


async def test_says_go_on_only_to_who_is_let_in() -> None:
    message = sale(1, "Expect: 100-continue")
    until = message.index(b"\r\n\r\n") + 4
    async with shop() as here, line(here.port) as talk, line(here.port) as stranger:
        await talk.say(message[:until])
        go_on = await talk.hear()
        assert go_on
        assert go_on.status == 100
        await talk.say(message[until:])
        reply = await talk.hear()
        assert reply
        assert reply.status == 200
        await stranger.say(head("/in/unknown", "Expect: 100-continue", "Content-Length: 9"))
        refusal = await stranger.hear()
        assert refusal
        assert refusal.status == 404


SLOW = {
    "half a head": b"POST /in",
    "half a body": head("/in/first", "Content-Length: 9") + b"half",
    "A21 expects, then nothing": head("/in/first", "Content-Length: 9", "Expect: 100-continue"),
}


@pytest.mark.parametrize("began", SLOW.values(), ids=SLOW)
async def test_a_slow_sender_is_told_so(began: bytes) -> None:
    async with shop(QUICK) as here, line(here.port) as talk:
        await talk.say(began)
        reply = await talk.hear()
        if reply and reply.status == 100:
            reply = await talk.hear()
        assert reply
        assert reply.status == 408
        assert await talk.ended()


async def test_dripping_does_not_buy_time() -> None:
    async with shop(QUICK) as here, line(here.port) as talk:
        await talk.say(b"POST /in/first HTTP/1.1\r\nX: ")
        answer = asyncio.ensure_future(talk.hear())  # noqa: TID251 - the test is the one who waits
        drops = 0
        while not answer.done() and drops < 200:
            talk.writer.write(b"x")
            drops += 1
            await asyncio.wait([answer], timeout=0.02)
        reply = await answer
        assert reply
        assert reply.status == 408


async def test_silent_connections_end() -> None:
    async with shop(QUICK) as here, line(here.port) as silent, line(here.port) as kept:
        await kept.say(sale(1))
        assert await kept.hear()
        assert await kept.ended()
        assert await silent.ended()


async def test_a_sender_that_takes_no_answers_is_cut_off() -> None:
    deaf = socket.socket()
    deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    deaf.setblocking(False)
    loop = asyncio.get_running_loop()
    message = sale(1)
    async with shop(QUICK) as here, asyncio.timeout(30):
        await loop.sock_connect(deaf, ("127.0.0.1", here.port))
        try:
            while True:
                await loop.sock_sendall(deaf, message)
                await asyncio.sleep(0)
        except ConnectionError:
            assert len(here.book.kept) < 5_000
        finally:
            deaf.close()


async def test_a_locked_password_store_is_an_outage_and_no_forgery() -> None:
    async with shop() as here:
        here.keys.trouble = Outage("Unlock your password store.", code="vault-locked")
        here.book.known.append(source("third"))
        here.book.version += 1
        reply = await send(here.port, sale(1, path="/in/third"))
        assert reply
        assert reply.status == 503
        assert not here.book.kept
        here.keys.held["third"] = Secrets((SECRET,))
        here.keys.trouble = None
        await here.routes.refresh()
        reply = await send(here.port, sale(1, path="/in/third"))
        assert reply
        assert reply.status == 200


async def test_a_flood_of_forgeries_is_not_stored_and_hides_no_sale() -> None:
    async with shop() as here, line(here.port) as talk:
        statuses = []
        for seed in range(260):
            reply = await send(here.port, sale(seed, secret="x" * 40))
            assert reply
            statuses.append(reply.status)
        assert set(statuses) == {401, 429}
        assert len(here.book.kept) < 260
        await talk.say(sale(1))
        reply = await talk.hear()
        assert reply
        assert reply.status == 200


async def test_genuine_messages_of_another_account_are_all_kept_and_answered_200() -> None:
    async with shop() as here:
        here.book.known.append(replace(source("other"), options={"account": "somebody-else"}))
        here.keys.held["other"] = Secrets((SECRET,))
        here.book.version += 1
        for seed in range(260):
            reply = await send(here.port, sale(seed, path="/in/other"))
            assert reply
            assert reply.status == 200
        assert {type(verdict) for _, verdict in here.book.kept} == {Rejected}
        assert len(here.book.kept) == 260


async def test_headers_count_as_no_framing_of_the_body() -> None:
    lines, body = signed(1)
    lines = [each for each in lines if not each.lower().startswith("content-length")]
    lines += ["Transfer-Encoding: chunked", *(f"X-{n}: {'x' * 7_000}" for n in range(3))]
    async with shop() as here:
        reply = await send(here.port, head("/in/first", *lines) + b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body))
        assert reply
        assert reply.status == 200


async def test_a_large_message_is_judged_too() -> None:
    async with shop() as here:
        body = b'{"a": "' + b"x" * 300_000 + b'"}'
        reply = await send(here.port, head("/in/first", f"Content-Length: {len(body)}") + body)
        assert reply
        assert reply.status == 401
        assert here.book.kept[0][0].request.body == body
