"""What ShopWatch is made of: pinned by hash, from no named index, and each library's reach written down."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock", "tests/foreign/requirements.lock")


def _asked_for() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return {canonicalize_name(Requirement(each).name) for each in project["dependencies"]}


def test_the_reach_of_every_library_is_written_down() -> None:
    table = (ROOT / "docs/dependencies.md").read_text().partition("## Libraries")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (.+?) \|", table, re.MULTILINE)[2:]
    assert {canonicalize_name(name) for row in rows for name in row.split(", ")} == _asked_for()


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_is_pinned_by_its_hashes_and_from_no_named_index(lock: str) -> None:
    """docs/attacks.md, P22."""
    text = (ROOT / lock).read_text()
    packages = re.split(r"\n(?=\S)", text.strip())
    assert len(packages) > 80
    for package in packages:
        assert re.match(r"[A-Za-z0-9._-]+==[^\s;]+", package), package
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", package), package
    assert "://" not in text
    assert "--index" not in text
    assert {canonicalize_name(package.partition("==")[0]) for package in packages} >= _asked_for()


def test_who_only_runs_it_gets_no_tools() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    groups = project["dependency-groups"]
    needed = {canonicalize_name(Requirement(each).name) for each in groups["build"]} | _asked_for()
    tools = {canonicalize_name(Requirement(each).name) for each in groups["dev"] if isinstance(each, str)}

    run, develop = (
        set(re.findall(r"^([a-z0-9._-]+)==", (ROOT / lock).read_text(), re.MULTILINE)) for lock in LOCKS[:2]
    )

    assert needed <= run < develop
    assert run & tools <= {"oauthlib", "packaging"}, "these two come with other libraries"
    assert tools <= develop
