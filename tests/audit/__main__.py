"""`make audit`: whether a locked package is known to be unsafe; ends with 1 if one is, or if the audit cannot see.

Two witnesses: advisories.json, which needs no internet and ages, and OSV, where it can be reached. Neither is believed
before it has reported the packages that are planted for it: a scanner that cannot reach its database says that nothing
is known.
"""

import sys
from datetime import UTC, datetime
from pathlib import Path

from tests.audit import audit

ROOT = Path(__file__).parents[2]


def main() -> int:
    packages = sorted({each for lock in audit.LOCKS for each in audit.locked((ROOT / lock).read_text())})
    told: list[str] = []
    found: list[audit.Fault] = []
    for witness in (audit.from_file(datetime.now(UTC).date()), audit.from_osv()):
        report = audit.ask(witness, packages)
        told.append(report.words)
        found += report.faults
        if report.is_blind:
            return _end([*told, "The audit does not see its planted packages, so it proves nothing."], 1)
    if found:
        return _end([*told, *map(str, sorted(set(found)))], 1)
    return _end([*told, f"{len(packages)} locked packages, none known to be unsafe."], 0)


def _end(lines: list[str], code: int) -> int:
    sys.stdout.write("\n".join(lines) + "\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
