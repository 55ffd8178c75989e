import os
import subprocess
import sys
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("limits of handles are a matter of POSIX systems", allow_module_level=True)

import resource

_PROGRAM = """
import resource, sys
from shopwatch.host.handles import allow_handles
soft, hard = map(int, sys.argv[1:])
resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
allow_handles()
print(*resource.getrlimit(resource.RLIMIT_NOFILE))
"""

_HARD = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
_MOST = 8_192 if _HARD == resource.RLIM_INFINITY else min(_HARD, 8_192)


@pytest.mark.parametrize(
    ("soft", "hard", "becomes"),
    [(256, _MOST, min(_MOST, 4_096)), (256, 512, 512), (_MOST, _MOST, _MOST)],
    ids=["few", "few and no more", "many"],
)
def test_handles_become_more_and_never_fewer(soft: int, hard: int, becomes: int) -> None:
    command = [sys.executable, "-c", _PROGRAM, str(soft), str(hard)]
    env = os.environ | {"PYTHONPATH": str(Path.cwd())}
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
    assert done.stdout.split() == [str(becomes), str(hard)]
