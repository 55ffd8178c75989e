import json
import logging
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from shopwatch.host import logs
from shopwatch.ledger.text_keys import storable
from shopwatch.secrets.redaction import redact
from tests.trouble import ALL

SECRET = "whsec_canary_0123456789"
HOSTILE = "PAID\x1b[31m\r\n2026 INFO forged\x00\u2028\u202e\x7f\x85"


@pytest.fixture
def folder(tmp_path: Path, own_logging: None) -> Path:
    logs.configure(tmp_path)
    return tmp_path


def written(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "shopwatch.log").read_bytes().split(b"\n") if line]


def test_a_record_is_one_line_of_json_for_this_user_only(folder: Path) -> None:
    logging.getLogger("shopwatch.test").info("stored %d sales", 3)
    (line,) = written(folder)
    assert (line["level"], line["from"], line["message"]) == ("info", "shopwatch.test", "stored 3 sales")
    assert line["time"].endswith("+00:00")
    assert stat.S_IMODE((folder / "shopwatch.log").stat().st_mode) == 0o600


def test_whatever_a_sender_wrote_stays_in_one_line_of_plain_ascii(folder: Path) -> None:
    logging.getLogger("shopwatch.test").info("name: %s", HOSTILE)
    raw = (folder / "shopwatch.log").read_bytes()
    assert all(0x20 <= byte < 0x7F for byte in raw[:-1])
    assert raw.endswith(b"\n")
    assert written(folder)[0]["message"] == f"name: {HOSTILE}"


def test_every_text_that_makes_trouble_is_one_line(folder: Path) -> None:
    texts = [text for text in map(storable, ALL) if len(text) < 1_000]
    for text in texts:
        logging.getLogger("shopwatch.test").info("name: %s", text)
    raw = (folder / "shopwatch.log").read_bytes()
    assert all(0x20 <= byte < 0x7F or byte == 0x0A for byte in raw)
    assert [line["message"] for line in written(folder)] == [f"name: {text}" for text in texts]


def test_a_lone_surrogate_is_written_too(tmp_path: Path) -> None:
    # In a process of its own: pytest-xdist cannot carry such text in its reports.
    program = (
        "import logging, sys; from pathlib import Path; from shopwatch.host import logs\n"
        "logs.configure(Path(sys.argv[1])); logging.getLogger('shopwatch.test').warning('name: %s', 'a\\ud800b')\n"
    )
    done = subprocess.run([sys.executable, "-c", program, str(tmp_path)], capture_output=True, check=True)
    assert written(tmp_path)[0]["message"] == "name: a\ud800b"
    assert done.stderr.decode().strip().endswith(r"name: a\ud800b")


def test_a_line_for_a_person_holds_no_control_character_and_no_traceback(
    folder: Path, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    logs.configure(folder)
    try:
        raise ValueError(HOSTILE)
    except ValueError:
        logging.getLogger("shopwatch.test").exception("it failed for %s", HOSTILE)
    logging.getLogger("shopwatch.test").info("nothing to see")
    (line,) = capsys.readouterr().err.splitlines()
    assert line.isprintable()
    assert "ValueError" in line
    caplog.clear()


def test_secrets_are_hidden_in_messages_and_tracebacks_and_locals_are_not_shown(
    folder: Path, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    logs.configure(folder)
    redact(SECRET)
    payload = "customer@example.com"
    try:
        raise RuntimeError(f"token {SECRET} refused")
    except RuntimeError as error:
        logging.getLogger("shopwatch.test").error("sent %r", {"a": SECRET.encode()}, exc_info=error)
    (line,) = written(folder)
    shown = json.dumps(line) + capsys.readouterr().err
    assert SECRET[:8] not in shown
    assert payload not in shown.replace('payload = "customer@example.com"', "")
    assert "RuntimeError" in line["error"]
    caplog.clear()


def test_a_record_that_cannot_be_put_together_is_still_written(folder: Path) -> None:
    logging.getLogger("shopwatch.test").info("%d sales", "three")
    assert written(folder)[0]["message"] == "%d sales"


def test_the_log_turns_over_and_never_grows_past_five_files(folder: Path) -> None:
    log = logging.getLogger("shopwatch.test")
    for _ in range(62):
        log.info("x" * 500_000)
    files = sorted(file.name for file in folder.iterdir())
    assert files == ["shopwatch.log", *(f"shopwatch.log.{n}" for n in range(1, 5))]
    assert all(file.stat().st_size <= 5_000_000 for file in folder.iterdir())
    assert all(stat.S_IMODE(file.stat().st_mode) == 0o600 for file in folder.iterdir())


def test_a_planted_link_is_not_written_through(
    tmp_path: Path, own_logging: None, caplog: pytest.LogCaptureFixture
) -> None:
    target = tmp_path / "elsewhere"
    target.touch()
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "shopwatch.log").symlink_to(target)
    logs.configure(tmp_path / "logs")
    logging.getLogger("shopwatch.test").info("hello")
    assert target.read_bytes() == b""
    assert "no log can be written" in caplog.text
    caplog.clear()
