"""A state as an icon and a word."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PillLook:
    """`kind` is "ok", "warn", "bad", "neutral", "accent" or "practice", the one that is dashed."""

    kind: str
    icon: str
    text: str
