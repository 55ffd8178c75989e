"""The shop's name, starting with the computer, comparing each day, the data folder."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QUrl, Slot
from PySide6.QtWidgets import QLineEdit

from shopwatch.domain.i18n import say
from shopwatch.domain.sales.closing import NEVER
from shopwatch.host.autostart import set_start_at_login, starts_at_login
from shopwatch.host.paths import Paths
from shopwatch.presenting.times import wall_clock
from shopwatch.settings.store import SettingsStore
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.settings.rows import Row, SettingsGroup
from shopwatch.ui.widgets.inputs.buttons import Button
from shopwatch.ui.widgets.inputs.combo import Combo
from shopwatch.ui.widgets.inputs.switch import Switch
from shopwatch.ui.widgets.texts.elided import Elided

_LONGEST_NAME = 60
_DAY, _HALF_AN_HOUR = 24 * 60, 30


class GeneralGroup(SettingsGroup):
    """`launch` is the command by which the system starts this program."""

    def __init__(
        self,
        theme: Theme,
        settings: SettingsStore,
        paths: Paths,
        locale: str,
        *,
        launch: Sequence[str],
        open_url: Callable[[str], object],
    ) -> None:
        super().__init__(theme, settings)
        self._folder = str(paths.data_dir)
        self._launch = tuple(launch)
        self._open_url = open_url
        self.shop_name = QLineEdit()
        self.shop_name.setMaxLength(_LONGEST_NAME)
        self.shop_name.setFixedWidth(theme.px(280))
        self.shop_name.setAccessibleName(say("Name of your shop"))
        self.at_login = Switch(theme, say("Start with this computer"))
        self.check_at = Combo(theme, say("Compare each day"))
        self.check_at.add(say("Never"), NEVER)
        for minute in range(0, _DAY, _HALF_AN_HOUR):
            self.check_at.add(wall_clock(minute, locale), minute)
        self.folder = Button(theme, say("Open"), "", "folder-open")
        self.folder.setAccessibleName(say("Open the data folder"))
        where = Elided(theme, "small", ink="text2")
        where.show_text(self._folder)
        self.name(say("General"))
        about = say("Shown in e-mails to customers and on your popular items page.")
        self.add(Row(theme, say("Name of your shop"), about, self.shop_name))
        about = say("ShopWatch waits in the tray, so that no sale goes unheard.")
        self.add(Row(theme, say("Start with this computer"), about, self.at_login))
        about = say(
            "At this time ShopWatch asks your services for their own list of the day. A time before noon means the "
            "day before."
        )
        self.add(Row(theme, say("Compare each day with your services"), about, self.check_at))
        row = Row(theme, say("Data folder"), "", self.folder)
        row.add_line(where)
        self.add(row)
        self.shop_name.editingFinished.connect(self.on_named)
        self.at_login.clicked.connect(self.on_at_login)
        self.check_at.activated.connect(self.on_check_at)
        self.folder.clicked.connect(self.on_folder)

    def show_now(self) -> None:
        if not self.shop_name.hasFocus():
            self.shop_name.setText(self.settings.current.shop_name)
            self.shop_name.setCursorPosition(0)
        self.at_login.setChecked(starts_at_login())
        self.check_at.setCurrentIndex(max(0, self.check_at.findData(self.settings.current.check_at)))

    @Slot()
    def on_named(self) -> None:
        self.set(shop_name=self.shop_name.text().strip())

    @Slot(bool)
    def on_at_login(self, on: bool) -> None:
        if not self.attempt(lambda: set_start_at_login(on, self._launch)):
            self.show_now()

    @Slot()
    def on_check_at(self) -> None:
        self.set(check_at=self.check_at.currentData())

    @Slot()
    def on_folder(self) -> None:
        self._open_url(QUrl.fromLocalFile(self._folder).toString())
