"""A scroll bar that lies over what it scrolls, so that rows reach the edge."""

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtWidgets import QAbstractScrollArea, QScrollBar

_WIDTH = 12


class OverlayBar(QScrollBar):
    """Takes the place of an area's vertical scroll bar and moves with it."""

    def __init__(self, area: QAbstractScrollArea) -> None:
        super().__init__(Qt.Orientation.Vertical, area)
        self._area = area
        self._hidden = area.verticalScrollBar()
        area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._hidden.rangeChanged.connect(self.on_range_changed)
        self._hidden.valueChanged.connect(self.setValue)
        self.valueChanged.connect(self._hidden.setValue)
        area.viewport().installEventFilter(self)
        self.on_range_changed(self._hidden.minimum(), self._hidden.maximum())

    @Slot(int, int)
    def on_range_changed(self, least: int, most: int) -> None:
        self.setRange(least, most)
        self.setPageStep(self._hidden.pageStep())
        self.setSingleStep(self._hidden.singleStep())
        self.setValue(self._hidden.value())
        self.setVisible(most > least)

    def _place(self) -> None:
        box = self._area.viewport().geometry()
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        self.setGeometry(box.left() if mirrored else box.right() - _WIDTH + 1, box.top(), _WIDTH, box.height())
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move):
            self._place()
        return super().eventFilter(watched, event)
