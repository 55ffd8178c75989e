"""Pictures, sounds and translations that come with ShopWatch."""

from pathlib import Path

import shopwatch


def resource(*names: str) -> Path:
    """The path of a file or folder below `resources/`.

    It is inside the package once installed or frozen (PyInstaller gives frozen modules a `__file__` below its folder),
    and beside the package in the source tree. Raises FileNotFoundError if this copy of ShopWatch lacks it.
    """
    package = Path(shopwatch.__file__).parent
    for root in (package / "resources", package.parent / "resources"):
        if (found := root.joinpath(*names)).exists():
            return found
    raise FileNotFoundError("/".join(("resources", *names)))
