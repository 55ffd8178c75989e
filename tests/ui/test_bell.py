import subprocess
import sys

from shopwatch.host.resources import resource

_PROGRAM = """
import sys
from pathlib import Path
from PySide6.QtWidgets import QApplication
from shopwatch.ui.system.bell import Bell
app = QApplication([])
bell = Bell({"": Path(sys.argv[1]), "special": Path(sys.argv[2])})
assert "PySide6.QtMultimedia" not in sys.modules
bell.prepare()
bell.prepare()
bell.ring("")
bell.ring("special")
bell.ring("of a newer version")
app.processEvents()
print("rang")
"""


def test_the_bell_rings_or_beeps_without_a_word() -> None:
    """In a process of its own: what the sound system says when it is missing goes to the real stderr."""
    files = [str(resource("sounds", name)) for name in ("bell.wav", "special.wav")]
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", _PROGRAM, *files], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stderr == ""
    assert done.stdout == "rang\n"
