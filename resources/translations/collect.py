"""Collects every sentence of ShopWatch into a file for Qt Linguist.

`python resources/translations/collect.py de` writes shopwatch_de.ts beside this file, keeping what is translated there.
Translate it with Qt Linguist, then `pyside6-lrelease shopwatch_de.ts` makes the .qm that ShopWatch finds by itself.
"""

import ast
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent
PACKAGE = FOLDER.parents[1] / "shopwatch"
CONTEXT = "shopwatch"

type Sentence = tuple[str, str]
"""Context and English text."""


@cache
def sentences(package: Path = PACKAGE) -> dict[Sentence, bool]:
    """Every sentence, and whether it depends on a number."""
    found: dict[Sentence, bool] = {}
    for file in sorted(package.rglob("*.py")):
        for sentence, counted in _in_file(ast.parse(file.read_text("utf-8"))):
            found[sentence] = found.get(sentence, False) or counted
    return found


_DECLARED = {
    "SetupWords": ("does", "secret_found", "away", "needs", "sure"),
    "Option": ("", "label", "hint", "required", "choices", "named"),
    "KeyWords": ("found",),
    "endpoints": ("secret_found",),
    "Account": ("", "label"),
}
"""Declarations, and which of their fields an owner reads in his own language; the first are given by place."""

_OTHER_FIELDS = frozenset({"", "required", "choices"})


def _in_file(tree: ast.Module) -> Iterator[tuple[Sentence, bool]]:
    constants = dict(_constants(tree))
    for call in ast.walk(tree):
        match call:
            case ast.Call(func=ast.Name(id="say" | "phrase"), args=[ast.Constant(value=str(text)), *_]):
                yield (CONTEXT, text), False
            case ast.Call(
                func=ast.Name(id="say_n" | "phrase_n"),
                args=[ast.Constant(value=str(one)), ast.Constant(value=str(many)), *_],
            ):
                yield (CONTEXT, one), True
                yield (CONTEXT, many), True
            case ast.Call(func=ast.Name(id=name)) if name in _DECLARED:
                for text in _declared(call, _DECLARED[name], constants):
                    yield (CONTEXT, text), False


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


def write(file: Path, language: str) -> int:
    """Write all sentences to `file` for Qt Linguist, with the translations it held; how many there are."""
    known = _translated(file)
    root = ET.Element("TS", version="2.1", language=language, sourcelanguage="en")
    contexts: dict[str, ET.Element] = {}
    found = sentences()
    for (context, text), counted in sorted(found.items()):
        if context not in contexts:
            contexts[context] = ET.SubElement(root, "context")
            ET.SubElement(contexts[context], "name").text = context
        message = ET.SubElement(contexts[context], "message", {"numerus": "yes"} if counted else {})
        ET.SubElement(message, "source").text = text
        held = known.get((context, text))
        if held is None:
            held = ET.Element("translation", type="unfinished")
            if counted:
                ET.SubElement(held, "numerusform")
        message.append(held)
    ET.indent(root)
    file.write_bytes(b'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n' + ET.tostring(root, "utf-8") + b"\n")
    return len(found)


def _translated(file: Path) -> dict[Sentence, ET.Element]:
    if not file.exists():
        return {}
    return {
        (context.findtext("name", ""), message.findtext("source", "")): translation
        for context in ET.parse(file).getroot().iter("context")  # noqa: S314 - our own file
        for message in context.iter("message")
        if (translation := message.find("translation")) is not None and translation.get("type") != "unfinished"
    }


if __name__ == "__main__":
    chosen = sys.argv[1]
    print(write(FOLDER / f"shopwatch_{chosen}.ts", chosen), "sentences")  # noqa: T201
