"""The loop that carries window and listener together.

On Python 3.11 PySide6 6.12 loses a reference to None and True at every emit and timer, and the process dies after
some thousands. On a right Python the same loop serves requests while signals rain.
"""

import subprocess
import sys


def test_loop_survives_twenty_thousand_signals_and_requests() -> None:
    program = [sys.executable, "-W", "error", "-m", "tests.desktop.busy_loop"]
    done = subprocess.run(program, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "20000 20000", "")
