"""Pop-ups as whoever shows them gets them."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from shopwatch.domain.errors import UserError


class Topic(StrEnum):
    """What a pop-up is about."""

    SALE = "sale"
    PERSON = "person"
    MESSAGE = "message"
    SOURCE = "source"


@dataclass(frozen=True, slots=True)
class Destination:
    """What "Open" leads to: the sale, person or message of this id, or with None the list of them."""

    topic: Topic = Topic.SALE
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Service:
    """What is known of the desktop's notification service; `problem` says why there is none that works."""

    name: str = ""
    buttons: bool = False
    markup: bool = False
    problem: UserError | None = None


@dataclass(frozen=True, slots=True)
class Button:
    label: str
    pressed: Callable[[], None]


@dataclass(frozen=True, slots=True)
class DesktopNotification:
    """A pop-up as the desktop gets it, in plain text, standing for `count` sales or other happenings.

    `stays` is in seconds, 0 for until it is closed; `ends` are the keys of pop-ups it takes the place of.
    """

    key: str
    title: str
    text: str
    stays: int
    clicked: Callable[[], None]
    buttons: tuple[Button, ...] = ()
    ends: tuple[str, ...] = ()
    count: int = 1


class NotificationService(Protocol):
    """The desktop's notification service."""

    async def show(self, notice: DesktopNotification) -> None:
        """Put it on the screen, in place of an earlier one of the same key. Raises `UserError` if it cannot."""

    async def check(self) -> Service:
        """Ask the service who it is; never raises."""
