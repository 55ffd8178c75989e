"""`python -m shopwatch` and the `shopwatch` command."""

import sys


def main() -> int:
    """Run the command line; the exit code."""
    from shopwatch.settings.cores import forbid_core_dumps

    forbid_core_dumps()
    from shopwatch.cli import main as run

    return run()


if __name__ == "__main__":
    sys.exit(main())
