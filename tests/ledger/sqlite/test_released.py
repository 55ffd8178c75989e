"""What a released version left on disk is brought up to date, and tells the same (docs/attacks.md, P20)."""

import json
import shutil
import sqlite3
from pathlib import Path

import pytest

from tests.ledger.releases import FOLDER, keep, make, tells

RELEASED = sorted(each.stem for each in FOLDER.glob("*.sqlite3"))


@pytest.mark.parametrize("version", RELEASED)
def test_a_ledger_of_a_released_version_tells_what_it_told_then(version: str, tmp_path: Path) -> None:
    shutil.copy(FOLDER / f"{version}.sqlite3", tmp_path)
    said = json.loads((FOLDER / f"{version}.json").read_text())

    assert json.loads(json.dumps(tells(tmp_path / f"{version}.sqlite3"))) == said


def test_what_is_kept_of_a_version_has_something_of_each_kind(tmp_path: Path) -> None:
    make(tmp_path / "now.sqlite3")
    told = tells(tmp_path / "now.sqlite3")

    assert all(told.values()), "an empty list would be brought up to date by any mistake"
    connection = sqlite3.connect(tmp_path / "now.sqlite3")
    (size,) = connection.execute("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size").fetchone()
    connection.close()
    assert size < 500_000
    assert tells(tmp_path / "now.sqlite3") == told


def test_what_was_released_is_never_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.ledger.releases.FOLDER", tmp_path)
    keep("1.2.0")
    assert {each.name for each in tmp_path.iterdir()} == {"1.2.0.sqlite3", "1.2.0.json"}
    with pytest.raises(FileExistsError):
        keep("1.2.0")


def test_a_ledger_that_tells_too_little_is_noticed(tmp_path: Path) -> None:
    make(tmp_path / "cut.sqlite3")
    whole = tells(tmp_path / "cut.sqlite3")
    connection = sqlite3.connect(tmp_path / "cut.sqlite3")
    connection.execute("UPDATE sales SET kept = kept + 1")
    connection.commit()
    connection.close()

    assert tells(tmp_path / "cut.sqlite3") != whole
