"""`python -m shopwatch` and the `shopwatch` command."""

import sys


def main() -> int:
    """Run the command line, or the process that books for it; the exit code."""
    try:
        return _run()
    except KeyboardInterrupt:  # before there is anything that would be ended in order
        return 130


def _run() -> int:
    from shopwatch import writer_process
    from shopwatch.host.core_dumps import forbid_core_dumps

    forbid_core_dumps()
    if sys.argv[1:] == [writer_process.SCRIBE]:
        writer_process.write_down()
        return 0
    from shopwatch.cli import main as run

    return run()


if __name__ == "__main__":
    sys.exit(main())
