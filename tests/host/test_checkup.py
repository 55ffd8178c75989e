from pathlib import Path

from shopwatch.domain.instant import MINUTE
from shopwatch.host.checkup import check_clock, check_data_folder, check_python, check_vault
from shopwatch.host.paths import Paths
from shopwatch.runtime.clock_skew import clock_problem
from shopwatch.secrets.vault import KeyringVault, MemoryVault


def test_python_is_told_with_its_version() -> None:
    assert check_python().ok
    old = check_python((3, 11, 7))
    assert not old.ok
    assert "3.11.7" in old.sentence
    assert old.hint


def test_a_data_folder_that_works_and_one_that_does_not(tmp_path: Path) -> None:
    assert check_data_folder(Paths(tmp_path / "data")).ok
    (tmp_path / "file").touch()
    bad = check_data_folder(Paths(tmp_path / "file" / "data"))
    assert not bad.ok
    assert bad.hint


async def test_a_password_store_that_works_and_none() -> None:
    assert (await check_vault(MemoryVault())).ok
    none = await check_vault(KeyringVault("a"))
    assert not none.ok
    assert "no password store" in none.sentence


def test_a_clock_that_can_be_right_and_one_that_cannot() -> None:
    assert check_clock().ok
    assert not check_clock(0).ok
    assert not check_clock(5_000_000_000_000).ok


def test_a_clock_that_a_server_finds_wrong() -> None:
    check = check_clock(problem=clock_problem(-9 * MINUTE))

    assert (check.name, check.ok) == ("clock", False)
    assert check.sentence == "This computer’s clock is 9 minutes slow."
    assert check.hint
