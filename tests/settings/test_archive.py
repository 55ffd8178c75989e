import json
import sqlite3
import stat
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from shopwatch.domain.errors import UserError
from shopwatch.host.lock import AlreadyRunning, DataFolderLock, Role
from shopwatch.host.paths import Paths
from shopwatch.settings.archive import backup, restore
from shopwatch.settings.settings import load, save

PASSPHRASE = "four words for mugs"
SECRETS = {"source/a": '{"current":["whsec_canary_0123456789"]}'}


def fill(ledger: Path, word: str) -> None:
    connection = sqlite3.connect(ledger)
    connection.execute("CREATE TABLE word (word TEXT)")
    connection.execute("INSERT INTO word VALUES (?)", (word,))
    connection.commit()
    connection.close()


def word_in(ledger: Path) -> str:
    connection = sqlite3.connect(ledger)
    (word,) = connection.execute("SELECT word FROM word").fetchone()
    connection.close()
    return str(word)


@pytest.fixture
def other(tmp_path: Path) -> Paths:
    paths = Paths(tmp_path / "other")
    paths.prepare()
    return paths


@pytest.fixture(scope="module")
def corner(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop called "Corner" and the backup of it, with secrets; sealing takes a while, so there is one for all."""
    folder = tmp_path_factory.mktemp("corner")
    paths = Paths(folder / "data")
    paths.prepare()
    save(paths.settings, replace(load(paths.settings)[0], shop_name="Corner"))
    backup(folder / "corner.shopwatch", paths, lambda to: fill(to, "first"), SECRETS, PASSPHRASE)
    return folder


@pytest.fixture
def file(tmp_path: Path, corner: Path) -> Path:
    """A copy of Corner's backup."""
    file = tmp_path / "corner.shopwatch"
    file.write_bytes((corner / file.name).read_bytes())
    return file


def test_what_is_backed_up_comes_back_elsewhere(file: Path, corner: Path, other: Paths) -> None:
    assert restore(file, other, PASSPHRASE).secrets == SECRETS
    assert load(other.settings) == load(Paths(corner / "data").settings)
    assert word_in(other.ledger) == "first"
    for each in (other.settings, other.ledger):
        assert stat.S_IMODE(each.stat().st_mode) == 0o600
    assert {each.name for each in other.data_dir.iterdir()} == {
        "backups", "logs", "tunnel", "settings.json", "ledger.sqlite3", "shopwatch.lock"
    }  # fmt: skip


def test_a_backup_is_one_file_for_its_owner_that_shows_no_secret(corner: Path) -> None:
    assert {each.name for each in corner.iterdir()} == {"data", "corner.shopwatch"}
    file = corner / "corner.shopwatch"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with zipfile.ZipFile(file) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist()) + file.read_bytes()
    assert b"canary" not in everything


def test_without_secrets_none_are_in_it(tmp_path: Path, paths: Paths, other: Paths) -> None:
    load(paths.settings)
    backup(tmp_path / "plain", paths, lambda to: fill(to, "first"))
    with zipfile.ZipFile(tmp_path / "plain") as archive:
        assert set(archive.namelist()) == {"manifest.json", "ledger.sqlite3", "settings.json"}
    assert restore(tmp_path / "plain", other).secrets == {}


def test_what_was_there_is_kept_beside_with_its_write_ahead_log(file: Path, other: Paths) -> None:
    save(other.settings, replace(load(other.settings)[0], shop_name="Old"))
    fill(other.ledger, "old")
    Path(f"{other.ledger}-wal").write_bytes(b"")
    restore(file, other)
    assert word_in(other.ledger) == "first"
    (kept,) = other.data_dir.glob("ledger-before-restore-*.sqlite3")
    assert Path(f"{kept}-wal").exists()
    assert not Path(f"{other.ledger}-wal").exists()
    assert word_in(kept) == "old"
    (kept_settings,) = other.data_dir.glob("settings-before-restore-*.json")
    assert json.loads(kept_settings.read_text())["shop_name"] == "Old"


def refused(file: Path, paths: Paths, passphrase: str | None = None) -> str:
    fill(paths.ledger, "old")
    before = {each.name for each in paths.data_dir.iterdir()} - {"shopwatch.lock"}
    with pytest.raises(UserError) as failure:
        restore(file, paths, passphrase)
    assert word_in(paths.ledger) == "old", "a refused backup must change nothing"
    assert {each.name for each in paths.data_dir.iterdir()} - {"shopwatch.lock"} == before
    return failure.value.code


def test_a_wrong_passphrase_is_told_and_changes_nothing(file: Path, other: Paths) -> None:
    assert refused(file, other, "four words for cups") == "passphrase-wrong"


def test_a_weak_passphrase_is_refused(tmp_path: Path, paths: Paths) -> None:
    load(paths.settings)
    with pytest.raises(UserError) as failure:
        backup(tmp_path / "weak", paths, lambda to: fill(to, "first"), SECRETS, "short")
    assert failure.value.code == "passphrase-short"
    assert not (tmp_path / "weak").exists()


def test_a_folder_in_use_is_left_alone(file: Path, other: Paths) -> None:
    with DataFolderLock(other).acquire(Role.DESKTOP), pytest.raises(AlreadyRunning):
        restore(file, other)
    assert not other.ledger.exists()


def rewrite(file: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    with zipfile.ZipFile(file) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    change(entries)
    made = file.with_suffix(".changed")
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return made


@pytest.mark.parametrize("name", ["../evil", "/tmp/evil", "logs/evil", "ledger.sqlite3-wal"])
def test_an_entry_that_is_not_ours_is_refused(file: Path, other: Paths, name: str, tmp_path: Path) -> None:
    assert refused(rewrite(file, lambda entries: entries.update({name: b"x"})), other) == "backup-broken"
    assert list(tmp_path.rglob("evil")) == []


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("ledger.sqlite3", b"not a ledger"),
        ("settings.json", b"[1]"),
        ("settings.json", b" " * 2_000_000),
        ("manifest.json", b"\xff"),
    ],
)
def test_a_damaged_part_is_refused(file: Path, other: Paths, name: str, content: bytes) -> None:
    assert refused(rewrite(file, lambda entries: entries.update({name: content})), other) == "backup-broken"


@pytest.mark.parametrize("name", ["ledger.sqlite3", "settings.json", "manifest.json"])
def test_a_part_that_is_missing_is_refused(file: Path, other: Paths, name: str) -> None:
    def without(entries: dict[str, bytes]) -> None:
        del entries[name]

    assert refused(rewrite(file, without), other) == "backup-broken"


def test_a_newer_backup_says_so(file: Path, other: Paths) -> None:
    newer = json.dumps({"format": 2, "made_by": "9.0.0", "made_at": "2031-01-01"}).encode()
    changed = rewrite(file, lambda entries: entries.update({"manifest.json": newer}))
    assert refused(changed, other) == "backup-version"


def test_a_cut_or_bent_file_is_refused(file: Path, other: Paths) -> None:
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])
    assert refused(file, other) == "backup-broken"
    bent = bytearray(whole)
    at = whole.index(b"ledger.sqlite3") + 40
    bent[at : at + 8] = bytes(8)
    file.write_bytes(bent)
    other.ledger.unlink()
    assert refused(file, other) == "backup-broken"


def test_a_file_that_is_not_there_is_told_in_plain_words(tmp_path: Path, other: Paths) -> None:
    assert refused(tmp_path / "nowhere", other) == "backup-unreadable"


def test_a_backup_replaces_an_older_one_whole_and_is_never_written_through_a_link(
    file: Path, paths: Paths, other: Paths, tmp_path: Path
) -> None:
    load(paths.settings)
    backup(file, paths, lambda to: fill(to, "second"))
    restore(file, other)
    assert word_in(other.ledger) == "second"
    link = tmp_path / "link"
    link.symlink_to(paths.settings)
    with pytest.raises(UserError) as failure:
        backup(link, paths, lambda to: fill(to, "third"))
    assert failure.value.code == "backup-place"


HELD_UP = """
import sys
from pathlib import Path
from shopwatch.settings.archive import backup
from shopwatch.host.paths import Paths

def copy(place):
    place.write_text("Ada Lovelace, ada@example.com")
    print("writing", flush=True)
    sys.stdin.read()

backup(Path(sys.argv[1]), Paths(Path(sys.argv[2])), copy)
"""


def test_what_a_killed_backup_left_goes_with_the_next_and_what_is_being_written_stays(
    corner: Path, tmp_path: Path
) -> None:
    def begun(name: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", HELD_UP, str(tmp_path / name), str(corner / "data")]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        assert process.stdout.readline() == "writing\n"
        return process

    with begun("killed.backup") as killed:
        killed.kill()
    assert any("Ada" in each.read_text() for each in tmp_path.rglob("ledger.sqlite3"))

    with begun("slow.backup") as slow:
        backup(tmp_path / "next.backup", Paths(corner / "data"), lambda to: fill(to, "next"))
        assert len(list(tmp_path.glob(".*"))) == 1
        slow.communicate()
    assert slow.returncode == 0
    assert {each.name for each in tmp_path.iterdir() if each.is_file()} == {"next.backup", "slow.backup"}


def test_a_backup_that_fails_leaves_the_older_one(file: Path, paths: Paths, tmp_path: Path) -> None:
    before = file.read_bytes()

    def full(to: Path) -> None:
        to.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    with pytest.raises(UserError) as failure:
        backup(file, paths, full)
    assert failure.value.code == "disk-full"
    assert file.read_bytes() == before
    assert {each.name for each in tmp_path.iterdir()} == {"data", file.name}


def test_a_restore_that_is_cut_off_anywhere_goes_on_or_goes_back(file: Path, other: Paths, tmp_path: Path) -> None:
    save(other.settings, replace(load(other.settings)[0], shop_name="Old"))
    fill(other.ledger, "old")
    Path(f"{other.ledger}-wal").write_bytes(b"")
    cut = tmp_path / "cut"
    command = [sys.executable, "-m", "tests.settings.restores_until_cut", str(file), str(other.data_dir), str(cut)]
    subprocess.run(command, check=True, timeout=60)

    found = []
    for folder in sorted(cut.iterdir(), key=lambda each: int(each.name)):
        paths = Paths(folder)
        DataFolderLock(paths).acquire(Role.SERVE).release()
        found.append((load(paths.settings)[0].shop_name, word_in(paths.ledger)))
        assert not list(folder.glob(".restore*")), "nothing is left of what was unpacked"
        assert len(list(folder.glob("*-before-restore-*"))) == (3 if found[-1][1] == "first" else 0)
    assert set(found) == {("Old", "old"), ("Corner", "first")}
    assert found == sorted(found, reverse=True), "there is one step from the one to the other"
