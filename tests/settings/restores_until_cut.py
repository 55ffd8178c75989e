"""Restores a backup over copies of a shop, each cut off one step later in the files, until one is left to its end.

    python -m tests.settings.restores_until_cut BACKUP SHOP FOLDER

A cut is an end on the spot, as by SIGKILL. The copies are left in FOLDER, by numbers.
"""

import os
import shutil
import sys
from pathlib import Path

from shopwatch.host.paths import Paths
from shopwatch.settings.archive import restore

_STEPS = ("os.rename", "os.link", "os.remove", "os.rmdir", "os.mkdir", "shutil.copyfile", "open")


def _restored(backup: Path, folder: Path, steps: int) -> bool:
    """Whether it came to its end within so many steps."""
    child = os.fork()
    if not child:
        left = steps

        def cut(event: str, _: object) -> None:
            nonlocal left
            if event in _STEPS:
                left -= 1
                if left < 0:
                    os._exit(9)

        sys.addaudithook(cut)
        restore(backup, Paths(folder))
        os._exit(0)
    return os.waitpid(child, 0)[1] == 0


def main() -> None:
    backup, shop, folder = map(Path, sys.argv[1:])
    number = 0
    while not _restored(backup, shutil.copytree(shop, folder / str(number)), number):
        number += 1


if __name__ == "__main__":
    main()
