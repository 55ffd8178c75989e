"""Describing a sender that has no declaration, with an eye on what comes of it."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import say
from shopwatch.ledger.inbox.book import InboxBook
from shopwatch.presenting.inbox.secrecy import shown
from shopwatch.presenting.setup.custom_text import is_place, sections, understood, wanted
from shopwatch.providers.described.custom import CUSTOM, places, preview
from shopwatch.runtime.clock import now
from shopwatch.runtime.tasks import Run, spawn
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.setup.fields.description_file import DescriptionFile
from shopwatch.ui.setup.fields.options_form import OptionRow, OptionsForm
from shopwatch.ui.setup.fields.preview import PreviewCard
from shopwatch.ui.widgets.frames.layout import STRETCH, column
from shopwatch.ui.widgets.inputs.buttons import RING, Overhang
from shopwatch.ui.widgets.texts.sign import NoteLine

_NARROW = 860
_OFFERED = 60


class CustomForm(QWidget):
    """All that can be told of a sender, in sections, and what ShopWatch would understand of a message by it. It is put
    into an `Overhang` at the start.

    Signals: `edited()`.
    """

    edited = Signal()

    def __init__(self, theme: Theme, inbox: InboxBook, locale: str, run: Run = spawn) -> None:
        super().__init__()
        self._theme = theme
        self._locale = locale
        self._halves = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._halves.setContentsMargins(RING, 0, 0, 0)
        self._halves.setSpacing(32)
        self.preview = PreviewCard(theme, inbox, locale, run)
        self.forms: list[OptionsForm] = []
        self._titles: list[QWidget] = []
        self._sections = sections()
        by_key = {each.key: each for each in CUSTOM.options}
        self.file = DescriptionFile(theme, lambda: self.values)
        self.file_note = NoteLine(theme)
        left = column(Overhang(self.file, start=True), self.file_note, gap=12)
        self.file.loaded.connect(self.on_loaded)
        self.file.saved.connect(self.on_saved)
        self.file.failed.connect(self.on_file_failed)
        for section in self._sections:
            title = theme.label(section.title, "heading")
            title.setContentsMargins(0, 12, 0, 0)
            form = OptionsForm(theme, (by_key[key] for key in section.keys))
            form.setAccessibleName(section.title)
            left.addWidget(title)
            left.addWidget(form)
            form.edited.connect(self.on_edited)
            self._titles.append(title)
            self.forms.append(form)
        left.addStretch(1)
        self._halves.addLayout(left, 3)
        self._halves.addLayout(column(self.preview, STRETCH), 2)
        self.preview.changed.connect(self.on_message)
        self._fold()

    @property
    def values(self) -> dict[str, str]:
        """The description as options."""
        return {key: value for form in self.forms for key, value in form.values.items()}

    @property
    def keys(self) -> frozenset[str]:
        """All options that it asks for, in sight or not."""
        return frozenset(key for form in self.forms for key in form.rows)

    def row(self, key: str) -> OptionRow:
        return next(form.rows[key] for form in self.forms if key in form.rows)

    def show_values(self, values: Mapping[str, str], source_id: str) -> None:
        """Begin with these; messages of this source can be chosen to try them on."""
        for form in self.forms:
            form.show_values(values)
        self._fold()
        self.preview.look_for(source_id)
        self._try()

    def complain(self, problem: UserError) -> None:
        """Say what is wrong beside its field, or below all if it has none, and bring it into sight."""
        found = [row for form in self.forms if (row := form.complain(problem)) is not None]
        if found:
            found[0].field.setFocus()
        self.preview.tell((), "" if found else str(problem))

    def _fold(self) -> None:
        chosen = {key: row.value for form in self.forms for key, row in form.rows.items()}
        keys = wanted(chosen)
        for section, title, form in zip(self._sections, self._titles, self.forms, strict=True):
            form.show_only(keys)
            title.setVisible(bool(keys.intersection(section.keys)))
            form.setVisible(bool(keys.intersection(section.keys)))

    def _try(self) -> None:
        """Read the chosen message by the description of now."""
        request = self.preview.request
        for form in self.forms:
            form.clear_notes()
        if request is None:
            self.preview.tell((), "")
            return
        try:
            events = preview(self.values, request, now())
        except UserError as problem:
            rows = [form.complain(problem) for form in self.forms]
            self.preview.tell((), say("The description is not complete yet.") if any(rows) else str(problem))
        else:
            self.preview.tell(tuple(understood(events, self._locale)), "")

    def _offer(self) -> None:
        request = self.preview.request
        found = shown(places(request)) if request is not None else ()
        batch = next((row.value for form in self.forms for key, row in form.rows.items() if key == "batch"), "")
        whole = [_offered(place, value) for place, value in found]
        in_event = _within(found, batch) if batch else whole
        for form in self.forms:
            for key, row in form.rows.items():
                if key.startswith("item_"):
                    items = self.row("items").value
                    row.offer(_within(found, f"{batch}.0.{items}" if batch and items else items))
                elif is_place(key):
                    row.offer(in_event)
                elif key in ("batch", "token_name"):
                    row.offer(whole)

    @Slot()
    def on_edited(self) -> None:
        self._fold()
        self._try()
        self._offer()
        self.edited.emit()

    @Slot(object)
    def on_loaded(self, options: Mapping[str, str]) -> None:
        for form in self.forms:
            form.show_values(options)
        self.file_note.tell("ok", say("The description is loaded. The secret is still yours to give."))
        self.on_edited()

    @Slot(str)
    def on_saved(self, name: str) -> None:
        self.file_note.tell("ok", say("Saved as {file}, without the secret.", file=name))

    @Slot(object)
    def on_file_failed(self, problem: UserError) -> None:
        found = [row for form in self.forms if (row := form.complain(problem)) is not None]
        if found:
            found[0].field.setFocus()
            self.file_note.clear()
        else:
            self.file_note.tell("bad", str(problem))

    @Slot()
    def on_message(self) -> None:
        self._offer()
        self._try()

    def resizeEvent(self, event: QResizeEvent) -> None:
        way = QBoxLayout.Direction
        wide = event.size().width() >= self._theme.px(_NARROW)
        # What is understood must not be below all fields.
        self._halves.setDirection(way.LeftToRight if wide else way.BottomToTop)
        super().resizeEvent(event)


def _offered(place: str, value: str) -> str:
    return f"{place}  {value[:_OFFERED]}" if value else place


def _within(found: Sequence[tuple[str, str]], items: str) -> list[str]:
    """What stands in the first item, named as from within it."""
    inside = f"{items}.0."
    return [_offered(place.removeprefix(inside), value) for place, value in found if items and place.startswith(inside)]
