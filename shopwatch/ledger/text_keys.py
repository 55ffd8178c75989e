"""Text as a database can hold it, find it and sort it."""

import re
import unicodedata
from collections.abc import Iterable

_SURROGATE = re.compile("[\ud800-\udfff]")
_ASCII_WORD = re.compile(r"[a-z0-9]+")
_DIGITS = re.compile(r"[0-9]+")
_EMAIL = re.compile(r"[^\s@<>,;]+@[^\s@<>,;]+")

LONGEST_KEY = 64
"""How many characters of a value decide its place in a sorted list."""
MOST_WORDS = 200
LONGEST_WORD = 64
LONGEST_EMAIL = 320
"""By RFC 3696 (erratum 1690): 64 characters before the sign, 255 behind it."""


def storable(text: str) -> str:
    """`text` with what no database holds made visible: half characters become U+FFFD, NUL becomes U+2400."""
    if text.isascii() and "\0" not in text:
        return text
    return _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text).replace("\0", "\N{SYMBOL FOR NULL}")


def words(texts: Iterable[str]) -> list[str]:
    """The words by which `texts` are found: lower case, without accents or punctuation, each once, in order."""
    whole = " ".join(texts)
    found = _ASCII_WORD.findall(whole.lower()) if whole.isascii() else _unicode_words(whole)
    return [word[:LONGEST_WORD] for word in dict.fromkeys(found)][:MOST_WORDS]


def _unicode_words(text: str) -> list[str]:
    plain = "".join(
        char if unicodedata.category(char)[0] in "LMN" else " "
        for char in unicodedata.normalize("NFKD", text.casefold())
        if unicodedata.category(char) != "Mn"
    )
    return plain.split()


def name_key(text: str) -> str:
    """What a name is sorted by: without regard to case."""
    return text[:LONGEST_KEY].casefold()


def number_key(text: str) -> str:
    """What an order number is sorted by: runs of digits by their value, so that #999 comes before #1001."""
    return _DIGITS.sub(_by_length, text[:LONGEST_KEY].casefold())


def _by_length(run: re.Match[str]) -> str:
    digits = run[0].lstrip("0")
    return chr(ord("0") + len(digits)) + digits


def email_key(text: str) -> str:
    """What two spellings of one e-mail address have in common; empty where `text` is none."""
    key = storable(text.strip().casefold())
    return key if len(key) <= LONGEST_EMAIL and _EMAIL.fullmatch(key) else ""
