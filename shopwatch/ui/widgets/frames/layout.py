"""Columns and rows, as expressions: what stands below or beside what, and how far apart."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLayout, QVBoxLayout, QWidget


@dataclass(frozen=True, slots=True)
class Stretch:
    """Empty room that takes its share of what is left over; with 0, only what nothing else takes."""

    factor: int = 0


STRETCH: Final = Stretch(1)

type Part = (
    QWidget | QLayout | Stretch | int | tuple[QWidget | QLayout, int] | tuple[QWidget | QLayout, int, Qt.AlignmentFlag]
)
"""A widget or layout, alone, with its share of the room that is left over, or with its alignment too; or so many empty
pixels."""

type Margins = int | tuple[int, int, int, int]
"""On all sides alike, or left, top, right and bottom; in pixels."""


def column(*parts: Part, inside: QWidget | None = None, margins: Margins = 0, gap: int = 0) -> QVBoxLayout:
    """Lays `parts` out below each other, `gap` pixels apart; `inside` is the widget that they fill."""
    return _filled(QVBoxLayout(), parts, inside, margins, gap)


def row(*parts: Part, inside: QWidget | None = None, margins: Margins = 0, gap: int = 0) -> QHBoxLayout:
    """Lays `parts` out beside each other, like `column`."""
    return _filled(QHBoxLayout(), parts, inside, margins, gap)


def _filled[Box: QBoxLayout](
    box: Box, parts: tuple[Part, ...], inside: QWidget | None, margins: Margins, gap: int
) -> Box:
    if inside is not None:
        inside.setLayout(box)
    left, top, right, bottom = margins if isinstance(margins, tuple) else (margins,) * 4
    box.setContentsMargins(left, top, right, bottom)
    box.setSpacing(gap)
    for part in parts:
        _add(box, part)
    return box


def _add(box: QBoxLayout, part: Part) -> None:
    match part:
        case int():
            box.addSpacing(part)
        case Stretch():
            box.addStretch(part.factor)
        case QWidget():
            box.addWidget(part)
        case QLayout():
            box.addLayout(part)
        case (QWidget() as widget, stretch, alignment):
            box.addWidget(widget, stretch, alignment)
        case (QWidget() as widget, stretch):
            box.addWidget(widget, stretch)
        case (QLayout() as layout, stretch):
            box.addLayout(layout, stretch)
