import sys
from pathlib import Path

import pytest

from shopwatch.cli.checkup import checkup
from shopwatch.host.paths import Paths


@pytest.mark.parametrize(("frozen", "says"), [(False, "make setup"), (True, "Install ShopWatch again")])
async def test_what_mends_qt_is_there_to_be_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, frozen: bool, says: str
) -> None:
    monkeypatch.setattr(sys, "frozen", frozen, raising=False)
    no_program = tmp_path / "python"  # in place of one whose Qt does not start
    no_program.write_text("#!/bin/sh\nexit 1\n")
    no_program.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(no_program))
    (qt,) = [check for check in await checkup(Paths(tmp_path / "shop"), None) if check.name == "qt"]
    assert not qt.ok
    assert says in qt.hint
