"""A password store in a file, so that the measured program is the real one on a machine without a desktop."""

import json
import os
from pathlib import Path

from keyring.backend import KeyringBackend

_FILE = "SHOPWATCH_BENCH_KEYS"


def in_file(file: Path) -> dict[str, str]:
    """What the environment of the measured program says, so that it keeps its secrets in `file`."""
    return {"PYTHON_KEYRING_BACKEND": f"{__name__}.{FileKeys.__name__}", _FILE: str(file)}


class FileKeys(KeyringBackend):
    """Holds only made-up secrets."""

    priority = 10

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._file = Path(os.environ[_FILE])

    def get_password(self, service: str, username: str) -> str | None:
        return self._held().get(f"{service}/{username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        self._file.write_text(json.dumps(self._held() | {f"{service}/{username}": password}))

    def delete_password(self, service: str, username: str) -> None:
        held = self._held()
        held.pop(f"{service}/{username}", None)
        self._file.write_text(json.dumps(held))

    def _held(self) -> dict[str, str]:
        return json.loads(self._file.read_text()) if self._file.exists() else {}
