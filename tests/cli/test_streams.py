"""What a command reads and writes is the same on every machine, and whoever hangs up ends nothing badly."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import IO

import pytest

from tests.cli.conftest import Program

# How a system without UTF-8 looks to Python; Windows' pipes are one.
_ELSEWHERE = {"PYTHONIOENCODING": "latin-1"}
_FULL = Path("/dev/full")


def started(program: Program, *arguments: str, **more: object) -> subprocess.CompletedProcess[bytes]:
    """The command from nothing, with streams of the test's own."""
    command = [sys.executable, "-m", "shopwatch", *arguments]
    given = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **more}
    return subprocess.run(command, env=_ELSEWHERE | program.env, check=False, **given)  # type: ignore[call-overload,no-any-return]


def test_json_is_utf_8_wherever_it_is_written(bare: Program) -> None:
    assert bare.run("source", "add", "stripe", "--name", "Größe ✓").code == 0
    done = started(bare, "source", "list")
    assert json.loads(done.stdout.decode("utf-8"))["name"] == "Größe ✓"
    assert (done.returncode, done.stderr) == (0, b"")


ODD = "a\u009b31mred\u0090q\u009c \u202e\u2028\u3164"


def test_what_is_printed_holds_nothing_that_a_terminal_obeys_or_nobody_sees(bare: Program) -> None:
    """docs/attacks.md, F6: escaped in JSON, which says the same once it is read, and written out in words."""
    rule = json.dumps({"when": "sale-paid", "name": ODD, "then": [{"do": "ring"}]})
    made = bare.run("rule", "add", stdin=rule)
    for done in (made, bare.run("rule", "list")):
        assert done.code == 0, done.words
        assert [line for line in done.out.split("\n") if not line.isprintable()] == []
        assert "\u3164" not in done.out
        assert ODD in (line["name"] for line in done.lines)
    refused = bare.run("sales", "--source", ODD + "x")
    assert refused.code == 2
    assert "a\u27e8U+009B\u27e931mred" in refused.words
    assert all(line.isprintable() and "\u3164" not in line for line in refused.words.split("\n"))


def test_a_secret_that_is_no_text_is_refused_in_a_sentence(shopwatch: Program) -> None:
    shopwatch.env["PYTHONIOENCODING"] = "utf-8:strict"
    done = started(shopwatch, "source", "add", "stripe", "--secret-stdin", stdin=None, input=b"\xff\xfe" * 20)
    assert done.returncode == 2
    assert b"cannot be seen" in done.stderr
    assert b"Traceback" not in done.stderr


def test_a_rule_that_windows_wrote_is_read(bare: Program) -> None:
    rule = b'\xef\xbb\xbf{"when": "sale-paid", "name": "\xc3\xa9", "then": [{"do": "ring"}]}\r\n'
    done = started(bare, "rule", "add", stdin=None, input=rule)
    assert json.loads(done.stdout)["name"] == "é", done.stderr


@pytest.mark.parametrize("command", [("source", "list"), ("sales", "--csv"), ("--help",), ("demo", "--help")])
def test_a_reader_that_has_enough_ends_a_command_well(bare: Program, command: tuple[str, ...]) -> None:
    bare.run("source", "add", "stripe")
    gone, end = os.pipe()
    os.close(gone)
    done = started(bare, *command, stdout=end)
    os.close(end)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.skipif(not _FULL.exists(), reason="only Linux has a file that is always full")
@pytest.mark.parametrize("command", [("source", "list"), ("sales", "--csv"), ("--help",), ("--version",)])
def test_no_room_for_the_answer_is_an_outage(bare: Program, command: tuple[str, ...]) -> None:
    bare.run("source", "add", "stripe")
    with _FULL.open("wb") as full:
        done = started(bare, *command, stdout=full)
    assert (done.returncode, done.stderr) == (3, b"The disk is full. Free some space, then try again.\n")


@pytest.mark.skipif(not _FULL.exists(), reason="only Linux has a file that is always full")
def test_no_room_for_the_words_changes_nothing(bare: Program) -> None:
    with _FULL.open("wb") as full:
        assert started(bare, "source", "remove", "nobody", stderr=full).returncode == 2


@pytest.mark.skipif(os.name != "posix", reason="types at a terminal of Unix")
@pytest.mark.parametrize(("again", "code"), [("a long enough phrase", 0), ("a long enough phrasw", 2)])
def test_a_new_passphrase_that_is_typed_unseen_is_typed_twice(
    shopwatch: Program, tmp_path: Path, again: str, code: int
) -> None:
    done = typed(
        shopwatch,
        ("backup", str(tmp_path / "shop.backup"), "--with-secrets"),
        b"a long enough phrase\n",
        again.encode() + b"\n",
    )
    assert done.returncode == code, done.stderr
    assert (tmp_path / "shop.backup").exists() == (code == 0)
    assert ("two passphrases" in done.stderr) == (code == 2)


@pytest.mark.skipif(os.name != "posix", reason="types at a terminal of Unix")
@pytest.mark.parametrize("nothing", [b"\n", b"\x04"], ids=["enter", "ctrl-d"])
def test_nothing_typed_where_a_passphrase_is_asked_for_is_refused(
    bare: Program, tmp_path: Path, nothing: bytes
) -> None:
    file = str(tmp_path / "shop.backup")
    for command in (("backup", file, "--with-secrets", "--move"), ("restore", file, "--with-secrets")):
        done = typed(bare, command, nothing)
        assert done.returncode == 2, done.stderr
        assert "No passphrase came in. Do it again" in done.stderr
    assert list(tmp_path.iterdir()) == []
    done = typed(bare, ("secret", "set", "stripe"), nothing)
    assert (done.returncode, "No secret came in. Do it again" in done.stderr) == (2, True)


def typed(program: Program, arguments: tuple[str, ...], *answers: bytes) -> subprocess.CompletedProcess[str]:
    """The command at a terminal, where each of its questions is answered by these keys."""
    import pty

    keyboard, terminal = pty.openpty()
    command = [sys.executable, "-m", "shopwatch", *arguments]
    process = subprocess.Popen(command, env=program.env, stdin=terminal, stderr=subprocess.PIPE, start_new_session=True)
    assert process.stderr is not None
    for keys in answers:
        _read_prompt(process.stderr)
        os.write(keyboard, keys)
    words = process.stderr.read().decode()
    code = process.wait(timeout=60)
    process.stderr.close()
    os.close(keyboard)
    os.close(terminal)
    return subprocess.CompletedProcess(command, code, stderr=words)


def _read_prompt(words: IO[bytes]) -> None:
    while (read := words.read(1)) and read != b":":
        pass


@pytest.mark.skipif(os.name != "posix", reason="closes streams as a shell of Unix does")
def test_closed_streams_hinder_nothing(bare: Program) -> None:
    command = f"exec {sys.executable} -m shopwatch source add stripe >&- 2>&- <&-"
    assert subprocess.run(["sh", "-c", command], env=bare.env, check=False).returncode == 0
    assert [line["provider"] for line in bare.run("source", "list").lines] == ["stripe"]
    command = f"exec {sys.executable} -m shopwatch secret set stripe <&-"
    done = subprocess.run(["sh", "-c", command], env=bare.env, check=False, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("No secret came in.")


def test_ctrl_c_while_a_command_is_still_loading_ends_it_in_silence(bare: Program) -> None:
    program = """
import signal, sys
class Hasty:
    def find_spec(self, name, *_):
        if name == "typer":
            signal.raise_signal(signal.SIGINT)
sys.meta_path.insert(0, Hasty())
from shopwatch.__main__ import main
sys.exit(main())
"""
    done = subprocess.run([sys.executable, "-c", program], env=bare.env, check=False, capture_output=True)
    assert (done.returncode, done.stdout, done.stderr) == (130, b"", b"")
