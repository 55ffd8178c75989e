"""docs/attacks.md, B, and what becomes of a genuine message that nobody can read."""

import gzip
import zlib
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest

from shopwatch.domain.messages.delivery import Headers, Request
from shopwatch.domain.messages.happening import Notice
from shopwatch.domain.messages.verdict import Accepted
from shopwatch.domain.source import Secrets, Source
from shopwatch.ledger.inbox.query import InboxQuery, Result
from shopwatch.ledger.ledger import Ledger
from shopwatch.listener.probes import Probes
from shopwatch.listener.routes import Routes
from shopwatch.listener.server import Listener
from shopwatch.providers.senders.paynow import PAYNOW
from shopwatch.providers.senders.websub import WEBSUB
from shopwatch.runtime.clock import now
from tests.listener.loopback import SECRET, Keys, head, send, shop, signed
from tests.providers.test_promises_text import UNREADABLE

MIB = 2**20
ROWS = ("B9 utf-16", "B9 latin-1", "C1 lists", "C5 NaN", "C6 amount", "C11 null", "C12 members")


def on_the_wire(request: Request, path: str, *lines: str) -> bytes:
    headers = [f"{name.decode()}: {value.decode('latin-1')}" for name, value in request.headers.lines]
    return head(path, *headers, *lines, f"Content-Length: {len(request.body)}") + request.body


def genuine(body: bytes) -> Request:
    """`body`, signed as PayNow signs, now."""
    request = Request("POST", "", Headers.of({"Content-Type": "application/json"}), body)
    made = PAYNOW.recipe.sign(request, SECRET, now(), "", {})
    assert made
    return made


@pytest.fixture
async def till(tmp_path: Path) -> AsyncIterator[tuple[Ledger, Listener, Source]]:
    ledger = Ledger.open(f"sqlite:///{tmp_path / 'ledger.sqlite3'}")
    source = await ledger.sources.add("paynow", "PayNow")
    keys = Keys({source.id: Secrets((SECRET,))})
    listener = Listener(
        Routes(ledger.sources, keys, look_again_seconds=0), ledger, Probes(), lambda: "https://shop.example"
    )
    await listener.start(0)
    yield ledger, listener, source
    await listener.stop(1)
    ledger.close()


@pytest.mark.parametrize("row", ROWS)
async def test_what_is_genuine_but_cannot_be_read_is_kept_answered_and_shown(
    till: tuple[Ledger, Listener, Source], row: str
) -> None:
    ledger, listener, source = till
    request = genuine(UNREADABLE[row])

    reply = await send(listener.port, on_the_wire(request, source.path))

    assert reply
    assert (reply.status, reply.body) == (200, b"ok\n")
    [listed] = await ledger.inbox.page(InboxQuery(result=Result.SET_ASIDE))
    kept = await ledger.inbox.get(listed.id)
    assert kept
    assert kept.unreadable.startswith("The message is genuine, but")
    assert kept.request
    assert kept.request.body == request.body
    assert not kept.sale_number


@pytest.mark.parametrize("path", ["/in/first", "/in/nobody", "/"])
async def test_what_unpacks_to_a_gibibyte_costs_no_memory(path: str) -> None:
    """B1, B2: to a source, to none, and elsewhere."""
    bomb = _bomb()
    async with shop() as here:
        before = psutil.Process().memory_info().rss
        for _ in range(3):
            reply = await send(here.port, head(path, "Content-Encoding: gzip", f"Content-Length: {len(bomb)}") + bomb)
            assert reply
            assert reply.status in (404, 413, 415)
        assert psutil.Process().memory_info().rss - before <= 20 * MIB
        assert not here.book.kept


def _bomb() -> bytes:
    """A gibibyte of nothing in a mebibyte; whoever unpacks it has it in memory before the checksum is looked at."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    begin = packer.compress(b"") + packer.flush(zlib.Z_FULL_FLUSH)
    piece = packer.compress(bytes(MIB)) + packer.flush(zlib.Z_FULL_FLUSH)
    return begin + piece * 1_000 + packer.flush()


_PACKED = gzip.compress(b'{"a": 1}')
BROKEN = {
    "truncated": _PACKED[:-9],
    "bad checksum": _PACKED[:-8] + bytes(4) + _PACKED[-4:],
    "something behind it": _PACKED + b"junk",
    "a thousand members": _PACKED * 1_000,
    "raw deflate": zlib.compress(b'{"a": 1}')[2:-4],
    "nothing": b"",
}


@pytest.mark.parametrize("body", BROKEN.values(), ids=BROKEN)
@pytest.mark.parametrize("coding", ["gzip", "deflate", "x-gzip"])
async def test_packed_bodies_are_refused_unread(body: bytes, coding: str) -> None:
    """B4: broken and doubtful gzip."""
    async with shop() as here:
        reply = await send(
            here.port, head("/in/first", f"Content-Encoding: {coding}", f"Content-Length: {len(body)}") + body
        )
        assert reply
        assert reply.status == 415
        assert not here.book.kept


@pytest.mark.parametrize("signs", ["packed", "plain"])
async def test_no_sender_packs_so_that_no_signature_of_packed_bytes_counts(signs: str) -> None:
    """B6: signed packed or plain."""
    headers, plain = signed(1)
    packed = gzip.compress(plain)
    request = genuine(packed) if signs == "packed" else None
    lines = (
        headers if request is None else [f"{name.decode()}: {value.decode()}" for name, value in request.headers.lines]
    )
    async with shop() as here:
        reply = await send(
            here.port, head("/in/first", *lines, "Content-Encoding: gzip", f"Content-Length: {len(packed)}") + packed
        )
        assert reply
        assert reply.status == 415
        assert not here.book.sold


@pytest.mark.parametrize(
    "charset",
    ["utf-8", "utf-16", "utf-7", "latin-1", "windows-1252", "shift_jis", "gb18030", "ebcdic-cp-us", "\xfc", '"', ""],
)
async def test_character_sets_are_not_believed_over_bytes(charset: str) -> None:
    """B7: whatever is named, the bytes count."""
    headers, body = signed(1)
    lines = [each for each in headers if not each.startswith("Content-Type")]
    async with shop() as here:
        data = head(
            "/in/first", *lines, f"Content-Type: application/json; charset={charset}", f"Content-Length: {len(body)}"
        )
        reply = await send(here.port, data + body)
        assert reply
        assert reply.status == 200
        assert here.book.kept[0][0].request.body == body


_ENTITIES = (
    b'<!DOCTYPE feed [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/hostname">]>'
    b"<feed><entry><title>&b;&c;</title></entry></feed>"
)


def test_entities_of_a_feed_are_not_followed() -> None:
    """B8: WebSub alone has XML sent, and of that only a title is looked for, by no reader of XML."""
    feed = Request("POST", "https://shop.example/in/x", Headers.of({"Content-Type": "application/atom+xml"}), _ENTITIES)
    request = WEBSUB.recipe.sign(feed, SECRET, now(), "", {})
    assert request

    verdict = WEBSUB.judge(request, Secrets((SECRET,)), now())

    assert isinstance(verdict, Accepted)
    assert isinstance(verdict.event.happening, Notice)
    assert verdict.event.happening.title == "&b;&c;"
