"""A machine without a screen and a password store: secrets that are sealed, and a ledger that moves."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests import servers
from tests.cli.conftest import SECRET, Done, Program
from tests.torture.books import SECRET as SIGNED
from tests.torture.books import message

WORDS = "four words are enough"


@pytest.fixture
def words(tmp_path: Path) -> Path:
    file = tmp_path / "words"
    file.write_text(f"{WORDS}\n")
    return file


def _run(program: Program, words: Path, *arguments: str, stdin: str = "") -> Done:
    """A command that is given the passphrase by a descriptor."""
    with words.open("rb") as given:
        done = subprocess.run(
            [sys.executable, "-m", "shopwatch", "--passphrase-fd", str(given.fileno()), *arguments],
            env=program.env,
            input=stdin,
            capture_output=True,
            text=True,
            pass_fds=(given.fileno(),),
            timeout=60,
            check=False,
        )
    return Done(done.returncode, done.stdout, done.stderr)


def _serve(program: Program, words: Path, *options: str) -> "tuple[subprocess.Popen[str], int]":
    serve = (sys.executable, "-m", "shopwatch", "serve")
    with words.open("rb") as given:
        process = subprocess.Popen(
            [*serve, "--passphrase-fd", str(given.fileno()), "--port", "0", *options],
            env=program.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            pass_fds=(given.fileno(),),
        )
    program.serving.append(process)
    assert process.stdout is not None
    return process, int(json.loads(process.stdout.readline())["port"])


async def _sell(port: int, path: str, number: int) -> int:
    body, headers = message(number, time.time())
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"http://127.0.0.1:{port}{path}", data=body, headers=headers) as answer,
    ):
        return answer.status


def test_without_a_password_store_a_secret_is_sealed_in_the_ledger(bare: Program, words: Path) -> None:
    added = _run(bare, words, "source", "add", "paynow", "--secret-stdin", stdin=SECRET)
    assert added.code == 0, added.words

    (held,) = _run(bare, words, "secret", "list").lines
    assert (held["secrets"], held["backend"].rpartition(".")[2]) == (1, "SealedVault")
    kept = b"".join(file.read_bytes() for file in bare.folder.rglob("*") if file.is_file())
    assert SECRET.encode() not in kept
    assert WORDS.encode() not in kept


def test_other_words_are_refused_and_none_are_asked_for(bare: Program, words: Path, tmp_path: Path) -> None:
    assert _run(bare, words, "source", "add", "paynow", "--secret-stdin", stdin=SECRET).code == 0
    other = tmp_path / "other"
    other.write_text("four other words here")

    refused = _run(bare, other, "secret", "list")
    assert refused.code == 3
    assert refused.words == (
        "The shop’s secrets do not open with this key. "
        "Start ShopWatch with the passphrase or key that they were sealed with.\n"
    )
    without = bare.run("secret", "list")
    assert without.code == 3
    assert "password store" in without.words


def test_the_doctor_looks_where_the_secrets_are(bare: Program, words: Path) -> None:
    (check,) = [each for each in _run(bare, words, "doctor", "--json").lines if each["name"] == "keyring"]
    assert check["ok"]
    assert check["sentence"] == "The shop’s ledger keeps, gives back and forgets secrets."


def test_a_credential_of_systemd_opens_them_too(bare: Program, tmp_path: Path) -> None:
    (tmp_path / "credentials").mkdir()
    (tmp_path / "credentials" / "shopwatch.key").write_bytes(os.urandom(32))
    bare.env["CREDENTIALS_DIRECTORY"] = str(tmp_path / "credentials")

    assert bare.run("source", "add", "paynow", "--secret-stdin", stdin=SECRET).code == 0
    (held,) = bare.run("secret", "list").lines
    assert held["secrets"] == 1


async def test_a_ledger_moves_while_it_receives_and_is_found_again(bare: Program, words: Path, tmp_path: Path) -> None:
    path = _run(bare, words, "source", "add", "paynow", "--secret-stdin", stdin=SIGNED).lines[0]["path"]
    process, port = _serve(bare, words)
    assert [await _sell(port, path, number) for number in range(1, 6)] == [200] * 5

    place = f"sqlite:///{tmp_path / 'elsewhere' / 'ledger.sqlite3'}"
    moved = _run(bare, words, "ledger", "move", place)

    assert moved.lines[0] | {"rows": 0, "totals": {}} == {
        "moved": True, "to": place, "rows": 0, "messages": 5, "sales": 5, "totals": {}
    }  # fmt: skip
    assert await _sell(port, path, 6) == 503
    _, said = process.communicate(timeout=30)
    assert said == f"The shop’s sales are kept in another place now. Start ShopWatch with --database {place}\n"
    _, port = _serve(bare, words)
    assert [await _sell(port, path, number) for number in (5, 6)] == [200] * 2
    assert len(_run(bare, words, "sales").lines) == 6
    bare.stop()


async def test_whoever_watches_over_a_server_reads_of_each_sale_but_not_whose_it_is(
    bare: Program, words: Path, tmp_path: Path
) -> None:
    added = _run(bare, words, "source", "add", "paynow", "--secret-stdin", stdin=SIGNED).lines[0]
    admin = f"127.0.0.1:{servers.free_port()}"
    process, port = _serve(bare, words, "--verbose", "--admin", admin)
    assert [await _sell(port, added["path"], number) for number in (1, 2, 2)] == [200] * 3
    async with aiohttp.ClientSession() as session, session.get(f"http://{admin}/metrics") as answer:
        told = await answer.text()
    sums = {each.name: sum(sample.value for sample in each.samples) for each in text_string_to_metric_families(told)}
    assert (sums["shopwatch_sales"], sums["shopwatch_committed_messages"]) == (2, 3)
    assert 1 <= sums["shopwatch_groups"] <= 3

    place = f"sqlite:///{tmp_path / 'elsewhere' / 'ledger.sqlite3'}"
    _run(bare, words, "ledger", "move", place)
    assert await _sell(port, added["path"], 3) == 503
    _, logged = process.communicate(timeout=30)
    lines = [json.loads(line) for line in logged.splitlines()]
    sales = [line for line in lines if "sale" in line]
    assert [line | {"time": "", "from": ""} for line in sales] == [
        {
            "time": "",
            "level": "info",
            "from": "",
            "message": f"sale {number} of {added['id']}: new, paid",
            "sale": number,
            "source": added["id"],
            "change": "new",
            "state": "paid",
            "practice": False,
        }
        for number in (1, 2)
    ]
    assert [line["message"] for line in lines if line["level"] == "warning"] == [
        f"The shop’s sales are kept in another place now. Start ShopWatch with --database {place}"
    ]
    assert "@" not in logged
