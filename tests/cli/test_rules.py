import asyncio
import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from shopwatch.domain.rules.job import JobState
from shopwatch.ledger import Ledger
from shopwatch.runtime.clock import now
from tests.cli.conftest import Program
from tests.ledger.arrivals import paid, told
from tests.said import said

LARGE = {
    "name": "Large",
    "when": "sale-paid",
    "if": [{"over": "100.00", "currency": "USD"}],
    "then": [{"do": "ring", "bell": "yes", "sound": "special"}, {"do": "email", "template": "thanks"}],
}


def test_a_rule_is_added_listed_and_removed(bare: Program, tmp_path: Path) -> None:
    added = bare.run("rule", "add", stdin=json.dumps(LARGE)).lines[0]
    assert added["sentence"].replace("$\N{NO-BREAK SPACE}", "$") == (
        "When any sale is paid and is over $100.00, show a pop-up with the bell and e-mail the customer."
    )
    assert {name: added[name] for name in LARGE} == LARGE
    listed = bare.run("rule", "list").lines
    assert [line["name"] for line in listed] == ["Ring each sale", "Large", "Quiet for the rest"]
    file = tmp_path / "rule.json"
    file.write_text(json.dumps(LARGE | {"on": False}))
    assert bare.run("rule", "add", str(file)).lines[0]["on"] is False
    again = bare.run("rule", "add", stdin=json.dumps(added)).lines[0]
    assert again == added | {"id": again["id"]}
    assert again["id"] != added["id"]
    assert bare.run("rule", "remove", str(added["id"])).code == 0
    assert added["id"] not in [line["id"] for line in bare.run("rule", "list").lines]


@pytest.mark.parametrize(
    ("arguments", "stdin", "says"),
    [
        (("rule", "add"), "{", "no JSON"),
        (("rule", "add"), '{"when": "never", "then": [{"do": "ring"}]}', "“when” is one of"),
        (("rule", "add"), '{"when": "sale-paid", "then": [{"do": "explode"}]}', "“do” is one of ring, email"),
        (("rule", "add"), '{"when": "sale-paid", "on": false, "then": [{"do": "explode"}]}', "“do” is one of ring"),
        (("rule", "add"), '{"when": "sale-paid", "then": [{"do": "chat", "to": "x"}]}', "none of the places"),
        (("rule", "add", "absent.json"), "", "cannot be read"),
        (("rule", "remove", "99"), "", "no such rule"),
        (("rule", "remove", "9" * 30), "", "no such rule"),
        (("rule", "remove", "first"), "", "no such rule"),
        (("jobs", "retry", "99.1.0"), "", "no such job"),
        (("jobs", "retry", "nonsense"), "", "no such job"),
        (("jobs", "retry", "a.1.0"), "", "no such job"),
        (("jobs", "replay", "99"), "", "no such sale"),
        (("jobs", "replay", "9" * 30), "", "no such sale"),
        (("jobs", "--state", "lost"), "", "'lost' is not one of"),
        (("target", "add", "mail", "--set", "form=me@example.com"), "", "It has from, name, host"),
        (("target", "add", "pigeon"), "", "'pigeon' is not one of 'mail', 'chat'"),
    ],
)
def test_wrong_rules_and_jobs_say_what_is_wrong(
    bare: Program, arguments: tuple[str, ...], stdin: str, says: str
) -> None:
    done = bare.run(*arguments, stdin=stdin)
    assert done.code == 2
    assert says in done.words
    assert done.out == ""


@pytest.fixture
def till() -> Iterator[str]:
    """The address of another program on this computer."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Till)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()
    thread.join()


class Till(BaseHTTPRequestHandler):
    def do_HEAD(self) -> None:
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_what: object) -> None:
        pass


def test_a_place_is_tried_kept_and_named_by_rules(shopwatch: Program, till: str) -> None:
    refused = shopwatch.run("target", "add", "forward", "--set", "url=http://10.0.0.1/")
    assert refused.code == 2
    silent = shopwatch.run("target", "add", "forward", "--set", "url=http://127.0.0.1:9/", "--set", "local=yes")
    assert silent.code == 2
    assert "127.0.0.1 does not answer." in silent.words
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    place = ("--set", f"url={till}", "--set", "local=yes")
    arguments = ("target", "add", "forward", "--name", "Till", *place, "--secret-stdin")
    (kept,) = shopwatch.run(*arguments, stdin=secret).lines
    listed = shopwatch.run("target", "list")
    assert listed.lines == [kept]
    assert secret[6:] not in listed.out + (shopwatch.folder / "settings.json").read_text()
    passing_on = {"when": "sale-paid", "then": [{"do": "forward", "to": kept["id"]}]}
    assert shopwatch.run("rule", "add", stdin=json.dumps(passing_on)).lines[0]["sentence"] == (
        "When any sale is paid, pass it on to Till."
    )
    assert shopwatch.run("target", "remove", kept["id"]).code == 0
    assert shopwatch.run("target", "list").out == ""
    assert shopwatch.run("target", "remove", kept["id"]).code == 2


def test_jobs_are_listed_by_their_state_and_tried_again(bare: Program) -> None:
    bare.run("rule", "add", stdin=json.dumps(LARGE | {"if": []}))

    async def sell() -> None:
        ledger = Ledger.open(f"sqlite:///{bare.folder / 'ledger.sqlite3'}")
        source = await ledger.sources.add("paynow", "PayNow", {})
        await ledger.record(*told(source.id, "e1", paid("1001", number="#1001"), at=now()))
        await ledger.record(*told(source.id, "e2", paid("1002", number="#1002"), at=now()))
        mail, _ = await ledger.outbox.take(["email"], 2)
        await ledger.outbox.settle([mail.key], JobState.FAILED, to="maya@example.com", result=said("550 no such box"))
        ledger.close()

    asyncio.run(sell())
    assert len(bare.run("jobs").lines) == 4
    (failed,) = bare.run("jobs", "--state", "failed", "--json").lines
    assert (failed["action"], failed["to"], failed["result"]) == ("email", "maya@example.com", "550 no such box")
    assert (failed["order"], failed["attempts"], failed["due_at"]) == ("#1001", 1, None)

    (again,) = bare.run("jobs", "replay", "1").lines
    assert (again["id"], again["again"]) == (failed["id"], True)
    assert bare.run("jobs", "replay", "1").lines == []
    assert bare.run("jobs", "retry", failed["id"]).code == 0

    assert bare.run("jobs", "--state", "failed").lines == []
    (sending,) = bare.run("jobs", "--state", "sending").lines
    refused = bare.run("jobs", "retry", sending["id"])
    assert refused.code == 2
    assert "on its way, or done" in refused.words
