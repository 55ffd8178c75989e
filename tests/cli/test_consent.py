"""`source allow`: the owner's browser is on another computer."""

import json
import subprocess
import sys
from urllib.parse import parse_qs, urlencode, urlsplit

from shopwatch.providers.api_kit.consent import REDIRECT
from tests.cli.conftest import Program


def test_the_address_at_which_a_browser_elsewhere_has_ended_is_taken(shopwatch: Program) -> None:
    shopwatch.run("source", "add", "etsy")
    with subprocess.Popen(
        [sys.executable, "-m", "shopwatch", "source", "allow", "etsy-1"],
        env=shopwatch.env,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as allowing:
        assert allowing.stdin is not None
        assert allowing.stdout is not None
        allowing.stdin.write("keystring:secret\n")
        allowing.stdin.flush()
        told = json.loads(allowing.stdout.readline())
        assert told["returns_to"] == REDIRECT
        assert "secret" not in told["open"]
        asked = {name: value[0] for name, value in parse_qs(urlsplit(told["open"]).query).items()}
        refused = urlencode({"error": "access_denied", "state": asked["state"]})
        try:
            _, words = allowing.communicate(f"https://www.etsy.com/\n{REDIRECT}?{refused}\n", timeout=60)
        finally:
            allowing.kill()
    assert allowing.returncode == 2
    assert "This is not the address that Etsy sent the browser to." in words
    assert "Etsy was not allowed to be read." in words


def test_what_is_missing_is_said(shopwatch: Program) -> None:
    shopwatch.run("source", "add", "etsy")
    done = shopwatch.run("source", "allow", "etsy-1", stdin="keystring\n")
    assert (done.code, done.out) == (2, "")
    assert "shared secret is missing" in done.words
    assert shopwatch.run("source", "allow", "etsy-1").code == 2


def test_who_needs_no_consent_says_so(shopwatch: Program) -> None:
    shopwatch.run("source", "add", "stripe")
    done = shopwatch.run("source", "allow", "stripe-1", stdin="a:b\n")
    assert (done.code, done.out) == (2, "")
    assert "asks for no consent" in done.words
