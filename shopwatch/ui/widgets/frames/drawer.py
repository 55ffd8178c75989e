"""What is chosen in a list, in full, at its side."""

from collections.abc import Iterable

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLayout, QPushButton, QSizePolicy, QWidget

from shopwatch.domain.i18n import say
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.widgets.frames.ground import Ground
from shopwatch.ui.widgets.frames.layout import STRETCH, Stretch, column, row
from shopwatch.ui.widgets.frames.scrolled import Scrolled
from shopwatch.ui.widgets.inputs.buttons import IconButton

WIDTH = 392


class Drawer(QFrame):
    """A head, parts that can be scrolled, and a foot of buttons; one sentence in their place while nothing is chosen.

    Signals: `close_requested()`.
    """

    close_requested = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setProperty("ground", "drawer")
        self._whole = QWidget()
        self._nothing = QWidget()

    def show_nothing(self) -> None:
        """Nothing is chosen."""
        self._whole.hide()
        self._nothing.show()

    def show_whole(self) -> None:
        """What is chosen has been told to the parts."""
        self._nothing.hide()
        self._whole.show()

    def lay_out(self, head: QWidget, parts: Iterable[QWidget], buttons: Iterable[QPushButton], *, nothing: str) -> None:
        """Once, when there is all that it is made of; `nothing` is what it says while nothing is chosen."""
        self._scroll = _scrolled(parts)
        column(head, (self._scroll, 1), _Foot(buttons), inside=self._whole, margins=(1, 0, 0, 0))
        column(
            (self._theme.label(nothing, ink="text2"), 0, Qt.AlignmentFlag.AlignCenter), inside=self._nothing, margins=9
        )
        column(self._whole, self._nothing, inside=self)
        self.show_nothing()

    def title_line(self, *shown: QWidget, spacing: int) -> QHBoxLayout:
        """What names the chosen one, and the cross that closes the drawer at the other end."""
        close = IconButton(self._theme, "x", say("Close details"), size=16)
        close.clicked.connect(self.close_requested)
        return row(*shown, STRETCH, close, gap=spacing)

    def figure_line(self, figure: QLabel, beside: QWidget) -> QHBoxLayout:
        """A figure, and what is small beside its foot."""
        figure.setFixedHeight(self._theme.px(32))
        return row(figure, (column(Stretch(), beside, margins=(0, 0, 0, 4)), 1), gap=8)


def part_of(layout: QLayout, left: int, top: int, right: int, bottom: int) -> QFrame:
    """`layout` as a part of a drawer, with these margins."""
    part = Ground("head")
    part.setLayout(layout)
    layout.setContentsMargins(left, top, right, bottom)
    return part


def _scrolled(parts: Iterable[QWidget]) -> Scrolled:
    inner = QWidget()
    inner.setProperty("ground", "surface")
    column(*parts, Stretch(), inside=inner)
    scroll = Scrolled(inner, overlaid=True)
    scroll.setFrameShape(Scrolled.Shape.NoFrame)
    return scroll


class _Foot(Ground):
    """The buttons beside each other, or above each other where their words need that."""

    def __init__(self, buttons: Iterable[QPushButton]) -> None:
        super().__init__("foot")
        self._buttons = tuple(buttons)
        self._row = row(inside=self, margins=(20, 12, 20, 12))
        for button in self._buttons:
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            self._row.addWidget(button, 1)

    def _fit(self) -> None:
        needed = sum(button.sizeHint().width() for button in self._buttons if button.isVisibleTo(self))
        margins = self._row.contentsMargins()
        beside = needed <= self.width() - margins.left() - margins.right()
        way = QHBoxLayout.Direction
        self._row.setDirection(way.LeftToRight if beside else way.TopToBottom)

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest):
            self._fit()
        return super().event(event)
