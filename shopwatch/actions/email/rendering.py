"""Making text of the owner's templates: what a provider sent is data in it, and never template."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from jinja2 import TemplateError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import Phrase, phrase

LONGEST_TEMPLATE = 100_000
LONGEST_TEXT = 2**20
"""Characters of what comes out. A letter that grows beyond it is cut off and refused."""

DEEPEST_LOOP = 2

# What a letter needs, and nothing with which it could keep the computer busy.
_NODES = frozenset(
    {
        nodes.Template,
        nodes.Output,
        nodes.TemplateData,
        nodes.Name,
        nodes.Getattr,
        nodes.Getitem,
        nodes.Const,
        nodes.Filter,
        nodes.If,
        nodes.For,
        nodes.Compare,
        nodes.Operand,
        nodes.And,
        nodes.Or,
        nodes.Not,
        nodes.CondExpr,
        nodes.Concat,
    }
)
_FILTERS = frozenset(
    {"capitalize", "default", "e", "escape", "first", "last", "length", "lower", "title", "trim", "upper"}
)


def rendered(template: str, values: Mapping[str, Any], *, html: bool = False) -> str:
    """`template` with `values` filled in; with `html`, they are escaped.

    Raises UserError, in words for who wrote the template, if it cannot be used or grows too long.
    """
    environment = _make_environment(html=html)
    try:
        pieces = environment.from_string(checked(template)).generate(dict(values))
        return _join_items(pieces)
    except UserError:
        raise
    except (TemplateError, TypeError, ValueError, ArithmeticError, RecursionError) as failure:
        raise _unusable_template(str(failure)) from None


def checked(template: str) -> str:
    """`template`, if it is one that a letter may have. Raises UserError with what is wrong, and where."""
    if len(template) > LONGEST_TEMPLATE:
        raise _unusable_template(phrase("It is too long."))
    try:
        tree = _make_environment(html=False).parse(template)
    except TemplateError as failure:
        line = getattr(failure, "lineno", None)
        message = getattr(failure, "message", None) or str(failure)
        raise _unusable_template(phrase("Line {line}: {why}", line=line, why=message) if line else message) from None
    except RecursionError:
        raise _unusable_template(phrase("It is nested too deeply.")) from None
    _look_through(tree, 0)
    return template


def _look_through(node: nodes.Node, loops: int) -> None:
    if type(node) not in _NODES:
        raise _unusable_template(phrase("Line {line}: this is more than a letter can do.", line=node.lineno))
    if _is_hidden(node):
        raise _unusable_template(phrase("Line {line}: this is more than a letter can do.", line=node.lineno))
    if isinstance(node, nodes.Filter) and node.name not in _FILTERS:
        raise _unusable_template(phrase("Line {line}: there is no “{name}” here.", line=node.lineno, name=node.name))
    if isinstance(node, nodes.For):
        loops += 1
        if loops > DEEPEST_LOOP or node.recursive:
            raise _unusable_template(phrase("Line {line}: there are too many loops in one another.", line=node.lineno))
    for child in node.iter_child_nodes():
        _look_through(child, loops)


def _is_hidden(node: nodes.Node) -> bool:
    match node:
        case nodes.Getattr(attr=name) | nodes.Name(name=name) | nodes.Const(value=str(name)):
            return name.startswith("_") or name == "self"
        case _:
            return False


def _join_items(pieces: Iterator[str]) -> str:
    found: list[str] = []
    length = 0
    for piece in pieces:
        length += len(piece)
        if length > LONGEST_TEXT:
            raise _unusable_template(phrase("What comes out of it is too long."))
        found.append(piece)
    return "".join(found)


def _make_environment(*, html: bool) -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(autoescape=html, trim_blocks=False, keep_trailing_newline=True)
    environment.globals.clear()
    return environment


def _unusable_template(why: str | Phrase) -> UserError:
    return UserError(phrase("This letter cannot be used as it is."), why, code="bad-letter")


_LONGEST_NAME = 100
_LONGEST_ITEM = 200
_LINKING = re.compile(r"(?i)\b(?:[a-z][a-z0-9+.-]*:/*|www\.)\S*|\S*[\w-]\.[a-z]{2,}(?:[/:?#]\S*)?(?=\s|$|[,;!)])")


def without_links(text: str) -> str:
    """A text from outside that no mail program makes a link of: whatever looks like an address is left out."""
    return " ".join(_LINKING.sub(" ", text[: _LONGEST_NAME * 4]).split())[:_LONGEST_NAME]


_DOT = re.compile(r"(?<=\w)\.(?=\w)")


def unlinked(text: str) -> str:
    """The same for names of goods, which may hold a full stop: it is kept, with a joiner that breaks the link."""
    return _DOT.sub(".\N{WORD JOINER}", text[:_LONGEST_ITEM].replace("://", ": //"))
