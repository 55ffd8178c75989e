"""What is shown where there are no rows."""

from PySide6.QtCore import QRectF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QWidget

from shopwatch.domain.i18n import say
from shopwatch.ui.look.mark import paint_shop
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.widgets.frames.ground import Surface
from shopwatch.ui.widgets.frames.layout import STRETCH, Stretch, column, row
from shopwatch.ui.widgets.inputs.buttons import Button

_ROOM = 430
"""Below this height there is no room for the drawing."""
_SHAPES_AFTER = 200
_SHAPES = 8


class EmptyShop(Surface):
    """No sale yet. Signals: `practice_requested()`."""

    practice_requested = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = theme.label("", "lead", ink="text2")
        self._text.setWordWrap(True)
        self._text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._text.setFixedWidth(theme.px(440))
        self.practice = Button(theme, say("Ring a practice sale"), "primary", "bell", large=True)
        self._note = theme.label("", "small", ink="text3")
        self._title = theme.label(say("Open for business"), "title")
        self._drawing = _Drawing(theme)
        self._room = theme.px(_ROOM)
        middle = Qt.AlignmentFlag.AlignHCenter
        self._column = column(
            STRETCH,
            (self._drawing, 0, middle),
            16,
            (self._title, 0, middle),
            8,
            (self._text, 0, middle),
            20,
            (self.practice, 0, middle),
            12,
            (self._note, 0, middle),
            STRETCH,
            inside=self,
        )
        self.practice.clicked.connect(self.practice_requested)

    def tell(self, sender: str, *, practice_only: bool, can_practise: bool) -> None:
        """Who will report the first sale; `can_practise` while there is a source to practise with."""
        if practice_only:
            text = say("No real sale can arrive yet. Ring a practice sale to see how it will be.")
        else:
            text = say(
                "ShopWatch is listening. Your first sale will appear here the moment it is reported by {sender}, "
                "with a pop-up and the bell.",
                sender=sender,
            )
        self._title.setText(say("Practice mode") if practice_only else say("Open for business"))
        self._text.setText(text)
        # A wrapping label that is centred by its layout does not learn of its height otherwise.
        self._text.setMinimumHeight(self._text.heightForWidth(self._text.width()))
        self.practice.setVisible(can_practise)
        self._note.setText(say("A practice sale is never counted.") if can_practise else "")

    def resizeEvent(self, event: QResizeEvent) -> None:
        roomy = event.size().height() >= self._room
        self._drawing.setVisible(roomy)
        self._column.setContentsMargins(24, 24, 24, 72 if roomy else 24)
        super().resizeEvent(event)


class NothingFound(Surface):
    """No sale fits. Signals: `clear_requested()`."""

    clear_requested = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sentence: QLabel = theme.label("", "heading")
        self._clear = Button(theme, "")
        column(
            Stretch(2),
            (self._sentence, 0, Qt.AlignmentFlag.AlignHCenter),
            row(Stretch(), self._clear, Stretch()),
            Stretch(3),
            inside=self,
            margins=9,
            gap=12,
        )
        self._clear.clicked.connect(self.clear_requested)

    def tell(self, sentence: str, remedy: str) -> None:
        self._sentence.setText(sentence)
        self._clear.setText(remedy)
        self._clear.setVisible(bool(remedy))


class Loading(Surface):
    """Eight grey row shapes, once loading takes longer than 200 ms."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._late = False
        self.setAccessibleName(say("Loading sales"))
        self._timer = QTimer(self, singleShot=True, interval=_SHAPES_AFTER)
        self._timer.timeout.connect(self.on_late)
        self._timer.start()

    @Slot()
    def on_late(self) -> None:
        self._late = True
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        if not self._late:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour("neutral_soft"))
        height = self._theme.px(40)
        for at in range(_SHAPES):
            middle = self._theme.px(32) + at * height + height / 2
            for left, width in ((24, 40), (88, 64), (176, 104), (308, 160 if at % 2 else 200)):
                painter.drawRoundedRect(QRectF(left, middle - 5, width, 10), 5, 5)
        painter.end()


class _Drawing(QWidget):
    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setFixedSize(160, 120)
        theme.changed.connect(self.update)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_shop(painter, QRectF(self.rect()), self._theme.tokens)
        painter.end()
