"""The program of a release to come, whose ledger has another schema: `python -m tests.torture.newer` in the place of
`shopwatch`."""

import sys

from shopwatch.__main__ import main
from tests.ledger import next_schema

if __name__ == "__main__":
    with next_schema.known():
        sys.exit(main())
