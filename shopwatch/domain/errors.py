"""What can go wrong in words the owner can act on."""

from typing import ClassVar

from shopwatch.domain.i18n import Phrase, phrase


class UserError(Exception):
    """A failure that the owner can do something about.

    `title` is one plain sentence, `hint` what to do next, in one sentence or more; both are shown as they are, so that
    neither ever holds a secret. What another side said of it are its `words`, in place of a hint. `said` are the
    sentences as they can be kept (`report.reported`); whatever may be kept is given as a `Phrase`. `code` names the
    cause for scripts and tests, in lower case with hyphens; a command that it stops ends with `exit_code`.
    """

    exit_code: ClassVar[int] = 2

    def __init__(self, title: str | Phrase, *hint: str | Phrase, code: str = "", words: str = "") -> None:
        super().__init__(str(title))
        self.said = tuple(each if isinstance(each, Phrase) else Phrase(each) for each in (title, *hint) if each)
        self.title = str(title)
        self.hint = str(phrase("It said: {words}", words=words)) if words else " ".join(map(str, filter(None, hint)))
        self.words = words
        self.code = code

    def __str__(self) -> str:
        return f"{self.title} {self.hint}".strip()


class Outage(UserError):
    """Something that must work is not there now (password store locked, disk full): senders are asked to try again."""

    exit_code: ClassVar[int] = 3
