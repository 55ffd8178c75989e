"""One line of the progress of the last step."""

from PySide6.QtWidgets import QWidget

from shopwatch.ui.look.theme import Theme
from shopwatch.ui.widgets.frames.layout import row
from shopwatch.ui.widgets.inputs.buttons import Button
from shopwatch.ui.widgets.texts.sign import Sign

_SIGNS = {"done": ("check-bold", "ok"), "waiting": ("clock", "text2"), "missing": ("warning", "warn")}


class ProgressLine(QWidget):
    """Something that is "done", "waiting", or "missing" with a `link` to where it can be mended."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._sign = Sign(theme, "clock", 16)
        self._label = theme.label("")
        self._label.setWordWrap(True)
        self.link = Button(theme, "", "link")
        self.link.setFont(theme.font("small", 500))
        row(self._sign, (self._label, 1), self.link, inside=self, margins=(0, 2, 0, 2), gap=12)

    def tell(self, kind: str, sentence: str, mend: str = "") -> None:
        self._sign.show_icon(*_SIGNS[kind])
        self._label.setText(sentence)
        self.link.setText(mend)
        self.link.setAccessibleName(f"{mend}: {sentence}")
        self.link.setVisible(bool(mend))
