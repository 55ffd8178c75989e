"""One process for a data folder, from its start to its end."""

import signal

import pytest

from tests.desktop import paynow
from tests.desktop.program import Program
from tests.desktop.waiting import wait_until

WINDOW = "^ShopWatch$"


@pytest.fixture(scope="module")
def opened(module_program: Program) -> Program:
    """A window that stays open for all who come to it."""
    module_program.settle(paynow.SECRET)
    module_program.open()
    module_program.session.window(WINDOW)
    return module_program


def test_a_second_start_brings_the_window_to_the_front(opened: Program) -> None:
    desktop = opened.session
    window = desktop.window(WINDOW)
    desktop.run("xdotool", "windowminimize", "--sync", window)
    second = opened.open()
    assert second.wait(60) == 0
    assert desktop.window(WINDOW) == window
    wait_until(lambda: desktop.active_window() == window, "the first window in front")


@pytest.mark.parametrize("asked", [signal.SIGTERM, signal.SIGINT])
def test_a_window_at_which_nothing_happens_ends_in_order_when_the_system_asks(
    program: Program, asked: signal.Signals
) -> None:
    program.settle(paynow.SECRET)
    desktop = program.open()
    program.session.window(WINDOW)
    program.url()
    desktop.send_signal(asked)
    assert desktop.wait(60) == 0
    assert not program.data.joinpath("running.json").exists()


def test_a_window_that_is_closed_while_it_begins_to_hear_ends_in_order(program: Program) -> None:
    program.settle(paynow.SECRET)
    for _ in range(2):
        desktop = program.open()
        program.session.window(WINDOW)
        desktop.send_signal(signal.SIGTERM)
        assert desktop.wait(60) == 0
        assert not program.data.joinpath("running.json").exists()


def test_the_receiver_without_a_window_refuses_beside_it(opened: Program) -> None:
    refused = opened.run("serve")
    assert refused.returncode != 0
    assert refused.stdout == ""
    assert "ShopWatch is already open on this computer." in refused.stderr
    assert len(refused.stderr.strip().splitlines()) == 1


def test_commands_read_and_change_beside_it(opened: Program) -> None:
    assert paynow.post(opened.url(), paynow.order(7)) == 200
    assert [sale["name"] for sale in opened.ask("sales", "--json")] == ["Maya Hart"]
    assert len(opened.ask("inbox", "--json")) == 1
    assert opened.ask("tunnel", "show")[0]["state"] == "online"
    assert opened.run("secret", "set", "paynow-1", stdin="pn-another-3c1f0e5ab94d42d8").returncode == 0
    renewed = paynow.order(8)
    wait_until(lambda: paynow.post(opened.url(), renewed, "pn-another-3c1f0e5ab94d42d8") == 200, "the new secret")
