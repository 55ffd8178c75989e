"""Writing a letter, with what comes of it beside it."""

from collections.abc import Coroutine
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QFrame, QLineEdit, QPlainTextEdit, QSizePolicy, QWidget

from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import say
from shopwatch.ledger.sales.book import SalesBook
from shopwatch.ledger.sales.query import SalesQuery
from shopwatch.presenting.letters.draft import LetterDraft, sale_text
from shopwatch.runtime.tasks import Run, spawn
from shopwatch.settings.store import SettingsStore
from shopwatch.shop.outgoing.mail import Mail
from shopwatch.ui.dialogs.work_dialog import WorkDialog
from shopwatch.ui.letters.preview import Preview
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.widgets.frames.ground import Ground
from shopwatch.ui.widgets.frames.layout import Stretch, column, row
from shopwatch.ui.widgets.inputs.buttons import Button
from shopwatch.ui.widgets.inputs.combo import Combo
from shopwatch.ui.widgets.inputs.segmented import Segmented
from shopwatch.ui.widgets.texts.sign import NoteLine

_PAUSE = 200
_RECENT = 20
_LONGEST_NAME = 60
_FIELDS = "shop, order, name, email, amount, given_back, items, date"


class LetterDialog(WorkDialog):
    """Writes the letter of this id in all its languages; a new one without an id. Open it with `open()`.

    Signals: `saved(str)`, the letter's id.
    """

    saved = Signal(str)

    def __init__(
        self,
        mail: Mail,
        sales: SalesBook,
        settings: SettingsStore,
        theme: Theme,
        letter_id: str,
        *,
        locale: str,
        run: Run = spawn,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(run, parent)
        self._mail = mail
        self._sales = sales
        self._settings = settings
        self._locale = locale
        self._theme = theme
        self.draft = LetterDraft(settings.current.letters, letter_id)
        self._asked = 0
        self._busy = False
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("ground", "surface")
        self.setWindowTitle(say("Letter"))
        self.name = self._line(say("Name of the letter"))
        self.name.setMaxLength(_LONGEST_NAME)
        self.language = Combo(theme, say("Language"))
        self.subject = self._line(say("Subject"))
        self.part = Segmented(theme, say("Which part"))
        self.part.add("text", say("Plain text"))
        self.part.add("html", say("HTML"))
        self.text = self._area(say("Plain text"))
        self.html = self._area(say("HTML"))
        self.sale = Combo(theme, say("Shown for"))
        self.preview = Preview(theme)
        self.note = NoteLine(theme)
        self.test = Button(theme, say("Send a test to myself"), "", "paper-plane-tilt")
        self.cancel = Button(theme, say("Cancel"))
        self.save = Button(theme, say("Save the letter"), "primary")
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE)
        self._build()
        self._show_languages()
        self._show_letter()
        self._connect()
        self.work(self._fetch_sales(), "sales for a preview")
        self.work(self._render(), "preview of a letter")

    def _line(self, name: str) -> QLineEdit:
        line = QLineEdit()
        line.setFont(self._theme.font("body"))
        line.setAccessibleName(name)
        return line

    def _area(self, name: str) -> QPlainTextEdit:
        area = QPlainTextEdit()
        area.setFont(self._theme.font("mono"))
        area.setAccessibleName(name)
        area.setTabChangesFocus(True)
        return area

    def _build(self) -> None:
        head = Ground("head")
        row(
            self._theme.label(say("Letter"), "heading"),
            (self.name, 1),
            self.language,
            inside=head,
            margins=(24, 12, 24, 13),
            gap=12,
        )
        fields = self._small(say("Between double braces: {fields}.", fields=_FIELDS), "text3")
        fields.setWordWrap(True)
        self.sale.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        column(
            head,
            (
                row(
                    (
                        column(
                            self._small(say("Subject")),
                            self.subject,
                            self.part,
                            (self.text, 1),
                            (self.html, 1),
                            fields,
                            gap=8,
                        ),
                        1,
                    ),
                    (column(row(self._small(say("Shown for")), (self.sale, 1), gap=8), (self.preview, 1), gap=8), 1),
                    margins=(24, 16, 24, 16),
                    gap=24,
                ),
                1,
            ),
            self._foot_part(),
            inside=self,
        )
        self.resize(self._theme.px(920), self._theme.px(600))

    def _foot_part(self) -> QFrame:
        foot = Ground("foot")
        row(
            self.test,
            12,
            (self.note, 1, Qt.AlignmentFlag.AlignVCenter),
            Stretch(0),
            self.cancel,
            self.save,
            inside=foot,
            margins=(20, 8, 20, 8),
        )
        return foot

    def _small(self, text: str, ink: str = "text2") -> Any:
        return self._theme.label(text, "small", 500, ink=ink)

    def _connect(self) -> None:
        self.name.textEdited.connect(self.on_written)
        self.subject.textEdited.connect(self.on_written)
        self.text.textChanged.connect(self.on_written)
        self.html.textChanged.connect(self.on_written)
        self.part.chosen.connect(self.on_part_chosen)
        self.language.activated.connect(self.on_language_chosen)
        self.sale.activated.connect(self.on_paused)
        self._pause.timeout.connect(self.on_paused)
        self.test.clicked.connect(self.on_test)
        self.cancel.clicked.connect(self.reject)
        self.save.clicked.connect(self.on_save)

    def _show_languages(self) -> None:
        self.language.clear()
        for name, code in self.draft.languages(self._locale):
            self.language.add(name, code)
        self.language.setCurrentIndex(self.language.findData(self.draft.letter.language))

    def _show_letter(self) -> None:
        letter = self.draft.letter
        for widget, value in ((self.name, letter.name), (self.subject, letter.subject)):
            widget.setText(value)
            widget.setCursorPosition(0)
        for area, value in ((self.text, letter.text), (self.html, letter.html)):
            area.blockSignals(True)
            area.setPlainText(value)
            area.blockSignals(False)
        self.on_part_chosen(self.part.key)

    @Slot(object)
    def on_part_chosen(self, key: object) -> None:
        self.text.setVisible(key == "text")
        self.html.setVisible(key == "html")

    @Slot()
    def on_language_chosen(self) -> None:
        """Go to the letter in this language."""
        self.draft.choose(str(self.language.currentData()))
        self._show_languages()
        self._show_letter()
        self._pause.start()

    @Slot()
    def on_written(self) -> None:
        self.draft.write(self.name.text(), self.subject.text(), self.text.toPlainText(), self.html.toPlainText())
        self._pause.start()

    @Slot()
    def on_paused(self) -> None:
        self.work(self._render(), "preview of a letter")

    async def _render(self) -> None:
        self._asked += 1
        mine = self._asked
        chosen = self.sale.currentData()
        try:
            found = await self._mail.preview(self.draft.letter, int(chosen) if chosen else None)
        except UserError as problem:
            if mine == self._asked:
                self.note.tell("bad", str(problem))
            return
        if mine == self._asked:
            self.note.clear()
            self.preview.show_letter(*found)

    async def _fetch_sales(self) -> None:
        self.sale.add(say("A made-up sale"), 0)
        try:
            page = await self._sales.page(SalesQuery(), limit=_RECENT)
        except UserError:
            return
        for sale in page.rows:
            self.sale.add(sale_text(sale, self._locale), sale.id)
        if page.rows:
            self.sale.setCurrentIndex(1)
            await self._render()

    @Slot()
    def on_test(self) -> None:
        self._begin(self._test(), say("Sending it…"))

    @Slot()
    def on_save(self) -> None:
        self._begin(self._save(), "")

    def _begin(self, work: Coroutine[Any, Any, None], said: str) -> None:
        if self._busy:
            work.close()
            return
        self._busy = True
        self.note.tell("info", said)
        self.work(self._at_work(work), "a letter")

    async def _at_work(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except UserError as problem:
            self.note.tell("bad", str(problem))
        finally:
            self._busy = False

    async def _test(self) -> None:
        to = await self._mail.send_test(self.draft.letter)
        self.note.tell("ok", say("It was sent to {address}.", address=to))

    async def _save(self) -> None:
        """Keep the letter in all its languages, once each has been made."""
        for letter in self.draft.letters:
            try:
                await self._mail.preview(letter, None)
            except UserError:
                self.draft.choose(letter.language)
                self._show_languages()
                self._show_letter()
                raise
        letter_id = self.draft.letter.id
        others = tuple(each for each in self._settings.current.letters if each.id != letter_id)
        self._settings.change(letters=(*others, *self.draft.letters))
        self.saved.emit(letter_id)
        self.accept()
