"""Whatever the pages for developers name is where they say."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PLACES = (ROOT, ROOT / "shopwatch", ROOT / "tests", ROOT / ".ci")
MADE = ("dist/", "tests/ledger/released/", "resources/translations/de/")
"""What there is only once it was made."""


@pytest.mark.parametrize("page", ["ARCHITECTURE.md", "docs/development.md"])
def test_every_file_and_folder_that_is_named_exists(page: str) -> None:
    text = re.sub(r"```.*?```", "", (ROOT / page).read_text(), flags=re.DOTALL)
    named = {each for each in re.findall(r"`([\w./-]+)`", text) if "/" in each.strip("/")}

    assert len(named) > 20
    assert [each for each in sorted(named) if not _exists(each)] == []


def _exists(named: str) -> bool:
    """`ledger/sales` may be a module, `tests/sums` a folder; `dist/shopwatch` is made."""
    if named.startswith(MADE):
        return True
    return any((place / each).exists() for place in PLACES for each in (named, f"{named}.py"))
