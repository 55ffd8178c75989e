"""What can go wrong in words the owner can act on."""

from typing import ClassVar


class UserError(Exception):
    """A failure that the owner can do something about.

    `title` is one plain sentence, `hint` what to do next; both are shown as they are, so neither ever holds a secret.
    `code` names the cause for scripts and tests, in lower case with hyphens; a command that it stops ends with
    `exit_code`.
    """

    exit_code: ClassVar[int] = 2

    def __init__(self, title: str, hint: str = "", *, code: str = "") -> None:
        super().__init__(title)
        self.title = title
        self.hint = hint
        self.code = code

    def __str__(self) -> str:
        return f"{self.title} {self.hint}".strip()


class Outage(UserError):
    """Something that must work is not there now (password store locked, disk full): senders are asked to try again."""

    exit_code: ClassVar[int] = 3
