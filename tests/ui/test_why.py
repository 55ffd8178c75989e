"""Why a problem came about, from the banner that tells of it."""

import errno
import sqlite3
from collections.abc import Callable
from contextlib import closing

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QPushButton, QWidget

from shopwatch.domain.connection.allowance import running_out
from shopwatch.domain.connection.endpoint import Endpoint, Registered, Standing
from shopwatch.domain.connection.ownership import At, Home
from shopwatch.domain.connection.reach import Reach, ReachState
from shopwatch.domain.errors import Outage, UserError
from shopwatch.domain.instant import HOUR, MINUTE
from shopwatch.presenting.status.banner import BannerProblem, problem_of
from shopwatch.presenting.status.causes import cause_of
from shopwatch.presenting.times import local
from shopwatch.runtime.clock_skew import clock_problem
from shopwatch.ui.widgets.frames.problem_banner import ProblemBanner
from shopwatch.ui.widgets.frames.why_dialog import WhyDialog
from tests.ui.conftest import Opened
from tests.ui.fake_ledger import NOON
from tests.ui.fake_shop import PAYNOW, FakeShop

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints", extend=True)

type OpenWindow = Callable[[FakeShop], Opened]

TODAY = local(NOON).date()
LOCKED = UserError("Your password store is locked.", "Unlock it.", code="vault-locked")
NO_STORE = UserError("This computer has no password store.", "Install one.", code="vault-missing")
OFFLINE = UserError("This computer is not on the internet.", code="no-internet")


def home(at: At) -> FakeShop:
    shop = FakeShop()
    shop.settings.change(home=Home(at, NOON))
    return shop


def full() -> Outage:
    try:
        try:
            raise OSError(errno.ENOSPC, "No space for Maya Lindqvist", "/home/owner/secret-place")
        except OSError as below:
            raise Outage("The disk is full.", "Free some space.", code="disk-full") from below
    except Outage as problem:
        return problem


def register(**more: object) -> FakeShop:
    endpoint = Endpoint("wh-1", FakeShop().address.of(PAYNOW), **more)  # type: ignore[arg-type]
    return FakeShop(endpoints={PAYNOW.id: Registered(PAYNOW.id, endpoint, NOON, NOON)})


PROBLEMS = {
    "disk-full": lambda: FakeShop(ledger_problem=full()),
    "vault-locked": lambda: FakeShop(vault_problem=LOCKED),
    "vault-missing": lambda: FakeShop(vault_problem=NO_STORE),
    "no-internet": lambda: FakeShop(reach=Reach(ReachState.SILENT, NOON - HOUR, problem=OFFLINE)),
    "address-silent": lambda: FakeShop(reach=Reach(ReachState.SILENT, NOON - HOUR)),
    "home-away": lambda: home(At.AWAY),
    "home-moving-in": lambda: home(At.MOVING_IN),
    "endpoint-off": lambda: register(standing=Standing.OFF),
    "address-old": lambda: FakeShop(stale_sources=(PAYNOW,)),
    "clock-wrong": lambda: FakeShop(clock_problem=clock_problem(-9 * MINUTE)),
    "ngrok-allowance": lambda: FakeShop(allowance_problem=running_out(16_412, "en_US")),
}


def banner(opened: Opened) -> ProblemBanner:
    [found] = [each for each in opened.sales.banner.findChildren(ProblemBanner) if not each.isHidden()]
    return found


def button(inside: QWidget, text: str) -> QPushButton:
    [found] = [each for each in inside.findChildren(QPushButton) if each.text() == text and each.isVisible()]
    return found


def asked(opened: Opened, question: str = "Why does this happen?") -> WhyDialog:
    button(banner(opened), question).click()
    [dialog] = [each for each in opened.window.findChildren(WhyDialog) if each.isVisible()]
    return dialog


def details(dialog: WhyDialog) -> str:
    [area] = dialog.findChildren(QPlainTextEdit)
    return area.toPlainText()


@pytest.mark.parametrize("code", PROBLEMS)
def test_every_banner_says_why_and_names_the_problem_for_who_looks_into_it(code: str, open_window: OpenWindow) -> None:
    shop = PROBLEMS[code]()
    problem = problem_of(shop, TODAY)
    assert problem is not None
    assert problem.why

    opened = open_window(shop)
    dialog = asked(opened, "What does this mean?" if code == "vault-locked" else "Why does this happen?")

    assert problem.why in [each.text() for each in dialog.findChildren(QLabel)]
    assert details(dialog).splitlines()[0] == f"Problem: {code}"
    button(dialog, "Close").click()
    assert not dialog.isVisible()


def test_the_details_are_copied(open_window: OpenWindow) -> None:
    dialog = asked(open_window(FakeShop(ledger_problem=full())))

    button(dialog, "Copy details").click()

    assert QGuiApplication.clipboard().text() == details(dialog)
    assert button(dialog, "Copied")


def test_of_what_lies_below_only_kind_and_number_are_told(open_window: OpenWindow) -> None:
    told = details(asked(open_window(FakeShop(ledger_problem=full()))))
    assert "builtins.OSError No space left on device" in told
    assert "Maya" not in told
    assert "secret-place" not in told


def test_what_failed_in_passing_can_be_asked_about_too(open_window: OpenWindow) -> None:
    opened = open_window(FakeShop())
    opened.sales.banner.on_failed(UserError("The file cannot be written.", "Choose another folder.", code="export"))
    dialog = asked(opened)
    assert details(dialog).startswith("Problem: export\n")
    assert "Choose another folder." in [each.text() for each in dialog.findChildren(QLabel)]


def test_good_news_ask_nothing(open_window: OpenWindow) -> None:
    opened = open_window(FakeShop())
    opened.sales.banner.pass_by(BannerProblem("ok", "lock-open", "Your password store is open", ""))
    texts = [each.text() for each in banner(opened).findChildren(QPushButton) if each.isVisible()]
    assert texts == []


def test_a_cause_is_found_though_nobody_was_meant_to_see_it() -> None:
    def fail() -> None:
        try:
            with closing(sqlite3.connect(":memory:")) as store:
                store.execute("SELECT nothing FROM nowhere")
        except sqlite3.Error:
            raise UserError("The sales file cannot be read.") from None

    with pytest.raises(UserError) as caught:
        fail()
    assert cause_of(caught.value) == "sqlite3.OperationalError SQLITE_ERROR"
    assert cause_of(None) == ""
