"""The stage itself: a scenario that fails on it would say nothing about ShopWatch."""

import secretstorage
from jeepney import DBusAddress, new_method_call

from tests.desktop.session import PopUp, Session
from tests.desktop.waiting import wait_until

NOTIFICATIONS = DBusAddress(
    "/org/freedesktop/Notifications", "org.freedesktop.Notifications", "org.freedesktop.Notifications"
)


def test_shows_pop_ups_and_keeps_their_history(desktop: Session) -> None:
    notify: tuple[object, ...] = ("test", 0, "", "A sale", "12 dollars", [], {}, -1)
    with desktop.bus() as connection:
        connection.send_and_get_reply(new_method_call(NOTIFICATIONS, "Notify", "susssasa{sv}i", notify), timeout=60)
    assert wait_until(desktop.pop_ups, "the pop-up") == [PopUp("A sale", "12 dollars")]


def test_keeps_secrets_and_can_lock_them(desktop: Session) -> None:
    assert desktop.store
    with desktop.bus() as connection:
        collection = secretstorage.get_default_collection(connection)
        assert not collection.is_locked()
        collection.create_item("made up", {"service": "ShopWatch", "username": "me"}, b"hunter2")
    assert desktop.store.values() == {"me": "hunter2"}
    desktop.store.lock()
    with desktop.bus() as connection:
        assert secretstorage.get_default_collection(connection).is_locked()
    desktop.store.unlock()
    assert desktop.store.values() == {"me": "hunter2"}
