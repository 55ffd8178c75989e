"""A letter while it is written, in all its languages."""

import secrets
from collections.abc import Sequence
from dataclasses import replace

from babel import Locale

from shopwatch.domain.facts import SaleRow
from shopwatch.domain.i18n import say
from shopwatch.domain.legible import legible
from shopwatch.domain.rules.letter import THANKS, Letter
from shopwatch.presenting.amounts import amount_text

OFFERED = tuple("de fr es it nl pt pl cs sv da nb fi el tr ja zh ko ar he en".split())
"""Languages that a letter can be added in."""


class LetterDraft:
    """The letter of this id, or a new one like the first; `letter` is it in the language that is chosen."""

    def __init__(self, letters: Sequence[Letter], letter_id: str) -> None:
        found = [each for each in letters if each.id == letter_id]
        if not letter_id:
            found = [replace(THANKS, id=secrets.token_hex(4), name=say("New letter"))]
        self.letters = found or [replace(THANKS, id=letter_id)]
        self._at = 0

    @property
    def letter(self) -> Letter:
        return self.letters[self._at]

    def choose(self, language: str) -> None:
        """Go to this language, beginning with a copy where there is no letter in it yet."""
        known = [letter.language for letter in self.letters]
        if language not in known:
            self.letters.append(replace(self.letter, language=language))
            known.append(language)
        self._at = known.index(language)

    def write(self, name: str, subject: str, text: str, html: str) -> None:
        """Take what was written. The name is that of all languages; an empty one is not taken."""
        self.letters[self._at] = replace(self.letter, subject=subject, text=text, html=html)
        self.letters = [replace(each, name=name.strip() or each.name) for each in self.letters]

    def languages(self, locale: str) -> list[tuple[str, str]]:
        """Each language there is, and each that can be added, as words and as a tag."""
        known = [letter.language for letter in self.letters]
        own = [(self._name(code, locale), code) for code in known]
        others = [
            (say("Add {language}", language=self._name(code, locale)), code) for code in OFFERED if code not in known
        ]
        return own + others

    def _name(self, code: str, locale: str) -> str:
        if not code:
            return say("All languages") if len(self.letters) == 1 else say("All other languages")
        base, _, region = code.replace("-", "_").partition("_")
        name = Locale.parse(locale).languages.get(base, code)
        return f"{name} ({region})" if region else name


def sale_text(row: SaleRow, locale: str) -> str:
    parts = (legible(row.sale.number, 24), legible(row.sale.name, 24), amount_text(row.sale, locale))
    return ", ".join(part for part in parts if part)
