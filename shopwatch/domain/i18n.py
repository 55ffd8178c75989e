"""One catalogue for every sentence.

Callers write the English sentence where it is used; a catalogue that was installed at start may answer with another
language, and one writer of numbers serves all sentences. Values are put in afterwards, so that a value from outside is
never looked up or read as a template.
"""

import re
from collections.abc import Callable
from gettext import NullTranslations

from msgspec import Struct

from shopwatch.domain.instant import DAY, HOUR, MINUTE, Instant

_SLOT = re.compile(r"\{(\w+)\}")

type Writer = Callable[[int], str]


def _with_commas(number: int) -> str:
    return f"{number:,}"


_ENGLISH = NullTranslations()

_catalogue = _ENGLISH
_write: Writer = _with_commas


def install(catalogue: NullTranslations | None) -> None:
    """Look sentences up in `catalogue` from now on; None goes back to English."""
    global _catalogue  # noqa: PLW0603 - one language per process, chosen once at start
    _catalogue = catalogue or _ENGLISH


def write_numbers(writer: Writer | None) -> None:
    """Let `writer` put the thousands marks from now on; None goes back to English."""
    global _write  # noqa: PLW0603 - one language per process, chosen once at start
    _write = writer or _with_commas


def number(count: int) -> str:
    """A count in a sentence, with the thousands marks of the owner's language."""
    return _write(count)


def say(sentence: str, /, **values: object) -> str:
    """The sentence in the owner's language, with `{name}` filled from `values`."""
    # The empty sentence is where catalogues of gettext tell of themselves.
    return _fill(_catalogue.gettext(sentence), values) if sentence else ""


def say_n(one: str, many: str, n: int, /, **values: object) -> str:
    """`one` or `many`, by the number `n`, which is also filled in as `{n}`, as `number` writes it."""
    return _fill(_catalogue.ngettext(one, many, n), {"n": number(n), **values})


class Phrase(Struct, frozen=True, omit_defaults=True):
    """A sentence that can be kept: as it stands in the catalogue, with what is filled in. `str` says it, in the
    language of the moment it is shown. Made by `phrase` and `phrase_n`. `values` are names and what stands for them.
    """

    text: str
    values: tuple[tuple[str, str], ...] = ()
    many: str = ""
    n: int = 0

    def __str__(self) -> str:
        values = dict(self.values)
        return say_n(self.text, self.many, self.n, **values) if self.many else say(self.text, **values)

    @property
    def english(self) -> str:
        """As it is in the catalogue's own language."""
        return _fill(self.many if self.many and self.n != 1 else self.text, {"n": str(self.n), **dict(self.values)})


def phrase(sentence: str, /, **values: object) -> Phrase:
    """What `say` says, to be said later."""
    return Phrase(sentence, _pairs(values))


def phrase_n(one: str, many: str, n: int, /, **values: object) -> Phrase:
    """What `say_n` says, to be said later."""
    return Phrase(one, _pairs(values), many, n)


def _pairs(values: dict[str, object]) -> tuple[tuple[str, str], ...]:
    return tuple((name, str(value)) for name, value in values.items())


def _fill(sentence: str, values: dict[str, object]) -> str:
    if not values:
        return sentence
    return _SLOT.sub(lambda slot: str(values.get(slot[1], slot[0])), sentence)


def duration(length: Instant) -> str:
    """ "45 minutes", "4 hours", "3 days"."""
    if length < 2 * HOUR:
        return say_n("{n} minute", "{n} minutes", max(1, length // MINUTE))
    if length < 2 * DAY:
        return say_n("{n} hour", "{n} hours", length // HOUR)
    return say_n("{n} day", "{n} days", length // DAY)
