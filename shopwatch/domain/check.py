"""What one look at this machine has shown."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Check:
    """`name` is for scripts and stays the same; `sentence` says what was found, `hint` what to do if it is not `ok`."""

    name: str
    ok: bool
    sentence: str
    hint: str = ""
