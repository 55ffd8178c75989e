"""What events tell that is no money: contacts, text messages, file changes, check-ins and other notices."""

from msgspec import Struct
from msgspec.structs import replace

from shopwatch.domain.i18n import Phrase
from shopwatch.domain.instant import Instant


class Answered(Struct, frozen=True):
    """One field of a form; `label` as the sender named it."""

    label: str
    value: str


class Contact(Struct, frozen=True, tag=True):
    """Somebody left their details, changed them or withdrew them; `form` says where, `did` what, both as sent."""

    contact_id: str
    name: str = ""
    email: str = ""
    phone: str = ""
    company: str = ""
    form: str = ""
    did: str = ""
    fields: tuple[Answered, ...] = ()


class Media(Struct, frozen=True):
    """Where a picture or another part of a message is; it is shown as an address, never loaded."""

    url: str
    content_type: str = ""


class TextMessage(Struct, frozen=True, tag=True):
    """A text that a customer sent; `phone` is theirs, `to` the shop's, `place` where the number is from."""

    message_id: str
    phone: str
    to: str = ""
    text: str = ""
    name: str = ""
    place: str = ""
    media: tuple[Media, ...] = ()


class ChangedFile(Struct, frozen=True):
    """`size` is in bytes; None where it is not told, or the file is gone."""

    path: str
    size: int | None = None
    changed_at: Instant | None = None
    removed: bool = False


class FileChange(Struct, frozen=True, tag=True):
    """Files of these accounts changed; which ones is told only where the provider was asked."""

    accounts: tuple[str, ...]
    files: tuple[ChangedFile, ...] = ()


class CheckIn(Struct, frozen=True, tag=True):
    """Somebody arrived at `place`; `remark` are their own words."""

    check_in_id: str
    place: str
    name: str = ""
    email: str = ""
    phone: str = ""
    remark: str = ""


class Notice(Struct, frozen=True, tag=True):
    """Anything else worth a line: `title` in a few words, `text` as far as there is more to say; each the sender's own
    words, or a phrase of ours."""

    title: str | Phrase
    text: str | Phrase = ""
    name: str = ""
    email: str = ""
    phone: str = ""


def said(happening: "Happening") -> "Happening":
    """The same with each phrase put into words."""
    if isinstance(happening, Notice):
        return replace(happening, title=str(happening.title), text=str(happening.text))
    return happening


type Happening = Contact | TextMessage | FileChange | CheckIn | Notice
