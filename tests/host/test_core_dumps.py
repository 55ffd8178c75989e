import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.skipif(sys.platform == "win32", reason="core dumps are a matter of POSIX systems")
def test_a_crash_writes_no_memory_image(tmp_path: Path) -> None:
    program = (
        "import os, resource, sys\n"
        "from shopwatch.host.core_dumps import forbid_core_dumps\n"
        "most = resource.getrlimit(resource.RLIMIT_CORE)[1]\n"
        "resource.setrlimit(resource.RLIMIT_CORE, (most, most))\n"
        "if sys.argv[1] == 'forbid': forbid_core_dumps()\n"
        "child = os.fork()\n"
        "child or os.abort()\n"
        "print(os.WCOREDUMP(os.waitpid(child, 0)[1]), most)\n"
    )

    def dumped(how: str) -> str:
        env = os.environ | {"PYTHONPATH": str(Path.cwd())}
        command = [sys.executable, "-c", program, how]
        return subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=True).stdout

    if not dumped("allow").startswith("True"):
        pytest.skip("this system makes no core dumps at all")
    assert dumped("forbid").startswith("False")
