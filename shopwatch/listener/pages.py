"""What anybody may read at the public address."""

from typing import Protocol

from aiohttp import hdrs
from aiohttp.http import RawRequestMessage

from shopwatch.domain.messages.document import Document
from shopwatch.domain.messages.verdict import Answer
from shopwatch.listener import answers

_METHODS = frozenset({hdrs.METH_GET, hdrs.METH_HEAD})
_NOT_MODIFIED = 304


class Pages(Protocol):
    """Documents that are ready in memory. Asking costs nothing, for strangers ask."""

    def page(self, path: str) -> Document | None:
        """What is to be read at exactly this path; None where nothing is."""


class NoPages:
    """Nothing is to be read here."""

    def page(self, path: str) -> Document | None:
        del path
        return None


def answer(message: RawRequestMessage, document: Document) -> Answer:
    """The same for everybody: nothing that the reader sends changes it, but that what they have already is not sent
    again."""
    if message.method not in _METHODS:
        return answers.READ_ONLY
    headers = (("ETag", document.etag), *document.headers)
    if document.etag in _known(message):
        return Answer(_NOT_MODIFIED, b"", headers=headers)
    return Answer(200, document.body, document.content_type, headers)


def _known(message: RawRequestMessage) -> frozenset[str]:
    said = ",".join(message.headers.getall(hdrs.IF_NONE_MATCH, ()))
    return frozenset(each.strip().removeprefix("W/") for each in said.split(","))
