"""Which pop-ups contacts, texts, file changes, check-ins and notices become."""

from collections.abc import Callable, Sequence
from enum import StrEnum
from pathlib import PurePosixPath

from shopwatch.actions.ring.coalescing import (
    MANY_STAY,
    TEXT,
    TITLE,
    Coalescer,
    Decision,
    NotificationPreferences,
    PopUp,
    Realm,
    grouped,
    joined,
    stream_name,
)
from shopwatch.actions.ring.popup_text import lately, marked
from shopwatch.domain.facts import HappeningRow, NotificationsDue
from shopwatch.domain.i18n import say, say_n
from shopwatch.domain.legible import legible, shorten
from shopwatch.domain.messages.happening import CheckIn, Contact, FileChange, Happening, Notice, TextMessage
from shopwatch.domain.rules.popup import Destination, Topic

_NOT_COME = "no_show"
"""Of an appointment, whether noted or taken back."""
_GONE = ("unsubscri", "delet", "cancel", "clean", "remov")
_CHANGED = ("chang", "updat", "profile", "upemail", "merge", "restor", "associat")


class Sort(StrEnum):
    """What is told in pop-ups of its own."""

    NEW_CONTACT = "new-contact"
    CONTACT_LEFT = "contact-left"
    CONTACT_CHANGED = "contact-changed"
    TEXT = "text"
    FILES = "files"
    CHECK_IN = "check-in"
    NOTICE = "notice"


def sort_of(happening: Happening) -> Sort:
    match happening:
        case Contact(did=did):
            said = did.casefold()
            if _NOT_COME in said:
                return Sort.CONTACT_CHANGED
            if any(word in said for word in _GONE):
                return Sort.CONTACT_LEFT
            return Sort.CONTACT_CHANGED if any(word in said for word in _CHANGED) else Sort.NEW_CONTACT
        case TextMessage():
            return Sort.TEXT
        case FileChange():
            return Sort.FILES
        case CheckIn():
            return Sort.CHECK_IN
        case Notice():
            return Sort.NOTICE


class HappeningPopUps:
    """Decides for what is no sale. `name_of` gives the owner's word for a source by its id; see `Stream`."""

    def __init__(self, name_of: Callable[[str], str]) -> None:
        self._name_of = name_of
        self._streams: dict[str, Coalescer[HappeningRow]] = {}

    def add(self, batch: NotificationsDue, now: float, preferences: NotificationPreferences) -> Decision:
        """What these happenings, told together, lead to."""
        return self._join_decisions(
            [
                self._coalescer_for(sort, realm, batch).add(rows, now, preferences)
                for (sort, realm), rows in grouped(batch.happenings, _sort_and_realm).items()
            ]
        )

    def settle(self, now: float, preferences: NotificationPreferences) -> Decision:
        """What has become due since."""
        return self._join_decisions([stream.settle(now, preferences) for stream in self._streams.values()])

    def _coalescer_for(self, sort: Sort, realm: Realm, batch: NotificationsDue) -> Coalescer[HappeningRow]:
        name = stream_name(f"{sort}-{realm}", batch)
        if name not in self._streams:
            wording = _Wording(sort, realm, self._name_of)
            self._streams[name] = Coalescer(name, wording, stays=batch.stays, missed=batch.missed)
        return self._streams[name]

    def _join_decisions(self, decisions: Sequence[Decision]) -> Decision:
        return joined(decisions, [stream.due for stream in self._streams.values()])


def _sort_and_realm(row: HappeningRow) -> tuple[Sort, Realm]:
    return sort_of(row.happening), Realm.of(practice=row.practice, live=row.live)


class _Wording:
    def __init__(self, sort: Sort, realm: Realm, name_of: Callable[[str], str]) -> None:
        self._sort = sort
        self._realm = realm
        self._name_of = name_of

    def one(self, row: HappeningRow, preferences: NotificationPreferences) -> PopUp:
        sender = self._name_of(row.source_id)
        if preferences.hide_details:
            title, text = _plain_text(self._sort), ""
        else:
            title, text = _popup_title(self._sort, row.happening, sender), _popup_text(row.happening)
        return PopUp(
            key=f"event-{row.id}",
            title=shorten(marked(title, self._realm), TITLE),
            text=shorten(text or say("From {provider}", provider=sender), TEXT),
            realm=self._realm,
            opens=_click_target(row),
        )

    def sum(self) -> "_Sum":
        return _Sum(self._sort, self._realm, self._name_of)


class _Sum:
    def __init__(self, sort: Sort, realm: Realm, name_of: Callable[[str], str]) -> None:
        self._sort = sort
        self._realm = realm
        self._name_of = name_of
        self._sources: dict[str, None] = {}
        self._target = Topic.MESSAGE

    def add(self, row: HappeningRow) -> None:
        self._sources[row.source_id] = None
        if row.person is not None:
            self._target = Topic.PERSON

    def popup(self, key: str, count: int, minutes: int, preferences: NotificationPreferences) -> PopUp:
        return PopUp(
            key=key,
            title=shorten(marked(_counted_title(self._sort, count), self._realm), TITLE),
            text=shorten(lately(self._sources, self._name_of, minutes, preferences), TEXT),
            realm=self._realm,
            opens=Destination(self._target),
            count=count,
            stays=MANY_STAY,
        )


def _click_target(row: HappeningRow) -> Destination:
    if row.silent:
        return Destination(Topic.SOURCE)
    return Destination(Topic.MESSAGE, row.id) if row.person is None else Destination(Topic.PERSON, row.person)


def _plain_text(sort: Sort) -> str:
    """What may be said where names are hidden."""
    match sort:
        case Sort.NEW_CONTACT:
            return say("A contact came in")
        case Sort.CONTACT_LEFT:
            return say("A contact has left")
        case Sort.CONTACT_CHANGED:
            return say("A contact has changed")
        case Sort.TEXT:
            return say("A text came in")
        case Sort.FILES:
            return say("Files have changed")
        case Sort.CHECK_IN:
            return say("Somebody checked in")
        case Sort.NOTICE:
            return say("A notice came in")


def _counted_title(sort: Sort, count: int) -> str:
    match sort:
        case Sort.NEW_CONTACT:
            return say_n("{n} new contact", "{n} new contacts", count)
        case Sort.CONTACT_LEFT:
            return say_n("{n} contact has left", "{n} contacts have left", count)
        case Sort.CONTACT_CHANGED:
            return say_n("{n} contact has changed", "{n} contacts have changed", count)
        case Sort.TEXT:
            return say_n("{n} text", "{n} texts", count)
        case Sort.FILES:
            return say_n("{n} change of files", "{n} changes of files", count)
        case Sort.CHECK_IN:
            return say_n("{n} check-in", "{n} check-ins", count)
        case Sort.NOTICE:
            return say_n("{n} notice", "{n} notices", count)


def _popup_title(sort: Sort, happening: Happening, sender: str) -> str:
    match happening:
        case Contact():
            who = legible(happening.name or happening.email or happening.phone, TITLE)
            return _with_name(sort, sender, who)
        case TextMessage():
            who = legible(happening.name or happening.phone, TITLE - 10)
            return say("Text from {who}", who=who) if who else say("A text came in")
        case FileChange(files=()):
            return say("{sender}: files have changed", sender=sender)
        case FileChange(files=files):
            return say_n("{sender}: {n} file changed", "{sender}: {n} files changed", len(files), sender=sender)
        case CheckIn():
            # Half of the title for each, so that a long name does not push the place out of it.
            who, place = legible(happening.name, TITLE // 2 - 6), legible(happening.place, TITLE // 2 - 6)
            if not who:
                return say("Somebody arrived at {place}", place=place)
            return say("{who} arrived at {place}", who=who, place=place)
        case Notice():
            return legible(str(happening.title), TITLE) or say("A notice from {sender}", sender=sender)


def _with_name(sort: Sort, sender: str, who: str) -> str:
    match sort:
        case Sort.CONTACT_LEFT if who:
            return say("Contact left {sender}: {who}", sender=sender, who=who)
        case Sort.CONTACT_LEFT:
            return say("Contact left {sender}", sender=sender)
        case Sort.CONTACT_CHANGED if who:
            return say("Contact changed in {sender}: {who}", sender=sender, who=who)
        case Sort.CONTACT_CHANGED:
            return say("Contact changed in {sender}", sender=sender)
        case _ if who:
            return say("New contact from {sender}: {who}", sender=sender, who=who)
        case _:
            return say("New contact from {sender}", sender=sender)


def _popup_text(happening: Happening) -> str:
    match happening:
        case Contact():
            lines = (legible(happening.email or happening.phone, TEXT // 2), legible(happening.form, TEXT // 2 - 1))
            return "\n".join(line for line in lines if line)
        case TextMessage(text=text, media=media):
            pictures = say_n("{n} picture", "{n} pictures", len(media)) if media else ""
            quoted = _quote_text(text, TEXT - len(pictures) - 2)
            return ", ".join(part for part in (quoted, pictures) if part)
        case FileChange(files=files):
            names = ", ".join(legible(PurePosixPath(each.path).name or each.path, TEXT // 2) for each in files[:3])
            return names if len(files) <= 3 else say("{names} and more", names=shorten(names, TEXT - 12))
        case CheckIn():
            return _quote_text(happening.remark, TEXT)
        case Notice():
            return legible(str(happening.text), TEXT)


def _quote_text(text: str, limit: int) -> str:
    words = legible(text, limit - 2)
    return say("“{words}”", words=words) if words else ""
