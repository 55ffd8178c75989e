"""docs/local-users.md: what another user of this computer can reach of a running window."""

import json
import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from shopwatch.host.autostart import set_start_at_login
from shopwatch.host.paths import Paths
from tests.desktop import paynow
from tests.desktop.program import Program
from tests.desktop.waiting import wait_until
from tests.stranger import try_as_stranger

_TOKEN = "2canaryTOKENcanary_9fQ4zKx7Lm"

_LOOKS = """
import os, sys
reached = []
for name in sys.argv[1:]:
    for look in (os.listdir if name.endswith("/") else lambda path: open(path, "rb"), lambda path: open(path, "ab")):
        try:
            look(name)
            reached.append(name)
        except (PermissionError, IsADirectoryError):
            pass
print(" ".join(reached))
"""

_MAKES = """
import sys
for name in sys.argv[1:]:
    try:
        open(name + "/planted", "x")
        print(name)
    except PermissionError:
        pass
"""

_POSTS = """
import sys, urllib.error, urllib.request
answers = []
for url, body in [(sys.argv[1], sys.argv[2].encode()), (sys.argv[3], None), (sys.argv[3] + "status", None)]:
    try:
        answers.append(urllib.request.urlopen(urllib.request.Request(url, body)).status)
    except urllib.error.HTTPError as error:
        answers.append(error.code)
print(answers)
"""

_READS_PROCESSES = """
import os, sys
seen = open_to_us = ""
for pid in sys.argv[1:]:
    seen += open(f"/proc/{pid}/cmdline").read()
    for part in ("environ", "mem", "maps", "fd"):
        try:
            os.listdir(f"/proc/{pid}/fd") if part == "fd" else open(f"/proc/{pid}/{part}", "rb").read(1)
            open_to_us += f" {pid}/{part}"
        except PermissionError:
            pass
print(repr((seen, open_to_us)))
"""

_GREETS_THE_BUS = r"""
import os, socket, struct, sys
def field(code, kind, text):
    made = bytes([code, 1]) + kind + b"\0" + struct.pack("<I", len(text)) + text + b"\0"
    return made + bytes(-len(made) % 8)
fields = field(1, b"o", b"/org/freedesktop/DBus") + field(6, b"s", b"org.freedesktop.DBus")
fields += field(3, b"s", b"Hello") + field(2, b"s", b"org.freedesktop.DBus")
length = len(fields.rstrip(b"\0")) + 1
hello = b"l\1\0\1" + struct.pack("<III", 0, 1, length) + fields
bus = socket.socket(socket.AF_UNIX)
bus.settimeout(5)
bus.connect(sys.argv[1])
try:
    bus.sendall(b"\0AUTH EXTERNAL " + str(os.getuid()).encode().hex().encode() + b"\r\n")
    said = bus.recv(4096)
    bus.sendall(b"BEGIN\r\n" + hello)
    answer = bus.recv(4096)
except ConnectionError:
    said = answer = b""
print("taken" if said.startswith(b"OK") and answer.startswith(b"l\2") else "refused")
"""

_ASKS_THE_AGENT = """
import sys, urllib.request
print(urllib.request.urlopen(sys.argv[1] + "/api/endpoints").read().decode())
print(urllib.request.urlopen(sys.argv[1] + "/api/requests/http").read().decode())
"""


@pytest.fixture(scope="module")
def opened(module_program: Program) -> Program:
    """A window with a sale, in a home that is as open as the system lets a home be."""
    program = module_program
    program.settle(paynow.SECRET)
    program.open()
    program.session.window("^ShopWatch$")
    wait_until(lambda: paynow.post(program.url(), paynow.order(7)) == 200, "a sale")
    program.session.folder.chmod(0o755)
    return program


def _processes(program: Program) -> list[psutil.Process]:
    named = str(program.data)
    own = [each for each in psutil.process_iter() if any(named in word for word in _words(each))]
    assert len(own) >= 2  # the window and ngrok's program
    return own


def _words(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def test_files_and_folders_are_closed(opened: Program) -> None:
    opened.data.joinpath("backups/some.zip").touch(0o600)
    files = [path for path in opened.data.rglob("*") if path.is_file()]
    assert {"ledger.sqlite3", "settings.json", "shopwatch.log"} <= {path.name for path in files}
    folders = [f"{path}/" for path in [opened.data, *opened.data.iterdir()] if path.is_dir()]
    assert try_as_stranger(_LOOKS, *folders, *map(str, files)) == ""
    assert try_as_stranger(_MAKES, *folders) == ""
    opened.data.chmod(0o755)  # the files are closed by themselves, and the look is not blind
    assert try_as_stranger(_LOOKS, *folders, *map(str, files)) == folders[0]
    opened.data.chmod(0o700)


def test_the_listener_believes_and_tells_nothing(opened: Program) -> None:
    url = opened.local_url() + "/"
    source = url + opened.url().split("/", 3)[3]
    assert try_as_stranger(_POSTS, source, "forged", url) == "[401, 404, 404]"
    assert len(opened.ask("sales", "--json")) == 1


def test_the_door_of_a_second_start_is_closed(opened: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", opened.env["XDG_RUNTIME_DIR"])
    door = Paths(opened.data).doors[0]
    assert Path(door).is_socket()
    said = try_as_stranger("import socket, sys; socket.socket(socket.AF_UNIX).connect(sys.argv[1])", door)
    assert said.startswith("PermissionError")


def test_processes_show_no_secret(opened: Program) -> None:
    pids = [str(each.pid) for each in _processes(opened)]
    arguments, opened_to_them = eval(try_as_stranger(_READS_PROCESSES, *pids))  # what `repr` made
    assert "shopwatch" in arguments
    for secret in (paynow.SECRET, _TOKEN, "Maya"):
        assert secret not in arguments
    assert opened_to_them == ""


def test_the_message_bus_takes_no_other_user(opened: Program) -> None:
    run = Path(opened.env["XDG_RUNTIME_DIR"])
    run.chmod(0o711)  # were it not closed already
    bus = run / "bus"
    ours = subprocess.run(
        [sys.executable, "-c", _GREETS_THE_BUS, bus], capture_output=True, text=True, timeout=60, check=True
    )
    assert ours.stdout.strip() == "taken"
    assert try_as_stranger(_GREETS_THE_BUS, str(bus)) == "refused"


def test_the_agent_tells_its_address_and_no_message(opened: Program) -> None:
    settings = opened.agent.journal[-1]["settings"]
    listed, requests = map(
        json.loads, try_as_stranger(_ASKS_THE_AGENT, f"http://{settings['agent']['web_addr']}").splitlines()
    )
    assert [each["name"] for each in listed["endpoints"]] == ["shopwatch"]
    assert requests["requests"] == []
    assert settings["agent"]["inspect_db_size"] == -1


def test_the_entry_for_the_start_cannot_be_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    before = os.umask(0)
    try:
        set_start_at_login(on=True, command=["shopwatch"])
    finally:
        os.umask(before)
    (entry,) = (tmp_path / "autostart").iterdir()
    assert entry.stat().st_mode & 0o777 == 0o600
