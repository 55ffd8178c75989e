"""Where every failure ends that nobody foresaw: logged once, and shown in a window that can be copied."""

import asyncio
import logging
import sys
import threading
import traceback
from collections.abc import Iterator
from types import TracebackType
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import say
from shopwatch.secrets.redaction import hide
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.widgets.frames.layout import STRETCH, column, row
from shopwatch.ui.widgets.inputs.buttons import Button
from shopwatch.ui.widgets.texts.report import Report

_log = logging.getLogger(__name__)

_AT_MOST = 20


class CrashReporter(QObject):
    """The one destination of the three hooks: Python's, the threads' and the loop's.

    Signals: `user_error_met(UserError)`, for what the owner can mend; `defect_met(str)`, with redacted details.
    """

    user_error_met = Signal(object)
    defect_met = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._seen: set[str] = set()

    def install(self, loop: asyncio.AbstractEventLoop) -> None:
        """Take over all three hooks of this process."""
        sys.excepthook = self._on_exception
        threading.excepthook = self._on_thread_exception
        loop.set_exception_handler(self._on_loop_exception)

    def report(self, failure: BaseException) -> None:
        """Log the failure and show it, each defect once."""
        if isinstance(failure, asyncio.CancelledError | KeyboardInterrupt | SystemExit):
            return
        if isinstance(failure, UserError):
            _log.warning("%s", failure)
            self.user_error_met.emit(failure)
            return
        _log.error("a defect", exc_info=failure)
        details = hide("\n".join(places(failure)))
        if details not in self._seen and len(self._seen) < _AT_MOST:
            self._seen.add(details)
            self.defect_met.emit(details)

    def _on_exception(self, _kind: type[BaseException], failure: BaseException, _trace: TracebackType | None) -> None:
        self.report(failure)

    def _on_thread_exception(self, about: threading.ExceptHookArgs) -> None:
        if about.exc_value is not None:
            self.report(about.exc_value)

    def _on_loop_exception(self, _loop: asyncio.AbstractEventLoop, about: dict[str, Any]) -> None:
        failure = about.get("exception")
        if isinstance(failure, BaseException):
            self.report(failure)
        else:
            _log.warning("the loop says: %s", about.get("message"))


def places(failure: BaseException) -> Iterator[str]:
    """Where it failed and what kind of failure it was, with those that led to it first; not what was said of it, which
    may name customers and sums."""
    known: set[int] = set()

    def tell(each: BaseException | None) -> Iterator[str]:
        if each is None or id(each) in known:
            return
        known.add(id(each))
        yield from tell(each.__cause__ or each.__context__)
        yield from (line.rstrip() for line in traceback.format_tb(each.__traceback__))
        yield type(each).__qualname__
        for one in each.exceptions if isinstance(each, BaseExceptionGroup) else ():
            yield from tell(one)

    yield from tell(failure)


class DefectWindow(QWidget):
    """Says that something is broken in ShopWatch, what goes on working, and what to send us."""

    def __init__(self, theme: Theme, details: str) -> None:
        super().__init__()
        self.setWindowTitle(say("Something went wrong in ShopWatch"))
        self.setMinimumSize(theme.px(640), theme.px(420))
        heading = theme.label(say("Something went wrong in ShopWatch"), "heading")
        text = theme.label(
            say(
                "This is a mistake in the program, not in your shop. Sales go on coming in and being kept. "
                "The details below hold no names, amounts or secrets; send them to us if you like."
            ),
            ink="text2",
        )
        text.setWordWrap(True)
        report = Report(theme, details)
        close = Button(theme, say("Close"))
        close.clicked.connect(self.close)
        column(
            heading,
            text,
            (report, 1),
            row(STRETCH, report.copy_button, close, gap=12),
            inside=self,
            margins=(24, 24, 24, 16),
            gap=12,
        )
