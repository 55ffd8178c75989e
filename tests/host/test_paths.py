import errno
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from shopwatch.domain.errors import Outage, UserError
from shopwatch.host.paths import Mount, Paths, refuse_unsafe, unwritable


def refusal(paths: Paths) -> UserError:
    with pytest.raises(UserError) as failure:
        paths.prepare()
    return failure.value


def test_the_argument_counts_before_the_environment_and_that_before_the_system(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    assert Paths.of().data_dir == tmp_path / "share" / "ShopWatch"
    monkeypatch.setenv("SHOPWATCH_DATA_DIR", str(tmp_path / "env"))
    assert Paths.of().data_dir == tmp_path / "env"
    assert Paths.of(str(tmp_path / "asked")).data_dir == tmp_path / "asked"
    monkeypatch.chdir(tmp_path)
    assert Paths.of("beside").data_dir == tmp_path / "beside"


def test_the_folder_is_made_for_its_owner_only_and_narrowed_if_it_was_wider(tmp_path: Path) -> None:
    paths = Paths(tmp_path / "deep" / "data")
    paths.prepare()
    for folder in (paths.data_dir, paths.logs, paths.backups, paths.tunnel):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    paths.data_dir.chmod(0o755)
    paths.prepare()
    assert stat.S_IMODE(paths.data_dir.stat().st_mode) == 0o700


@pytest.mark.parametrize("name", ["", "ledger.sqlite3", "settings.json", "logs", "backups", "tunnel", "shopwatch.lock"])
def test_a_planted_link_is_refused(tmp_path: Path, name: str) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    paths = Paths(tmp_path / "data")
    if name:
        paths.data_dir.mkdir()
    (paths.data_dir / name if name else paths.data_dir).symlink_to(elsewhere)
    assert refusal(paths).code == "data-folder-link"
    assert list(elsewhere.iterdir()) == []


@pytest.mark.parametrize(
    "folder", ["OneDrive", "OneDrive - Contoso Ltd", "Dropbox (Personal)", "Google Drive", "iCloud Drive"]
)
def test_a_folder_that_is_copied_to_the_cloud_is_refused(tmp_path: Path, folder: str) -> None:
    paths = Paths(tmp_path / folder / "shop")
    assert refusal(paths).code == "data-folder-synced"
    assert not paths.data_dir.exists()


def test_an_innocent_name_is_not_taken_for_a_cloud_folder(tmp_path: Path) -> None:
    Paths(tmp_path / "dropboxes of my shop").prepare()
    assert (tmp_path / "dropboxes of my shop").is_dir()


@pytest.mark.parametrize("kind", ["nfs4", "cifs", "smb3", "fuse.sshfs", "afpfs"])
def test_a_network_drive_is_refused(tmp_path: Path, kind: str) -> None:
    mounts = [Mount(Path("/"), "ext4"), Mount(tmp_path / "share", kind)]
    with pytest.raises(UserError) as failure:
        refuse_unsafe(tmp_path / "share" / "shop", mounts)
    assert failure.value.code == "data-folder-network"
    refuse_unsafe(tmp_path / "own", mounts)


def test_a_drive_that_windows_calls_remote_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError):
        refuse_unsafe(tmp_path, [Mount(tmp_path, "NTFS", "rw,remote")])


def test_a_local_disk_inside_a_network_mount_is_fine(tmp_path: Path) -> None:
    mounts = [Mount(tmp_path, "nfs"), Mount(tmp_path / "disk", "ext4")]
    refuse_unsafe(tmp_path / "disk" / "shop", mounts)
    with pytest.raises(UserError):
        refuse_unsafe(tmp_path / "shop", mounts)


def test_a_folder_of_others_is_left_as_it_is(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir(mode=0o755)
    (shared / "logs").mkdir()
    (shared / "letter.txt").touch()
    assert refusal(Paths(shared)).code == "data-folder-foreign"
    assert stat.S_IMODE(shared.stat().st_mode) == 0o755
    assert {each.name for each in shared.iterdir()} == {"letter.txt", "logs"}


def test_a_folder_in_which_only_the_beginning_was_made_is_our_own(tmp_path: Path) -> None:
    (tmp_path / "shop" / "logs").mkdir(parents=True)
    Paths(tmp_path / "shop").prepare()
    (tmp_path / "shop" / "settings.json").touch()
    (tmp_path / "shop" / "sales of May.csv").touch()
    Paths(tmp_path / "shop").prepare()
    assert (tmp_path / "shop" / "sales of May.csv").exists()


def test_a_place_that_cannot_be_written_is_told_in_plain_words(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    told = refusal(Paths(file / "data"))
    assert told.code == "folder-read-only"
    assert str(file / "data") in told.title


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root can become another user here")
def test_a_read_only_folder_is_told_in_plain_words(tmp_path: Path) -> None:
    home = tmp_path / "locked"
    home.mkdir(mode=0o755)
    program = (
        "import sys, os; from pathlib import Path; from shopwatch.host.paths import Paths\n"
        "from shopwatch.domain.errors import UserError\n"
        "os.setgroups([]); os.setgid(65534); os.setuid(65534)\n"
        "try: Paths(Path(sys.argv[1])).prepare()\n"
        "except UserError as error: print(error.code)\n"
    )
    done = subprocess.run([sys.executable, "-c", program, str(home)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "folder-read-only", done.stderr


def test_a_full_disk_is_an_outage() -> None:
    assert isinstance(unwritable(Path("data"), OSError(errno.ENOSPC, "")), Outage)


def test_two_folders_have_two_doors(tmp_path: Path) -> None:
    assert not {*Paths(tmp_path / "a").doors} & {*Paths(tmp_path / "b").doors}
    assert Paths(tmp_path / "a").doors[0] == Paths(tmp_path / "b" / ".." / "a").doors[0]


@pytest.mark.skipif(os.name != "posix", reason="Windows has named pipes")
@pytest.mark.parametrize("mode", [0o700, 0o755, 0o1777], ids=oct)
def test_a_door_is_only_where_nobody_else_can_put_anything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: int
) -> None:
    """docs/attacks.md, E14."""
    runtime, link = tmp_path / "runtime", tmp_path / "link"
    runtime.mkdir()
    runtime.chmod(mode)
    link.symlink_to(runtime)
    data = tmp_path / "data"
    monkeypatch.delenv("TMPDIR", raising=False)
    for named in (runtime, link):
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(named))
        folders = [Path(door).parent for door in Paths(data).doors]
        assert folders == ([runtime, data] if (mode, named) == (0o700, runtime) else [data])
