"""The main job with real parts: from nothing, by keyboard alone, to a sale that rings and survives a crash."""

import base64

import psutil

from tests.desktop import paynow
from tests.desktop.program import Program
from tests.desktop.waiting import wait_until

TOKEN = "2canaryTOKENcanary_9fQ4zKx7Lm"

# In the assistant's list of steps, a place in the mark of each step beside its number; the step in sight has accent.
STEP_MARKS = {2: (36, 197), 3: (36, 261), 4: (36, 325)}
ACCENT = "#0B6787"

# From the field of the API key over its eye, Paste, two links and Back to “Do it by hand”.
TABS_TO_BY_HAND = 6

# In the main window, the first line of the table; text on it has many more shades than an empty one.
FIRST_LINE = "1200x34+212+218"
SHADES_OF_TEXT = 30


def test_a_shop_is_set_up_by_keyboard_and_a_sale_rings_and_survives_a_crash(program: Program) -> None:
    desktop = program.session
    first = program.open()
    walk_through_the_assistant(program)

    window = desktop.window("^ShopWatch$")
    empty = desktop.look(window, FIRST_LINE)
    assert paynow.post(program.url(), paynow.order(1)) == 200
    pop_up = wait_until(desktop.pop_ups, "the pop-up")[0]
    assert pop_up.title == "$19.98"
    assert "Maya Hart" in pop_up.body
    wait_until(lambda: has_line(program, window, empty), "a line in the table")
    (sale,) = program.ask("sales", "--json")
    assert (sale["name"], sale["amount_minor"], sale["currency"]) == ("Maya Hart", 1998, "USD")
    assert_secrets_are_nowhere(program, first.pid)

    first.kill()
    first.wait()
    program.open()
    window = desktop.window("^ShopWatch$")
    wait_until(lambda: has_line(program, window, empty), "the line again after the crash")
    assert program.ask("sales", "--json") == [sale]
    wait_until(lambda: paynow.post(program.url(), paynow.order(2)) == 200, "the way in again")
    assert len(program.ask("sales", "--json")) == 2


def walk_through_the_assistant(program: Program) -> None:
    desktop = program.session
    assistant = desktop.window("^Set up ShopWatch$")
    wait_until(lambda: desktop.active_window() == assistant, "the assistant has the keyboard")

    def step(number: int) -> bool:
        return desktop.pixel(assistant, *STEP_MARKS[number]) == ACCENT

    desktop.press("Return")
    wait_until(lambda: step(2), "the step of the public address")
    desktop.type(TOKEN)
    desktop.press("Return")
    wait_until(lambda: step(3), "the step of the secret, once the address answers")
    for _ in range(TABS_TO_BY_HAND):
        desktop.press("Tab")
    desktop.press("Return")
    desktop.type(paynow.SECRET)
    desktop.press("Return")
    wait_until(lambda: step(4), "the step of connecting")
    desktop.press("Return")
    assert wait_until(desktop.clipboard, "the address in the clipboard") == program.url()
    desktop.press("Return")


def has_line(program: Program, window: str, empty: tuple[int, str]) -> bool:
    look = program.session.look(window, FIRST_LINE)
    return look != empty and look[0] > SHADES_OF_TEXT


def assert_secrets_are_nowhere(program: Program, pid: int) -> None:
    """In the password store, and in no file, argument or variable, however it may be written."""
    assert program.session.store
    kept = program.session.store.values().values()
    assert any(paynow.SECRET in value for value in kept)
    assert TOKEN in kept

    written = {str(path): path.read_bytes() for path in program.data.rglob("*") if path.is_file()}
    assert written
    window = psutil.Process(pid)
    for process in (window, *window.children(recursive=True)):
        written[f"process {process.name()}"] = f"{process.cmdline()} {process.environ()}".encode()
    for secret in (paynow.SECRET.encode(), TOKEN.encode()):
        for spelling in (secret, secret[::-1], secret.hex().encode(), base64.b64encode(secret)):
            assert not [place for place, content in written.items() if spelling in content]
