"""Made-up sales of a flower shop, for practice: the same seed always makes the same order."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

from shopwatch.domain.instant import Instant

_SHELF = (
    ("Spring bouquet", 5450),
    ("Peony bunch", 3400),
    ("Tulip bundle", 1400),
    ("Single roses", 400),
    ("Orchid, white", 6400),
    ("Fern in clay pot", 2900),
    ("Dried wreath", 4600),
    ("Gift card", 5000),
    ("Sympathy spray", 12000),
    ("Eucalyptus garland", 4800),
    ("Gift wrap", 600),
)
_POPULARITY = (64, 58, 51, 47, 22, 19, 17, 12, 9, 8, 6)
_FIRST = "Maya Tom Ana Jules Priya Ben Leila Noah Camille Grace Owen Sofia Daniel Hannah Ivan Ruth Carl Mia Emma Luis"
_LAST = "Lindqvist Okafor Ruiz Martin Shah Carter Haddad Fischer Laurent Kim Price Rossi Weiss Moore Petrov Jensen"
_FIRST_SERIAL = 4 * 10**17
_SERIALS = 2_000  # of one order
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


@dataclass(frozen=True, slots=True)
class Line:
    name: str
    qty: int
    unit_minor: int

    @property
    def minor(self) -> int:
        return self.qty * self.unit_minor


@dataclass(frozen=True, slots=True)
class Sample:
    """One order. Amounts are hundredths of whatever currency the provider's drafts use."""

    seed: int
    first: str
    last: str
    lines: tuple[Line, ...]

    @classmethod
    def of(cls, seed: int) -> Self:
        import random  # noqa: PLC0415 - slow to load, and only practice draws lots

        chance = random.Random(seed)  # noqa: S311 - a shop window, nothing that must not be guessed
        shelf = chance.choices(range(len(_SHELF)), _POPULARITY, k=chance.choices((1, 2, 3), (6, 3, 1))[0])
        lines = tuple(
            Line(name, chance.choices((1, 2, 3, 6), (70, 18, 8, 4))[0], minor)
            for name, minor in (_SHELF[index] for index in dict.fromkeys(shelf))
        )
        return cls(seed, chance.choice(_FIRST.split()), chance.choice(_LAST.split()), lines)

    @property
    def name(self) -> str:
        return f"{self.first} {self.last}"

    @property
    def email(self) -> str:
        return f"{self.first}.{self.last}@example.com".lower()

    @property
    def total_minor(self) -> int:
        return sum(line.minor for line in self.lines)

    @property
    def given_back_minor(self) -> int:
        """What a refund of this order gives back: one piece of its first line."""
        return self.lines[0].unit_minor

    def digits(self, purpose: str, length: int) -> str:
        """A made-up number of `length` digits, at most 30, that is this order's own."""
        span = 9 * 10 ** (length - 1)
        return str(10 ** (length - 1) + self._draw(purpose) % span)

    def serial(self, purpose: str) -> str:
        """A made-up number of 18 digits that is the greater, the greater the seed: so ids are where a sender counts."""
        return str(_FIRST_SERIAL + self.seed % 2**48 * _SERIALS + self._draw(purpose) % _SERIALS)

    def letters(self, purpose: str, length: int) -> str:
        """The same in letters and digits."""
        number, written = self._draw(purpose), []
        for _ in range(length):
            number, index = divmod(number, len(_LETTERS))
            written.append(_LETTERS[index])
        return "".join(written)

    def uuid(self, purpose: str) -> str:
        """The same as a UUID of version 4."""
        drawn = f"{self._draw(purpose) % 16**32:032x}"
        return f"{drawn[:8]}-{drawn[8:12]}-4{drawn[13:16]}-a{drawn[17:20]}-{drawn[20:]}"

    def _draw(self, purpose: str) -> int:
        return int.from_bytes(hashlib.sha256(f"{purpose}:{self.seed}".encode()).digest())


def decimal(minor: int) -> str:
    """Hundredths as senders write them in decimals: "54.50"."""
    return f"{minor // 100}.{minor % 100:02}"


def iso(at: Instant) -> str:
    """A time as most senders write it: "2026-11-25T14:05:00Z"."""
    return datetime.fromtimestamp(at / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
