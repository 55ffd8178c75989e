"""What a feed tells, what its hub may ask, and how it signs."""

import pytest
from msgspec.structs import replace

from shopwatch.domain.messages.delivery import Headers
from shopwatch.domain.messages.verdict import Reason, Rejected, Verdict
from tests.providers.cases import BY_ID, judge, judged, practice
from tests.providers.senders.said import asked, challenged, notice

WEBSUB = BY_ID["websub"]


def test_a_hub_is_answered_for_what_was_asked_for() -> None:
    def hub(mode: str, topic: str = "https%3A%2F%2Fa.example%2Ff", **options: str) -> Verdict:
        query = f"hub.mode={mode}&hub.topic={topic}&hub.challenge=c0ffee&hub.lease_seconds=864000"
        return asked(WEBSUB, query, topic="https://a.example/f", **options)

    assert challenged(hub("subscribe")).body == b"c0ffee"
    assert challenged(hub("unsubscribe", pending="unsubscribe")).body == b"c0ffee"
    for other in (hub("unsubscribe"), hub("subscribe", pending="unsubscribe"), hub("subscribe", "x"), hub("", "")):
        assert other == Rejected(Reason.NOT_ASKED_FOR)
    assert hub("denied") == Rejected(Reason.PING)
    assert asked(WEBSUB, "hub.mode=subscribe&hub.topic=&hub.challenge=1") == Rejected(Reason.NOT_ASKED_FOR)


@pytest.mark.parametrize(
    ("body", "title"),
    [
        (b"<feed><title>Blog</title><entry><title>New kettle</title></entry></feed>", "New kettle"),
        (b"<rss><item xml:lang='de'>\n<title type='html'>A &amp; B</title></item></rss>", "A & B"),
        (b"<item><title><![CDATA[Tea <b>now</b>]]></title></item>", "Tea <b>now</b>"),
        (b'{"items":[{"title":"In JSON"}]}', "In JSON"),
        (b"<feed><title>Blog</title></feed>", "Something new in your feed"),
        (b'{"items":', "Something new in your feed"),
        (b"\xff\xfe", "Something new in your feed"),
        (b"", "Something new in your feed"),
    ],
)
def test_the_newest_entry_of_a_feed_is_told(body: bytes, title: str) -> None:
    assert notice(judged(WEBSUB, body)).title == title


def test_a_feed_that_bends_its_title_costs_no_time() -> None:
    for piece in (b"<title ", b"<title><![CDATA[", b"<entry>", b"<title>" + b"x" * 1999):
        body = b"<entry>" + piece * (1_000_000 // len(piece))
        assert notice(judged(WEBSUB, body)).title == "Something new in your feed"


def test_a_feed_is_signed_in_one_way_at_a_time() -> None:
    made = practice(WEBSUB)
    right = made.headers.only("X-Hub-Signature") or ""
    lines = [line for line in made.headers.lines if line[0] != b"X-Hub-Signature"]
    for value in (f"{right},{right}", right.replace("sha256", "md5"), right.replace("sha256", "sha1"), right[7:]):
        request = replace(made, headers=Headers((*lines, (b"X-Hub-Signature", value.encode()))))
        assert isinstance(judge(WEBSUB, request), Rejected)
