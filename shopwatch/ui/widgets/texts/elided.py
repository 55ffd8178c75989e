"""Labels that shorten what does not fit."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from shopwatch.domain.legible import legible
from shopwatch.presenting.outside_text import LONGEST, tip
from shopwatch.ui.look.theme import Theme


class Elided(QLabel):
    """Literal text, shortened to as many lines of its width; the tooltip then holds the whole (up to `LONGEST`)."""

    def __init__(
        self,
        theme: Theme,
        font: str = "body",
        weight: int = 0,
        *,
        ink: str = "text",
        mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
        figures: bool = False,
        lines: int = 1,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._whole = ""
        self._more = ""
        self._mode = mode
        self._lines = lines
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
        first, rest = self._broken() if self._lines > 1 else ([], self._whole)
        last = self.fontMetrics().elidedText(rest, self._mode, self.contentsRect().width())
        if len(first) != self.text().count("\n"):
            self.updateGeometry()
        self.setText("\n".join([*first, last]))
        self.setToolTip(tip(self._more or (self._whole if last != rest else "")))

    def _broken(self) -> tuple[list[str], str]:
        """The lines before the last one, and what is left for that."""
        layout = QTextLayout(self._whole, self.font())
        breaking = QTextOption()
        breaking.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(breaking)
        rest = self._whole.encode("utf-16-le")  # in whose units Qt counts
        first: list[str] = []
        layout.beginLayout()
        while len(first) + 1 < self._lines and (line := layout.createLine()).isValid():
            line.setLineWidth(self.contentsRect().width())
            begun, rest = rest[: 2 * line.textLength()], rest[2 * line.textLength() :]
            if not rest:
                return first, begun.decode("utf-16-le")
            first.append(begun.decode("utf-16-le").rstrip())
        layout.endLayout()
        return first, rest.decode("utf-16-le")

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(self._whole) + 2, self._height())

    def minimumSizeHint(self) -> QSize:
        return QSize(min(24, self.sizeHint().width()), self._height())

    def _height(self) -> int:
        return self.fontMetrics().height() * (self.text().count("\n") + 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
