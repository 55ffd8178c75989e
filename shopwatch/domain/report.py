"""How something went, in a form that can be kept and compared: put into words only where it is shown."""

from collections.abc import Iterable

import msgspec
from msgspec import Struct

from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import Phrase

_LONGEST_VALUE = 200
_LONGEST_TEXT = 500


class Report(Struct, frozen=True, omit_defaults=True):
    """`code` is what the program goes by, in lower case with hyphens, and stays the same; `said` are the sentences that
    the owner reads, and `words` the other side's own, which only help whoever runs it.
    """

    code: str = ""
    said: tuple[Phrase, ...] = ()
    words: str = ""

    def __str__(self) -> str:
        return f"{self.sentence.rstrip('.')}: {self.words}" if self.words else self.sentence

    def __bool__(self) -> bool:
        return bool(self.said)

    @property
    def sentence(self) -> str:
        """The owner's part of it."""
        return " ".join(map(str, self.said))


NOTHING = Report()
"""Nothing is told of it."""


def report(code: str, *said: Phrase, words: str = "") -> Report:
    return Report(code, said, words)


def reported(problem: UserError) -> Report:
    """The same as `problem` says."""
    return Report(problem.code, problem.said, problem.words)


def kept(told: Report) -> str:
    """`told` as a text of at most some thousand characters, which `read` reads back; empty if nothing was told."""
    if not told:
        return ""
    said = tuple(msgspec.structs.replace(each, values=_shortened(each.values)) for each in told.said)
    return msgspec.json.encode(Report(told.code, said, _clean(told.words)[:_LONGEST_TEXT])).decode()


def _shortened(values: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple((name, _clean(value)[:_LONGEST_VALUE]) for name, value in values)


def _clean(text: str) -> str:
    return text.encode("utf-8", "replace").decode().replace("\0", "")


def read(text: str) -> Report:
    """What was kept; a text that says nothing but itself is one sentence."""
    if not text.startswith("{"):
        return Report(said=(Phrase(text),)) if text else NOTHING
    try:
        return msgspec.json.decode(text, type=Report)
    except msgspec.DecodeError:
        return Report(said=(Phrase(text),))
