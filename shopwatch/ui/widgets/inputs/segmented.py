"""A choice of few, side by side."""

from collections.abc import Hashable

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QLayout, QSizePolicy, QWidget

from shopwatch.ui.look.style import paint_ring
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.widgets.frames.layout import row

_BEFORE_COUNT = 6


class Segmented(QWidget):
    """Joined buttons of which one is on; the arrow keys move it.

    Signals: `chosen(object)`, the key of the button that was turned on by the owner.
    """

    chosen = Signal(object)

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._group = QButtonGroup(self)
        self._keys: list[Hashable] = []
        self._row = row(inside=self)
        # Words of which only parts are seen would not say what is chosen.
        self._row.setSizeConstraint(QLayout.SizeConstraint.SetFixedSize)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._group.idClicked.connect(self.on_clicked)
        theme.changed.connect(self.update)

    def add(self, key: Hashable, text: str) -> None:
        segment = _Segment(self._theme, text)
        self._group.addButton(segment, len(self._keys))
        segment.setChecked(not self._keys)
        segment.setFocusPolicy(Qt.FocusPolicy.NoFocus if self._keys else Qt.FocusPolicy.TabFocus)
        self._keys.append(key)
        self._row.addWidget(segment)

    def show_count(self, key: Hashable, count: str) -> None:
        """How many there are, in small figures behind the word; empty shows none."""
        segment = self._group.button(self._keys.index(key))
        if isinstance(segment, _Segment):
            segment.show_count(count)

    @property
    def key(self) -> Hashable:
        return self._keys[self._group.checkedId()]

    def buttons(self) -> list[QAbstractButton]:
        """In their order."""
        return self._group.buttons()

    def choose(self, key: Hashable | None) -> None:
        """Turn this one on without a signal; None turns all off."""
        if key is None:
            self._turn_off()
        else:
            self._group.button(self._keys.index(key)).setChecked(True)
        self._move_focus()
        self.update()

    def _turn_off(self) -> None:
        self._group.setExclusive(False)
        for button in self._group.buttons():
            button.setChecked(False)
        self._group.setExclusive(True)

    @Slot(int)
    def on_clicked(self, index: int) -> None:
        self._move_focus()
        self.chosen.emit(self._keys[index])

    def _move_focus(self) -> None:
        had = any(button.hasFocus() for button in self._group.buttons())
        reached = self._group.checkedButton() or self._group.buttons()[0]
        for button in self._group.buttons():
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus if button is reached else Qt.FocusPolicy.NoFocus)
            if had and button.isChecked():
                button.setFocus(Qt.FocusReason.TabFocusReason)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens = self._theme.tokens
        border = tokens.colour("control" if self.isEnabled() else "line2")
        outline = QPainterPath()
        outline.addRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        painter.fillPath(outline, tokens.colour("surface"))
        painter.save()
        painter.setClipPath(outline)
        buttons = self._group.buttons()
        for button in buttons:
            if button.isChecked() and self.isEnabled():
                painter.fillRect(button.geometry(), tokens.colour("accent_soft"))
        painter.setPen(QPen(tokens.colour("line2"), 1))
        for button in buttons[1:]:
            left = button.geometry().left() + 0.5
            painter.drawLine(round(left), 0, round(left), self.height())
        painter.restore()
        painter.setPen(QPen(border, 1))
        painter.drawPath(outline)
        painter.end()


class _Segment(QAbstractButton):
    def __init__(self, theme: Theme, text: str) -> None:
        super().__init__()
        self._theme = theme
        self._count = ""
        self.setText(text)
        self.setAccessibleName(text)
        self.setCheckable(True)
        self.setFont(theme.font("body", 600))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_count(self, count: str) -> None:
        if count != self._count:
            self._count = count
            self.setAccessibleName(f"{self.text()} {count}".strip())
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) + self._count_width() + 26, self._theme.px(32))

    def _count_width(self) -> int:
        figures = QFontMetrics(self._theme.font("tiny", 600, figures=True))
        return figures.horizontalAdvance(self._count) + _BEFORE_COUNT if self._count else 0

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1}.get(
            Qt.Key(event.key())
        )
        group = self.group()
        if step is None or group is None:
            super().keyPressEvent(event)
            return
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft and event.key() in (
            Qt.Key.Key_Left,
            Qt.Key.Key_Right,
        ):
            step = -step
        if (button := group.button(group.id(self) + step)) is not None:
            button.click()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        tokens = self._theme.tokens
        on = self.isChecked()
        painter.setFont(self._theme.font("body", 600 if on and self.isEnabled() else 500))
        chosen = "on_accent" if tokens.contrast else "accent"
        painter.setPen(tokens.colour("text3" if not self.isEnabled() else chosen if on else "text2"))
        room, width = self.rect(), self._count_width()
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        words = room.adjusted(width if mirrored else 0, 0, 0 if mirrored else -width, 0)
        painter.drawText(words, Qt.AlignmentFlag.AlignCenter, self.text())
        if self._count:
            painter.setFont(self._theme.font("tiny", 600 if on else 500, figures=True))
            figures = room.adjusted(12, 1, -12, 1)
            side = Qt.AlignmentFlag.AlignLeft if mirrored else Qt.AlignmentFlag.AlignRight
            flags = side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(figures, int(flags), self._count)
        if self.hasFocus():
            paint_ring(painter, QRectF(self.rect()).adjusted(1, 1, -1, -1), tokens.colour("accent"), 5)
        painter.end()
