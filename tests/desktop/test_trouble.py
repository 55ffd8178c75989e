"""Where a part of the desktop is missing, one plain sentence says so, and nothing is lost."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.desktop import paynow
from tests.desktop.program import Program
from tests.desktop.session import desktop_session
from tests.desktop.waiting import wait_until

WINDOW = "^ShopWatch$"

pytestmark = pytest.mark.usefixtures("desktop_programs")


@contextmanager
def program_on(**parts: bool) -> Iterator[Program]:
    with desktop_session(**parts) as session:
        program = Program(session)
        try:
            yield program
        finally:
            program.close()


def trouble(program: Program) -> list[str]:
    """The names of what `doctor` finds amiss; each has a sentence and what to do."""
    amiss = [check for check in program.ask("doctor", "--json", code=1) if not check["ok"]]
    assert all(check["sentence"] and check["hint"] for check in amiss)
    return [check["name"] for check in amiss]


def test_without_a_screen_it_says_so(program: Program) -> None:
    del program.env["DISPLAY"]
    done = program.fail_to_open()
    assert done.returncode == 3
    assert "There is no screen here to show ShopWatch on." in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_without_a_tray_the_window_opens_and_sales_arrive() -> None:
    with program_on(tray=False) as program:
        assert trouble(program) == ["tray"]
        program.settle(paynow.SECRET)
        program.open()
        program.session.window(WINDOW)
        assert paynow.post(program.url(), paynow.order(1)) == 200
        assert wait_until(program.session.pop_ups, "the pop-up")[0].title == "$19.98"


def test_without_a_notification_service_sales_arrive() -> None:
    with program_on(pop_ups=False) as program:
        assert trouble(program) == ["pop-ups"]
        checks = program.ask("doctor", "--json", code=1)
        assert "This desktop has no notification service." in [check["sentence"] for check in checks]
        program.settle(paynow.SECRET)
        program.open()
        program.session.window(WINDOW)
        assert paynow.post(program.url(), paynow.order(1)) == 200
        assert len(program.ask("sales", "--json")) == 1


def test_a_locked_password_store_asks_the_sender_to_come_again(program: Program) -> None:
    store = program.session.store
    assert store
    (source,) = program.add_paynow(paynow.SECRET)
    store.lock()
    assert "keyring" in trouble(program)
    program.open()
    program.session.window(WINDOW)
    url = program.local_url() + source["path"]
    sale = paynow.order(1)
    assert paynow.post(url, sale) == 503
    assert program.ask("sales", "--json") == []
    store.unlock()
    wait_until(lambda: paynow.post(url, sale) == 200, "an answer once it is unlocked")
    assert len(program.ask("sales", "--json")) == 1


def test_without_a_password_store_nothing_is_written_elsewhere() -> None:
    with program_on(keyring=False) as program:
        assert trouble(program) == ["keyring"]
        refused = program.run("source", "add", "paynow", "--secret-stdin", stdin=paynow.SECRET)
        assert refused.returncode == 3
        assert len(refused.stderr.strip().splitlines()) == 1
        assert program.ask("source", "list") == []
        written = [path for path in program.data.rglob("*") if path.is_file()]
        assert not [path for path in written if paynow.SECRET.encode() in path.read_bytes()]


def test_a_folder_that_cannot_be_written_is_named(program: Program) -> None:
    program.data = Path("/proc/shop")  # where not even root can write
    window = program.open()
    program.session.window("^ShopWatch$")
    program.session.press("Return")
    assert window.wait(60) == 2
    assert program.log.read_text().count("ShopWatch cannot write in /proc/shop.") == 1
