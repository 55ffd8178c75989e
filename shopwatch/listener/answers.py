"""The fixed lines ShopWatch answers with, and how an answer is written. Nothing of the sender's is ever repeated."""

from http import HTTPStatus

from shopwatch.domain.messages.verdict import Answer, Reason, Rejected

BUSY_SECONDS = 5
FLOOD_SECONDS = 60

MALFORMED = Answer(400, b"bad request\n")
FORBIDDEN = Answer(403, b"not allowed\n")
NOT_FOUND = Answer(404, b"not found\n")
WRONG_METHOD = Answer(405, b"method not allowed\n", headers=(("Allow", "POST"),))
READ_ONLY = Answer(405, b"method not allowed\n", headers=(("Allow", "GET, HEAD"),))
TOO_SLOW = Answer(408, b"too slow\n")
TOO_LARGE = Answer(413, b"too large\n")
WRONG_TYPE = Answer(415, b"unsupported media type\n")
UNEXPECTED = Answer(417, b"expectation failed\n")
HEADERS_TOO_LARGE = Answer(431, b"headers too large\n")
FLOOD = Answer(429, b"too many requests\n", headers=(("Retry-After", str(FLOOD_SECONDS)),))
BUSY = Answer(503, b"try again later\n", headers=(("Retry-After", str(BUSY_SECONDS)),))

_OK = Answer()
_PHRASES = {status.value: status.phrase for status in HTTPStatus}


def to_rejected(reason: str) -> Answer:
    """What the sender of a rejected delivery gets."""
    return Rejected(Reason(reason)).answer


def written(answer: Answer, *, close: bool = False, bodiless: bool = False) -> bytes:
    """The answer's bytes on the wire. `close` announces the end of the connection, `bodiless` is for HEAD.

    A header that would break out of its line is left out.
    """
    if answer == _OK and not close and not bodiless:
        return _OK_WRITTEN  # nearly every answer
    return _write(answer, close=close, bodiless=bodiless)


def _write(answer: Answer, *, close: bool, bodiless: bool) -> bytes:
    lines = [
        f"HTTP/1.1 {answer.status} {_PHRASES.get(answer.status, '')}",
        "X-Content-Type-Options: nosniff",
        *(f"{name}: {value}" for name, value in answer.headers),
    ]
    if answer.status != HTTPStatus.NOT_MODIFIED:  # else they would speak of what the client has
        lines += [f"Content-Type: {answer.content_type}", f"Content-Length: {len(answer.body)}"]
    if close:
        lines.append("Connection: close")
    safe = [line for line in lines if "\r" not in line and "\n" not in line]
    head = "\r\n".join([*safe, "", ""]).encode("latin-1", "replace")
    return head if bodiless else head + answer.body


_OK_WRITTEN = _write(_OK, close=False, bodiless=False)
