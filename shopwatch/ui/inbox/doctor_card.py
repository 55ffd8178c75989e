"""What the signature doctor found: the cause, the evidence, and what mends it."""

from PySide6.QtCore import QRectF, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from shopwatch.domain.i18n import say
from shopwatch.presenting.inbox.doctor_text import remedy_text
from shopwatch.providers.doctor.diagnosis import Cause, Diagnosis, Evidence, SignatureRemedy
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.widgets.inputs.buttons import Button
from shopwatch.ui.widgets.texts.elided import Elided
from shopwatch.ui.widgets.texts.sign import Sign

_NARROW = 560
_CALM = frozenset(
    {Cause.NOT_UNDERSTOOD, Cause.TOO_OLD, Cause.CLOCK_FAST, Cause.CLOCK_SLOW, Cause.STORE_LOCKED, Cause.OTHER_ACCOUNT}
)
"""What is set aside, or cannot be told now: amber, not red."""
_SECRET_MAY_BE_WRONG = frozenset(
    {
        Cause.NO_SECRET,
        Cause.SPACES_IN_SECRET,
        Cause.API_KEY,
        Cause.OTHER_MODE,
        Cause.OTHER_SOURCE,
        Cause.PREVIOUS_SECRET,
        Cause.SECRET_ENCODING,
        Cause.UNKNOWN,
    }
)


class DoctorCard(QFrame):
    """Shows a `Diagnosis`. One button is primary: what surely mends it, otherwise "Check again".

    Signals: `remedy_chosen(object)`, a `Remedy` that the owner wants.
    """

    remedy_chosen = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._diagnosis: Diagnosis | None = None
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._tile = _Tile(theme)
        self.sentence = theme.label("", "heading")
        self.consequence = theme.label("", ink="text2")
        self._head = QFrame()
        self._rows: list[_EvidenceRow] = []
        self._foot = QFrame()
        self.mend = Button(theme, "", "primary")
        self.check = Button(theme, say("Check again"), "", "arrows-clockwise")
        self.check_first = Button(theme, say("Check again"), "primary", "arrows-clockwise")
        self.offer = Button(theme, "")
        self.paste = Button(theme, say("Paste a new secret…"), "quiet")
        self._note = theme.label(say("Nothing is sent"), "small", ink="text3")
        self._build()
        self.mend.clicked.connect(self.on_mend)
        self.offer.clicked.connect(self.on_mend)
        self.check.clicked.connect(self.on_check)
        self.check_first.clicked.connect(self.on_check)
        self.paste.clicked.connect(self.on_paste)

    def _build(self) -> None:
        for label in (self.sentence, self.consequence):
            label.setWordWrap(True)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.sentence)
        words.addWidget(self.consequence)
        head = QHBoxLayout(self._head)
        head.setContentsMargins(20, 16, 20, 16)
        head.setSpacing(16)
        head.addWidget(self._tile, 0, Qt.AlignmentFlag.AlignVCenter)
        head.addLayout(words, 1)
        self._evidence = QVBoxLayout()
        self._evidence.setContentsMargins(20, 0, 20, 0)
        self._evidence.setSpacing(0)
        foot = QHBoxLayout(self._foot)
        foot.setContentsMargins(16, 8, 20, 8)
        foot.setSpacing(0)
        for button in (self.mend, self.check_first, self.offer, self.check, self.paste):
            foot.addWidget(button)
        foot.addStretch(1)
        foot.addWidget(self._note)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addWidget(self._head)
        column.addLayout(self._evidence)
        column.addWidget(self._foot)

    def show_diagnosis(self, diagnosis: Diagnosis, name: str = "") -> None:
        """`name` is what the owner calls the source that the remedy is about."""
        if diagnosis == self._diagnosis:
            return
        self._diagnosis = diagnosis
        kind = "warn" if diagnosis.cause in _CALM else "bad"
        for frame, part in ((self, "finding"), (self._head, "finding-head"), (self._foot, "finding-foot")):
            frame.setProperty("ground", f"{part}-{kind}")
            frame.style().unpolish(frame)
            frame.style().polish(frame)
        self._tile.show_kind(kind)
        self.sentence.setText(diagnosis.sentence)
        self.consequence.setText(diagnosis.consequence)
        self.consequence.setVisible(bool(diagnosis.consequence))
        self.setAccessibleName(diagnosis.sentence)
        self.setAccessibleDescription(diagnosis.consequence)
        self._show_evidence(diagnosis.evidence)
        self._show_buttons(diagnosis, name)

    def show_busy(self, busy: bool) -> None:
        for button in (self.mend, self.check, self.check_first, self.offer, self.paste):
            button.setDisabled(busy)

    def _show_evidence(self, evidence: tuple[Evidence, ...]) -> None:
        for row in self._rows:
            self._evidence.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._rows = [_EvidenceRow(self._theme, each, last=each is evidence[-1]) for each in evidence]
        for row in self._rows:
            self._evidence.addWidget(row)

    def _show_buttons(self, diagnosis: Diagnosis, name: str) -> None:
        verb = remedy_text(diagnosis, name)
        offered = bool(verb) and diagnosis.remedy is not SignatureRemedy.REPLACE_SECRET
        certain = offered and diagnosis.certain
        can_check = diagnosis.cause not in (Cause.NOT_UNDERSTOOD, Cause.NOT_A_MESSAGE, Cause.STORE_LOCKED)
        self.mend.setText(verb)
        self.offer.setText(verb)
        self.mend.setVisible(certain)
        self.offer.setVisible(offered and not certain)
        self.check.setVisible(can_check and certain)
        self.check_first.setVisible(can_check and not certain)
        self.paste.setVisible(diagnosis.cause in _SECRET_MAY_BE_WRONG)
        self._foot.setVisible(can_check or offered)

    @Slot()
    def on_mend(self) -> None:
        if self._diagnosis is not None:
            self.remedy_chosen.emit(self._diagnosis.remedy)

    @Slot()
    def on_check(self) -> None:
        self.remedy_chosen.emit(SignatureRemedy.CHECK_AGAIN)

    @Slot()
    def on_paste(self) -> None:
        self.remedy_chosen.emit(SignatureRemedy.REPLACE_SECRET)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._note.setVisible(self.width() >= self._theme.px(_NARROW))


class _EvidenceRow(QFrame):
    def __init__(self, theme: Theme, evidence: Evidence, *, last: bool) -> None:
        super().__init__()
        self.setProperty("ground", "evidence-last" if last else "evidence")
        self.setFixedHeight(theme.px(32))
        sentence = Elided(theme)
        sentence.show_text(evidence.sentence)
        fact = Elided(theme, "small", ink="text2")
        fact.show_text(evidence.fact)
        fact.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        sign = Sign(theme, "check" if evidence.passed else "x", 16, "ok" if evidence.passed else "bad")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(sign)
        row.addWidget(sentence, 1)
        row.addWidget(fact)
        said = say("Passed: {sentence}") if evidence.passed else say("Failed: {sentence}")
        self.setAccessibleName(said.replace("{sentence}", ", ".join(filter(None, (evidence.sentence, evidence.fact)))))


class _Tile(QWidget):
    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._kind = "bad"
        self.setFixedSize(32, 32)
        theme.changed.connect(self.update)

    def show_kind(self, kind: str) -> None:
        self._kind = kind
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tokens.colour(f"{self._kind}_dot"))
        painter.drawRoundedRect(QRectF(0, 0, 32, 32), 8, 8)
        # White on amber is hard to see; the dark theme's dots are all bright.
        sign = "#14171A" if self._kind == "warn" or tokens.dark else "#FFFFFF"
        painter.drawPixmap(7, 7, self._theme.icons.pixmap("first-aid-kit", 18, sign, self.devicePixelRatioF()))
        painter.end()
