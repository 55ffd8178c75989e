import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import shopwatch
from shopwatch.host.resources import resource

PROGRAM = "import sys; from shopwatch.host.resources import resource; print(resource(*sys.argv[1:]).read_text())"


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """The package as the wheel lays it out, without its resources."""
    shutil.copytree(Path(shopwatch.__file__).parent, tmp_path / "shopwatch")
    return tmp_path


def read(folder: Path) -> str:
    command = [sys.executable, "-c", PROGRAM, "sounds", "a.txt"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout.strip()


@pytest.mark.parametrize("place", ["resources", "shopwatch/resources"])
def test_a_resource_is_found_beside_the_package_and_inside_it(installed: Path, place: str) -> None:
    (installed / place / "sounds").mkdir(parents=True)
    (installed / place / "sounds" / "a.txt").write_text("bell")
    assert read(installed) == "bell"


def test_a_resource_that_is_not_there_is_named() -> None:
    with pytest.raises(FileNotFoundError, match="resources/sounds/no-such-bell"):
        resource("sounds", "no-such-bell")
