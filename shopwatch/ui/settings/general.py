"""The shop's name, starting with the computer, the data folder."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QUrl, Slot
from PySide6.QtWidgets import QLineEdit

from shopwatch.settings.login import set_start_at_login, starts_at_login
from shopwatch.ui.settings.rows import Row, SettingsGroup
from shopwatch.ui.setup.door import SetupDoor
from shopwatch.ui.theme import Theme
from shopwatch.ui.widgets.buttons import Button
from shopwatch.ui.widgets.elided import Elided
from shopwatch.ui.widgets.switch import Switch

_LONGEST_NAME = 60


class GeneralGroup(SettingsGroup):
    """`launch` is the command by which the system starts this program."""

    def __init__(self, theme: Theme, shop: SetupDoor, launch: Sequence[str], open_url: Callable[[str], object]) -> None:
        super().__init__(theme, shop)
        self._launch = tuple(launch)
        self._open_url = open_url
        self.shop_name = QLineEdit()
        self.shop_name.setMaxLength(_LONGEST_NAME)
        self.shop_name.setFixedWidth(theme.px(280))
        self.shop_name.setAccessibleName(self.tr("Name of your shop"))
        self.at_login = Switch(theme, self.tr("Start with this computer"))
        self.folder = Button(theme, self.tr("Open"), "", "folder-open")
        self.folder.setAccessibleName(self.tr("Open the data folder"))
        where = Elided(theme, "small", ink="text2")
        where.show_text(str(shop.paths.data_dir))
        self.name(self.tr("General"))
        self.add(Row(theme, self.tr("Name of your shop"), self.tr("Shown at the top of ShopWatch."), self.shop_name))
        about = self.tr("ShopWatch waits in the tray, so that no sale goes unheard.")
        self.add(Row(theme, self.tr("Start with this computer"), about, self.at_login))
        row = Row(theme, self.tr("Data folder"), "", self.folder)
        row.add_line(where)
        self.add(row)
        self.shop_name.editingFinished.connect(self.on_named)
        self.at_login.clicked.connect(self.on_at_login)
        self.folder.clicked.connect(self.on_folder)

    def show_now(self) -> None:
        if not self.shop_name.hasFocus():
            self.shop_name.setText(self.shop.settings.shop_name)
        self.at_login.setChecked(starts_at_login())

    @Slot()
    def on_named(self) -> None:
        self.set(shop_name=self.shop_name.text().strip())

    @Slot(bool)
    def on_at_login(self, on: bool) -> None:
        if not self.attempt(lambda: set_start_at_login(on, self._launch)):
            self.show_now()

    @Slot()
    def on_folder(self) -> None:
        self._open_url(QUrl.fromLocalFile(str(self.shop.paths.data_dir)).toString())
