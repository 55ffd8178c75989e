"""The desktop's own notifications, by desktop-notifier. Nothing else in ShopWatch knows that library."""

import asyncio
import html
import logging
import platform
from contextlib import suppress
from pathlib import Path

from desktop_notifier import Button as SystemButton
from desktop_notifier import Capability, DesktopNotifier, Icon, Notification

from shopwatch.actions.ring.popups import absent, hidden
from shopwatch.domain.rules.popup import DesktopNotification, Service

# Its base class logs a trace for every pop-up that fails and every text at debug; PopUps says it once, without texts.
logging.getLogger("desktop_notifier").setLevel(logging.CRITICAL)


class DesktopNotifications:
    """Shows pop-ups under the name ShopWatch. After a failure it connects anew, so a service may come and go."""

    def __init__(self, icon: Path | None) -> None:
        self._icon = Icon(path=icon) if icon else None
        self._connection: DesktopNotifier | None = None
        self._service = Service()

    async def show(self, notice: DesktopNotification) -> None:
        try:
            notifier = await self._connect_service()
            await _clear_shown(notifier, (notice.key, *notice.ends))
            arrived = False

            def dispatched() -> None:
                nonlocal arrived
                arrived = True

            await notifier.send_notification(
                Notification(
                    title=notice.title,
                    message=html.escape(notice.text, quote=False) if self._service.markup else notice.text,
                    buttons=tuple(
                        SystemButton(button.label, button.pressed, identifier=f"{notice.key}-{place}")
                        for place, button in enumerate(notice.buttons)
                        if self._service.buttons
                    ),
                    on_clicked=notice.clicked,
                    on_dispatched=dispatched,
                    timeout=notice.stays,
                    identifier=notice.key,
                )
            )
        except asyncio.CancelledError:
            self._connection = None
            raise
        except Exception as failure:
            # D-Bus, WinRT and Cocoa each fail with kinds of their own, and none of them may harm a sale.
            self._connection = None
            raise hidden() from failure
        if not arrived:
            self._connection = None
            raise hidden()

    async def check(self) -> Service:
        try:
            await self._connect_service()
        except Exception:  # a desktop that only hides pop-ups answers what it is asked here
            self._connection = None
            return Service(problem=absent())
        return self._service

    async def _connect_service(self) -> DesktopNotifier:
        if self._connection is None:
            notifier = DesktopNotifier("ShopWatch", self._icon)
            buttons = Capability.BUTTONS in await notifier.get_capabilities()
            name, markup = await _read_server(notifier)
            self._service = Service(name, buttons, markup)
            self._connection = notifier
        return self._connection


async def _clear_shown(notifier: DesktopNotifier, keys: tuple[str, ...]) -> None:
    shown = await notifier.get_current_notifications()
    for key in keys:
        if key in shown:
            with suppress(KeyError):  # it was closed by the owner a moment ago
                await notifier.clear(key)


async def _read_server(notifier: DesktopNotifier) -> tuple[str, bool]:
    """The service's name, and whether it reads markup in the text.

    A freedesktop service tells both, but the library has no word for them among its capabilities; elsewhere text is
    always plain.
    """
    interface = getattr(notifier._backend, "interface", None)
    if interface is None:
        return platform.system(), False
    name, _, version, _ = await interface.call_get_server_information()
    return f"{name} {version}".strip(), "body-markup" in await interface.call_get_capabilities()
