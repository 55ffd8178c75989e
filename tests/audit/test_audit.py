"""docs/attacks.md, P22: the audit sees what is planted, and says so where it cannot see."""

import json
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from packaging.version import Version

from tests.audit.audit import LOCKS, PLANTED, Fault, ask, from_file, from_osv, locked

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 12, 3)


@pytest.mark.parametrize("lock", LOCKS)
def test_no_locked_package_is_known_to_be_unsafe(lock: str) -> None:
    packages = locked((ROOT / lock).read_text())
    assert len(packages) > 80
    report = ask(from_file(TODAY), packages)
    assert not report.is_blind
    assert report.faults == ()


@pytest.mark.parametrize(("name", "version"), PLANTED)
def test_an_unsafe_package_in_a_lock_is_reported(name: str, version: str) -> None:
    text = (
        f"babel==2.18.0 \\\n    --hash=sha256:00\n{name}=={version} ; python_version > '3' \\\n    --hash=sha256:00\n"
    )
    faults = ask(from_file(TODAY), locked(text)).faults
    assert {(fault.package, fault.version) for fault in faults} == {(name, version)}


def test_the_version_before_a_fix_is_unsafe_and_the_fixed_one_is_not() -> None:
    def ids(version: str) -> set[str]:
        return {fault.advisory for fault in ask(from_file(TODAY), [("jinja2", version)]).faults}

    assert "GHSA-cpwx-vrp4-4pq7" in ids("3.1.5")
    assert ids("3.1.6") == set()


def test_the_facts_are_whole_and_their_age_is_told() -> None:
    facts = json.loads((ROOT / "tests/audit/advisories.json").read_text())
    for advisories in facts["advisories"].values():
        for _, first, fixed in advisories:
            assert Version(first) < Version(fixed)
    assert "(all of 784 days ago, singles of 0 days ago)" in ask(from_file(TODAY), []).words


def test_facts_without_what_is_planted_prove_nothing(tmp_path: Path) -> None:
    empty = tmp_path / "advisories.json"
    empty.write_text(json.dumps({"whole_until": "2026-12-03", "singles_until": "2026-12-03", "advisories": {}}))
    assert ask(from_file(TODAY, empty), [("aiohttp", "3.14.5")]).is_blind


class _Osv(BaseHTTPRequestHandler):
    known: set[tuple[str, str]]
    bent = False

    def do_POST(self) -> None:
        asked: dict[str, Any] = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        results: list[dict[str, Any]] = [
            {"vulns": [{"id": "PYSEC-1"}]} if (query["package"]["name"], query["version"]) in self.known else {}
            for query in asked["queries"]
        ]
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps({"found": results} if self.bent else {"results": results}).encode())

    def log_message(self, *_: object) -> None: ...


@pytest.mark.parametrize(
    ("known", "bent", "faults", "is_blind"),
    [
        ({*PLANTED}, False, (), False),
        ({*PLANTED, ("six", "1.0")}, False, (Fault("six", "1.0", "PYSEC-1"),), False),
        (set(), False, (), True),
        ({*PLANTED}, True, (), True),
    ],
    ids=["none unsafe", "one unsafe", "sees nothing", "answers otherwise"],
)
def test_osv_is_believed_once_it_reports_what_is_planted(
    known: set[tuple[str, str]], bent: bool, faults: tuple[Fault, ...], is_blind: bool
) -> None:
    handler = type("Known", (_Osv,), {"known": known, "bent": bent})
    with HTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.handle_request)
        thread.start()
        report = ask(from_osv(f"http://127.0.0.1:{server.server_port}/"), [("six", "1.0")])
        thread.join()
    assert (report.faults, report.is_blind) == (faults, is_blind)


def test_without_internet_it_is_said_that_osv_was_not_asked() -> None:
    report = ask(from_osv("http://127.0.0.1:9/"), [("six", "1.0")])
    assert (report.words, report.is_blind) == ("OSV: not reached, so not asked.", False)
