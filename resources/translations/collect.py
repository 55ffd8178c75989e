"""Collects every sentence of ShopWatch into a catalogue of gettext.

`python resources/translations/collect.py de` writes de/LC_MESSAGES/shopwatch.po beside this file, keeping what is
translated there, and shopwatch.mo, which ShopWatch finds by itself. Translate the former with any editor of such files,
then run it again.
"""

import ast
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

FOLDER = Path(__file__).parent
PACKAGE = FOLDER.parents[1] / "shopwatch"

type Sentence = str | tuple[str, str]
"""English; of one that depends on a number, the singular and the plural."""


@cache
def sentences(package: Path = PACKAGE) -> tuple[Sentence, ...]:
    """Every sentence, those that depend on a number last."""
    files = (ast.parse(file.read_text("utf-8")) for file in sorted(package.rglob("*.py")))
    found = {each for file in files for each in _in_file(file)}
    return tuple(sorted(found, key=lambda each: (isinstance(each, tuple), each)))


_DECLARED = {
    "SetupWords": ("does", "secret_found", "away", "needs", "sure"),
    "Option": ("", "label", "hint", "required", "choices", "named"),
    "KeyWords": ("found",),
    "endpoints": ("secret_found",),
    "Account": ("", "label"),
}
"""Declarations, and which of their fields an owner reads in his own language; the first are given by place."""

_OTHER_FIELDS = frozenset({"", "required", "choices"})


def _in_file(tree: ast.Module) -> Iterator[Sentence]:
    constants = dict(_constants(tree))
    for call in ast.walk(tree):
        match call:
            case ast.Call(func=ast.Name(id="say" | "phrase"), args=[ast.Constant(value=str(text)), *_]):
                yield text
            case ast.Call(
                func=ast.Name(id="say_n" | "phrase_n"),
                args=[ast.Constant(value=str(one)), ast.Constant(value=str(many)), *_],
            ):
                yield one, many
            case ast.Call(func=ast.Name(id=name)) if name in _DECLARED:
                yield from _declared(call, _DECLARED[name], constants)


def _constants(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """The module's own texts, by name."""
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=str(text))):
                yield name, text


def _declared(call: ast.Call, fields: tuple[str, ...], constants: dict[str, str]) -> Iterator[str]:
    given = [*zip(fields, call.args, strict=False), *((word.arg or "", word.value) for word in call.keywords)]
    for field, value in given:
        if field in fields and field not in _OTHER_FIELDS:
            for each in value.elts if isinstance(value, ast.Tuple) else [value]:
                match each:
                    case ast.Constant(value=str(text)) if text:
                        yield text
                    case ast.Name(id=name) if name in constants:
                        yield constants[name]


def write(language: str, folder: Path = FOLDER) -> int:
    """Write the catalogue of `language` below `folder`, with the translations it held; how many sentences there are."""
    file = folder / language / "LC_MESSAGES" / "shopwatch.po"
    file.parent.mkdir(parents=True, exist_ok=True)
    catalogue = Catalog(language, header_comment="# Every sentence of ShopWatch.", fuzzy=False)
    held = Catalog(language)
    if file.exists():
        with file.open("rb") as written:
            held = read_po(written, language)
    found = sentences()
    for sentence in found:
        known = held.get(sentence[0] if isinstance(sentence, tuple) else sentence)
        fits = known is not None and known.pluralizable == isinstance(sentence, tuple)
        catalogue.add(sentence, known.string if known is not None and fits else None)
    with file.open("wb") as written:
        write_po(written, catalogue, width=120)
    with file.with_suffix(".mo").open("wb") as compiled:
        write_mo(compiled, catalogue)
    return len(found)


if __name__ == "__main__":
    print(write(sys.argv[1]), "sentences")  # noqa: T201
