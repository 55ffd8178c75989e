"""What a body holds, by the way its sender writes it: JSON, or the fields of a form."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl

from shopwatch.domain.i18n import phrase
from shopwatch.domain.messages.delivery import Request
from shopwatch.providers.kit.reading import LONGEST_ANSWER, Unreadable, as_object, parse, parse_any

MOST_FIELDS = 1_000


def json_object(request: Request) -> dict[str, Any]:
    """The JSON object in the body. Raises `Unreadable`; see `parse`."""
    return parse(request.body)


# A form that is signed by its fields is asked for them twice: by the check, and by whoever reads it.
@lru_cache(maxsize=2)
def form_fields(body: bytes) -> tuple[tuple[str, str], ...]:
    """The decoded names and values of a form, in their order, blank ones too. Raises `Unreadable`."""
    try:
        return tuple(
            parse_qsl(
                body.decode(),
                keep_blank_values=True,
                strict_parsing=bool(body),
                errors="strict",
                max_num_fields=MOST_FIELDS,
            )
        )
    except ValueError:
        raise Unreadable(phrase("The message is genuine, but it is not a form that ShopWatch can read.")) from None


def form(request: Request) -> dict[str, Any]:
    """A form as an object of texts. Raises `Unreadable`, also where a name comes twice, for then it says two things."""
    return _fields(request.body)


def sorted_fields(body: bytes) -> bytes:
    """A form as Twilio and Mandrill sign it: in the order of the names, each decoded name with each of its different
    values, and nothing between. Raises `Unreadable`."""
    return "".join(name + value for name, value in sorted(set(form_fields(body)))).encode()


def query(request: Request) -> dict[str, Any]:
    """What stands behind the question mark of the address, as if it were a form. Raises `Unreadable`."""
    return _fields(request.url.partition("?")[2].encode("utf-8", "surrogatepass"))


def asked(request: Request) -> dict[str, str]:
    """The same for a handshake: nothing where it cannot be read, and none that is too long to be given back."""
    try:
        return {name: value for name, value in query(request).items() if len(value) <= LONGEST_ANSWER}
    except Unreadable:
        return {}


def json_or_list(name: str, body: bytes) -> dict[str, Any]:
    """The JSON object in `body`, or the list there as the member `name` of one. Raises `Unreadable`."""
    found = parse_any(body)
    return {name: found} if isinstance(found, list) else as_object(found)


def _fields(written: bytes) -> dict[str, Any]:
    pairs = form_fields(written)
    found: dict[str, Any] = dict(pairs)
    if len(found) != len(pairs):
        raise Unreadable(phrase("The message is genuine, but it says one thing in two ways, so it was not counted."))
    return found


def json_in_form(field: str) -> Callable[[Request], dict[str, Any]]:
    """For forms that hold a JSON object in one field, read like any JSON."""

    def read(request: Request) -> dict[str, Any]:
        return parse(str(form(request).get(field, "")).encode("utf-8", "surrogatepass"))

    return read


def is_form(request: Request) -> bool:
    """Whether the sender says that the body is a form."""
    said = request.headers.only("Content-Type") or ""
    return said.partition(";")[0].strip().lower() == "application/x-www-form-urlencoded"


def json_or_form(request: Request) -> dict[str, Any]:
    """Whichever of the two the sender says it is. Raises `Unreadable`."""
    return form(request) if is_form(request) else json_object(request)
