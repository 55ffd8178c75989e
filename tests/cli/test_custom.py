"""Senders without a declaration at the command line: described, heard, practised, judged from files."""

import json
import urllib.request
from pathlib import Path

import pytest

from tests.cli.conftest import Program

VECTORS = Path(__file__).parents[1] / "vectors"
SECRET = "own-shop-0f4c1e2b9a7d"
SIGNED = (
    *("method=hmac", "signature_header=X-Signature", "signed={timestamp}.{body}", "timestamp_header=X-Time"),
    *("type=event", "sales=paid", "refunds=refunded", "contacts=*", "order=order.no", "amount=order.total"),
    *("currency=EUR", "email=who.email"),
)
OPEN = ("method=none", "sales=*", "order=no", "amount=total", "currency=EUR")


def settings(*pairs: str) -> list[str]:
    return [word for pair in pairs for word in ("--set", pair)]


@pytest.mark.parametrize(
    ("provider", "given", "says"),
    [
        ("custom", (), "“How it shows who it is” is missing. Give it as --set method=VALUE."),
        ("custom", ("method=hmac", "sales=*", "order=no"), "“Header of its signature” is missing"),
        ("custom", (*OPEN, "currency=a..b"), "“Currency” is not right"),
        ("custom", (*OPEN, "amuont=total"), "no setting “amuont”"),
        ("meta", (), "Meta needs “Verify token”"),
        ("websub", ("topic=https://a.example/feed", "pending=perhaps"), "“Waiting for” cannot be “perhaps”"),
        ("paynow", ("colour=red"), "KEY=VALUE"),
        ("paynow", ("colour=red",), "no setting “colour”"),
    ],
)
def test_wrong_settings_make_no_source(shopwatch: Program, provider: str, given: tuple[str, ...], says: str) -> None:
    done = shopwatch.run("source", "add", provider, *settings(*given))

    assert done.code == 2
    assert says in done.words
    assert shopwatch.run("source", "list").lines == []


def test_a_described_sender_is_practised_and_heard(shopwatch: Program) -> None:
    added = shopwatch.run("source", "add", "custom", "--secret-stdin", *settings(*SIGNED), stdin=SECRET).lines[0]
    shopwatch.start("--port", "0")

    done = shopwatch.run("practice", added["id"], "--kind", "refund")

    assert [(line["kind"], line["status"]) for line in done.lines] == [("sale", 200), ("refund", 200)]
    sale = shopwatch.run("sales", "--practice").lines[0]
    assert (sale["currency"], sale["practice"]) == ("EUR", True)
    assert shopwatch.run("practice", added["id"], "--kind", "contact").lines[0]["status"] == 200
    assert "no messages of this kind" in shopwatch.run("practice", added["id"], "--kind", "notice").words


def test_a_sender_without_a_secret_is_heard_by_its_address_alone(shopwatch: Program) -> None:
    added = shopwatch.run("source", "add", "custom", *settings(*OPEN)).lines[0]
    _, ready = shopwatch.start("--port", "0")
    body = json.dumps({"no": 7, "total": "12.50"}).encode()

    with urllib.request.urlopen(ready["public_url"] + added["path"], body, timeout=60) as answer:
        assert answer.status == 200

    sale = shopwatch.run("sales").lines[0]
    assert (sale["order_id"], sale["amount_minor"], sale["currency"]) == ("7", 1250, "EUR")


def test_verify_judges_by_the_settings_of_a_source(shopwatch: Program, tmp_path: Path) -> None:
    added = shopwatch.run("source", "add", "custom", *settings(*OPEN)).lines[0]
    file = tmp_path / "request.json"
    file.write_text(json.dumps({"method": "POST", "url": "", "headers": {}, "body": '{"no":7,"total":3}'}))

    told = shopwatch.run("verify", "custom", str(file), "--source", added["id"]).lines[0]

    assert (told["verdict"], told["sale"]["amount_minor"]) == ("accepted", 300)


def test_a_description_is_handed_on_as_a_file_without_its_secret(shopwatch: Program, tmp_path: Path) -> None:
    given = ("--name", "Harbour", "--secret-stdin", *settings(*SIGNED))
    added = shopwatch.run("source", "add", "custom", *given, stdin=SECRET).lines[0]
    file = tmp_path / "harbour.shopwatch.json"

    saved = shopwatch.run("source", "describe", added["id"], "--save", str(file))
    again = shopwatch.run("source", "add", "custom", "--from", str(file))
    shown = shopwatch.run("source", "describe", again.lines[0]["id"])

    assert (saved.code, again.code) == (0, 0)
    assert SECRET not in file.read_text()
    assert again.lines[0]["name"] == "Harbour"
    assert shown.lines[0] == json.loads(file.read_text())
    assert shown.lines[0]["settings"] == dict(pair.split("=", 1) for pair in SIGNED)
    assert "cannot be written" in shopwatch.run("source", "describe", added["id"], "--save", str(file)).words


@pytest.mark.parametrize(
    ("provider", "content", "says"),
    [
        ("custom", "{}", "It is of another kind."),
        ("custom", None, "cannot be read"),
        ("paynow", "{}", "for “custom” alone"),
    ],
)
def test_a_file_that_is_no_description_makes_no_source(
    shopwatch: Program, tmp_path: Path, provider: str, content: str | None, says: str
) -> None:
    file = tmp_path / "file.json"
    if content is not None:
        file.write_text(content)

    done = shopwatch.run("source", "add", provider, "--from", str(file))

    assert done.code == 2
    assert says in done.words
    assert shopwatch.run("source", "list").lines == []


def test_only_what_was_described_is_handed_on(shopwatch: Program) -> None:
    added = shopwatch.run("source", "add", "paynow", "--secret-stdin", stdin=SECRET).lines[0]

    assert "ShopWatch knows its service" in shopwatch.run("source", "describe", added["id"]).words


@pytest.mark.parametrize("check", ["basic-auth", "static-token", "ip-allowlist"])
def test_verify_knows_bare_checks(bare: Program, check: str) -> None:
    file = VECTORS / "seed" / f"{check}.json"
    wanted = {case["name"]: case["expect"] for case in json.loads(file.read_text())["cases"]}

    done = bare.run("verify", check, str(file))

    found = {line["name"]: "valid" if line["verdict"] == "accepted" else "invalid" for line in done.lines}
    assert found == wanted
    assert "does not know" in bare.run("source", "add", check).words
