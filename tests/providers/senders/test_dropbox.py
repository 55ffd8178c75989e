"""What Dropbox tells of files, and how its question is answered."""

from shopwatch.domain.instant import MINUTE
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.messages.happening import FileChange
from shopwatch.domain.messages.verdict import Challenge
from tests.providers.cases import BY_ID, KEYS, NOW, URL
from tests.providers.senders.said import sent, told

DROPBOX = BY_ID["dropbox"]


def test_dropbox_tells_whose_files_changed_every_time() -> None:
    body = {"list_folder": {"accounts": ["dbid:A", "dbid:B", "dbid:A", None]}, "delta": {"users": [1, 2]}}

    first, repeated, later = told(DROPBOX, body), told(DROPBOX, body), told(DROPBOX, body, NOW + MINUTE)

    assert first.kind is Kind.FILES
    assert first.happening == FileChange(("dbid:A", "dbid:B"))
    assert first.needs_fetch
    assert first.id == repeated.id != later.id
    assert told(DROPBOX, {"delta": {"users": [1, 2]}}).happening == FileChange(("1", "2"))
    assert told(DROPBOX, {"list_folder": {}}).kind is Kind.OTHER


def test_dropbox_challenges_need_no_secret() -> None:
    verdict = DROPBOX.judge(sent("GET", f"{URL}?challenge=abc%3C"), KEYS, NOW)

    assert isinstance(verdict, Challenge)
    assert (verdict.answer.body, verdict.answer.content_type) == (b"abc<", "text/plain")
