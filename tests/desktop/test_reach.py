"""docs/dependencies.md: what ShopWatch and its libraries start, write and reach, seen by the calls that they make.

keyring's macOS store once looked for a library by ldconfig, gcc and ld, at each start and on Linux too
(keyring/backends/macOS/api.py, ctypes.util.find_library).
"""

import re
import subprocess
import sys
from collections.abc import Callable
from fnmatch import fnmatchcase
from pathlib import Path

import psutil
import pytest

from tests.desktop import paynow, tracing
from tests.desktop.program import Program
from tests.desktop.waiting import wait_until

_LIST = Path(__file__).parents[2] / "docs/dependencies.md"

type Run = Callable[[Program, list[str]], None]


def _listed(kind: str, program: Program) -> list[str]:
    """The patterns of one kind in the document, with the places of this run."""
    places = {
        "DATA": str(program.data),
        "RUNTIME": program.env["XDG_RUNTIME_DIR"],
        "PYTHON": program.command()[0],
        "NGROK": program.env["PYNGROK_NGROK_PATH"],
    }
    found = re.findall(rf"^\| {kind} \| `(.+?)` \|", _LIST.read_text(), re.MULTILINE)
    assert found
    return [re.sub(r"\$([A-Z]+)", lambda name: places[name[1]], pattern) for pattern in found]


def _outside(kind: str, seen: set[str], program: Program) -> list[str]:
    allowed = _listed(kind, program)
    return sorted(each for each in seen if not any(fnmatchcase(each, pattern) for pattern in allowed))


def _open(program: Program, command: list[str]) -> subprocess.Popen[bytes]:
    with program.log.open("ab") as log:
        return subprocess.Popen(command, env=program.env, stdin=subprocess.DEVNULL, stdout=log, stderr=log)


def _sell_and_end(program: Program, process: subprocess.Popen[bytes]) -> None:
    try:
        wait_until(lambda: paynow.post(program.url(), paynow.order(7)) == 200, "a sale")
        for traced in psutil.Process(process.pid).children():
            traced.terminate()
        assert process.wait(30) == 0
    finally:
        process.kill()
        process.wait()


def _window(program: Program, before: list[str]) -> None:
    process = _open(program, [*before, *program.command()])
    program.session.window("^ShopWatch$")
    _sell_and_end(program, process)


def _serve(program: Program, before: list[str]) -> None:
    _sell_and_end(program, _open(program, [*before, *program.command("serve", "--port", "0")]))


def _commands(program: Program, before: list[str]) -> None:
    for words in (["doctor"], ["source", "list"], ["sales"], ["secret", "list"]):
        assert _open(program, [*before, *program.command(*words)]).wait(60) in {0, 1}


@pytest.mark.parametrize(
    ("run", "needs"), [(_window, "ngrok-launcher"), (_serve, "ngrok-launcher"), (_commands, "python")]
)
def test_nothing_is_started_written_or_reached_but_what_the_list_names(
    program: Program, tmp_path: Path, run: Run, needs: str
) -> None:
    """docs/attacks.md, E16."""
    told, log = tmp_path / "told", tmp_path / "calls"
    before = [*tracing.tracing(log), "--output-append-mode"]
    program.settle(paynow.SECRET)
    program.env |= {"PATH": tracing.plant(tmp_path / "planted", told), "PYTHONDONTWRITEBYTECODE": "1"}

    run(program, before)

    trace = tracing.read(log, until=frozenset([program.env["PYNGROK_NGROK_PATH"]]))
    assert not told.exists() or told.read_text() == ""
    assert any(Path(each).name.startswith(needs) for each in trace.programs)
    assert str(program.data / "ledger.sqlite3") in trace.written
    assert any(each.startswith("connect") for each in trace.reached)
    assert _outside("starts", trace.programs, program) == []
    assert _outside("writes", trace.written, program) == []
    assert _outside("reaches", trace.reached, program) == []


def test_a_stranger_among_the_calls_is_found(tmp_path: Path) -> None:
    """Were the list, or the look, blind, the test above would prove nothing."""
    log, told = tmp_path / "calls", tmp_path / "told"
    path = tracing.plant(tmp_path / "planted", told)
    strange = f"""
import ctypes.util, pathlib, socket
ctypes.util.find_library("Security")
pathlib.Path({str(tmp_path / "strange")!r}).touch()
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).connect(("127.0.0.2", 9))
"""
    command = [*tracing.tracing(log), sys.executable, "-c", strange]
    subprocess.run(command, env={"PATH": path}, check=True, timeout=60)
    trace = tracing.read(log)
    assert str(tmp_path / "planted/gcc") in trace.programs
    assert str(tmp_path / "strange") in trace.written
    assert "connect 127.0.0.2" in trace.reached
    assert "gcc" in told.read_text()
