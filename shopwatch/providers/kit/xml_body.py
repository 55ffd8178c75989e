"""XML as an object: elements, and nothing that could make a small text a large one or lead elsewhere."""

from typing import Any
from xml.parsers import expat

from shopwatch.domain.i18n import phrase
from shopwatch.providers.kit.reading import DEEPEST, MOST_PARTS, Unreadable, find


class _Builder:
    """Elements become texts, or objects of those within; of the same name several are a list."""

    def __init__(self, most: int) -> None:
        self.root: dict[str, Any] = {}
        self._open: list[tuple[str, dict[str, Any], list[str]]] = [("", self.root, [])]
        self._left = most

    def start(self, name: str, _attributes: dict[str, str]) -> None:
        self._left -= 1
        if self._left < 0 or len(self._open) > DEEPEST:
            raise Unreadable(phrase("The message is genuine, but it has too many parts to be read."))
        self._open.append((name.replace("-", "_"), {}, []))

    def end(self, _name: str) -> None:
        name, inner, texts = self._open.pop()
        value: Any = inner or "".join(texts).strip()
        outer = self._open[-1][1]
        if name not in outer:
            outer[name] = value
        elif isinstance(outer[name], list):
            outer[name].append(value)
        else:
            outer[name] = [outer[name], value]

    def text(self, text: str) -> None:
        self._open[-1][2].append(text)


def xml_object(told: bytes, most: int = MOST_PARTS) -> dict[str, Any]:
    """The root element by its name; hyphens in names are underscores. It is read as UTF-8, whatever it says of itself:
    that may be no encoding, or any codec of Python's. Raises `Unreadable`, also for more than `most` elements, and for
    anything that has a document type, in which entities are declared."""
    builder = _Builder(most)
    parser = expat.ParserCreate("UTF-8")
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.text
    parser.StartDoctypeDeclHandler = _refuse
    try:
        parser.Parse(told, True)
    except (expat.ExpatError, ValueError):
        _refuse()
    return builder.root


def listed(value: Any, name: str) -> list[Any]:
    """The elements of this name within one, of which one alone stands there by itself."""
    held = find(value, name)
    return held if isinstance(held, list) else [] if held is None or held == "" else [held]


def elements(value: Any) -> list[Any]:
    """All elements within one, whatever they are called."""
    held = value.values() if isinstance(value, dict) else ()
    return [one for each in held for one in (each if isinstance(each, list) else [each])]


def _refuse(*_: object) -> None:
    raise Unreadable(phrase("The message is genuine, but it is no XML that ShopWatch can read."))
