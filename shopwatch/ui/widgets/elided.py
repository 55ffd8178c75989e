"""Labels that shorten what does not fit."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from shopwatch.domain.legible import legible
from shopwatch.ui.text import LONGEST, tip
from shopwatch.ui.theme import Theme


class Elided(QLabel):
    """One line of literal text, shortened to its width; the tooltip then holds the whole (up to `LONGEST`)."""

    def __init__(
        self,
        theme: Theme,
        font: str = "body",
        weight: int = 0,
        *,
        ink: str = "text",
        mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
        figures: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._whole = ""
        self._more = ""
        self._mode = mode
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(theme.font(font, weight, figures=figures))
        self.setProperty("ink", ink)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_text(self, text: str, more: str = "") -> None:
        """Show `text`, made legible; `more` is what the tooltip says instead of it, shortened or not."""
        self.show_own(legible(text, LONGEST), more)

    def show_own(self, whole: str, more: str = "") -> None:
        """Show a text of ours, in which everything from outside is legible already."""
        if (whole, more) == (self._whole, self._more):
            return
        self._whole, self._more = whole, more
        self.setAccessibleName(whole)
        self.updateGeometry()
        self._fit()

    def whole_text(self) -> str:
        return self._whole

    def _fit(self) -> None:
        fitting = self.fontMetrics().elidedText(self._whole, self._mode, self.contentsRect().width())
        self.setText(fitting)
        self.setToolTip(tip(self._more or (self._whole if fitting != self._whole else "")))

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(self._whole) + 2, metrics.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(min(24, self.sizeHint().width()), self.fontMetrics().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
