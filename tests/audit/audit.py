"""Who knows which packages are unsafe, and how they are asked."""

import json
import re
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name
from packaging.version import Version

LOCKS = ("requirements.lock", "requirements-dev.lock", "tests/foreign/requirements.lock")
PLANTED = (("aiohttp", "3.8.0"), ("jinja2", "3.1.2"))
"""Versions that everybody knows to be unsafe."""
_FILE = Path(__file__).with_name("advisories.json")
_OSV = "https://api.osv.dev/v1/querybatch"

type Package = tuple[str, str]


@dataclass(frozen=True, order=True)
class Fault:
    """A package, its version, and the advisory that names it."""

    package: str
    version: str
    advisory: str

    def __str__(self) -> str:
        return f"{self.package} {self.version}: {self.advisory}"


@dataclass(frozen=True)
class Witness:
    """`find` gives None where it could not be asked at all."""

    words: str
    find: Callable[[Sequence[Package]], list[Fault] | None]


@dataclass(frozen=True)
class Report:
    words: str
    faults: tuple[Fault, ...] = ()
    is_blind: bool = False


def locked(text: str) -> list[Package]:
    """The packages of a lock file."""
    found = re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", text, re.MULTILINE)
    return [(canonicalize_name(name), version) for name, version in found]


def ask(witness: Witness, packages: Sequence[Package]) -> Report:
    """What a witness knows of the packages; blind if it was asked and does not report every planted one."""
    found = witness.find([*packages, *PLANTED])
    if found is None:
        return Report(f"{witness.words}: not reached, so not asked.")
    seen = {(fault.package, fault.version) for fault in found}
    faults = tuple(fault for fault in found if (fault.package, fault.version) in set(packages))
    accepted = json.loads(_FILE.read_text())["accepted"]
    return Report(
        f"{witness.words}: asked.",
        tuple(fault for fault in faults if fault.advisory not in accepted),
        not seen.issuperset(PLANTED),
    )


def from_file(today: date, file: Path = _FILE) -> Witness:
    """The facts that lie beside this file, and how old they are."""
    facts: dict[str, Any] = json.loads(file.read_text())
    age = (today - date.fromisoformat(facts["whole_until"])).days
    later = (today - date.fromisoformat(facts["singles_until"])).days
    words = f"Known advisories (all of {age} days ago, singles of {later} days ago)"

    def find(packages: Sequence[Package]) -> list[Fault]:
        return [
            Fault(name, version, advisory)
            for name, version in packages
            for advisory, first, fixed in facts["advisories"].get(name, [])
            if Version(first) <= Version(version) < Version(fixed)
        ]

    return Witness(words, find)


def from_osv(address: str = _OSV, *, patience: float = 20) -> Witness:
    """The open database of advisories, which pip-audit asks too: https://google.github.io/osv.dev/post-v1-querybatch."""

    def find(packages: Sequence[Package]) -> list[Fault] | None:
        queries = [{"package": {"name": name, "ecosystem": "PyPI"}, "version": version} for name, version in packages]
        request = urllib.request.Request(address, json.dumps({"queries": queries}).encode())
        request.add_header("Content-Type", "application/json")
        try:
            with urllib.request.urlopen(request, timeout=patience) as answer:
                results = json.loads(answer.read())["results"]
            return [
                Fault(name, version, str(advisory["id"]))
                for (name, version), result in zip(packages, results, strict=True)
                for advisory in result.get("vulns", [])
            ]
        except OSError:
            return None
        except (ValueError, KeyError, TypeError, AttributeError):
            return []  # an answer in another shape sees nothing, the planted ones neither

    return Witness("OSV", find)
