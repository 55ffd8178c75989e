"""How well something is."""

from enum import StrEnum


class Level(StrEnum):
    """How well something is; each has a shape of its own, because colour never speaks alone."""

    OK = "ok"
    WARN = "warn"
    BAD = "bad"
    OFF = "off"
