"""The description of a sender, in a window of its own."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtWidgets import QWidget

from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import say
from shopwatch.domain.source import Source
from shopwatch.ledger.inbox.book import InboxBook
from shopwatch.runtime.tasks import Run, spawn
from shopwatch.shop.sources.connections import Connections
from shopwatch.ui.dialogs.work_dialog import WorkDialog
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.once import Once
from shopwatch.ui.setup.fields.custom_form import CustomForm
from shopwatch.ui.widgets.frames.ground import Ground
from shopwatch.ui.widgets.frames.layout import STRETCH, column, row
from shopwatch.ui.widgets.frames.scrolled import Scrolled
from shopwatch.ui.widgets.inputs.buttons import Button, Overhang

_SIZE = QSize(1000, 680)


class DescriptionDialog(WorkDialog):
    """Shows at once what the last messages mean by it; nothing changes before it is saved."""

    def __init__(
        self,
        theme: Theme,
        connections: Connections,
        inbox: InboxBook,
        locale: str,
        source: Callable[[], Source],
        *,
        run: Run = spawn,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(run, parent)
        self._connections = connections
        self._source = source
        self._saving = Once(self.work)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("ground", "surface")
        self.setWindowTitle(say("Describe {name}", name=source().name))
        self.form = CustomForm(theme, inbox, locale, self.work)
        self.safe = Button(theme, say("Leave it"))
        self.action = Button(theme, say("Save"), "primary")
        page = QWidget()
        page.setProperty("ground", "surface")
        column(Overhang(self.form, start=True), STRETCH, inside=page, margins=(24, 20, 24, 20))
        scroll = Scrolled(page)
        foot = Ground("foot")
        row(STRETCH, self.safe, self.action, inside=foot, margins=(20, 8, 20, 8))
        column((scroll, 1), foot, inside=self)
        self.resize(_SIZE.boundedTo(parent.size()) if parent is not None else _SIZE)
        self.form.show_values(source().options, source().id)
        self.safe.clicked.connect(self.reject)
        self.action.clicked.connect(self.on_save)

    async def _save(self) -> None:
        source = self._source()
        described = self.form.keys
        others = {key: value for key, value in source.options.items() if key not in described}
        try:
            await self._connections.set_options(source.id, others | self.form.values)
        except UserError as problem:
            self.form.complain(problem)
        else:
            self.accept()

    @Slot()
    def on_save(self) -> None:
        self._saving.start(self._save, "save the description of a sender")
