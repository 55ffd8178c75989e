"""An action is one declaration: with a line in the registry, commands, rules and workers know it."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from shopwatch.actions import registry
from shopwatch.cli import commands
from shopwatch.domain.connection.reach import TunnelKind
from shopwatch.domain.facts import JobsChanged
from shopwatch.domain.rules.job import JobState
from shopwatch.host.paths import Paths
from shopwatch.runtime.clock import now
from shopwatch.secrets.vault import MemoryVault
from shopwatch.shop.opening import open_shop
from tests.actions.beep import BEEP, HEARD
from tests.ledger.arrivals import paid, told


@pytest.fixture
def vault(monkeypatch: pytest.MonkeyPatch) -> MemoryVault:
    """What commands keep secrets in here."""
    vault = MemoryVault()
    monkeypatch.setattr("shopwatch.shop.opening.KeyringVault", lambda **_: vault)
    monkeypatch.setattr(registry, "ACTIONS", (*registry.ACTIONS, BEEP))
    HEARD.clear()
    return vault


def test_another_action_is_connected_ruled_done_and_listed(vault: MemoryVault, tmp_path: Path) -> None:
    def run(*arguments: str, stdin: str = "") -> list[dict[str, Any]]:
        done = CliRunner().invoke(commands, [*arguments, "--data-dir", str(tmp_path)], input=stdin)
        assert done.exit_code == 0, done.output
        return [json.loads(line) for line in done.stdout.splitlines()]

    async def sell() -> None:
        shop = await open_shop(Paths(tmp_path), vault=vault)
        source = await shop.ledger.sources.add("paynow", "PayNow", {})
        news = asyncio.Event()
        shop.bus.listen(JobsChanged, lambda _: news.set())
        await shop.start(port=0, tunnel=TunnelKind.NONE)
        await shop.ledger.record(*told(source.id, "e1", paid("1001"), at=now()))
        async with asyncio.timeout(20):
            while not await shop.ledger.outbox.jobs((JobState.DONE,)):
                news.clear()
                await news.wait()
        await shop.close()

    [beeper] = run("target", "add", "beeper", "--set", "number=42", "--name", "Door", "--secret-stdin", stdin="1234")
    assert beeper == {"id": beeper["id"], "kind": "beeper", "name": "Door", "options": {"number": "42"}}
    step = {"do": "beep", "to": beeper["id"], "tone": "low"}
    [rule] = run("rule", "add", stdin=json.dumps({"when": "sale-paid", "then": [step]}))
    assert rule["sentence"] == "When any sale is paid, beep at Door."

    asyncio.run(sell())

    assert HEARD == ["42 1234 low", "off"]
    [job] = [each for each in run("jobs") if each["action"] == "beep"]
    assert (job["state"], job["to"]) == ("done", "Door")


@pytest.mark.parametrize(
    ("arguments", "stdin", "says"),
    [
        (("target", "add", "beeper", "--set", "number=x"), "", "A beeper has a number. It is on its back."),
        (("target", "add", "beeper", "--set", "colour=red"), "", "It has number, loud."),
        (("rule", "add"), '{"when": "sale-paid", "then": [{"do": "beep"}]}', "none of the places you have set up"),
        (("rule", "add"), '{"when": "sale-paid", "then": [{"do": "bleep"}]}', "quiet, beep."),
    ],
)
def test_what_is_wrong_with_it_is_said_as_its_declaration_says(
    vault: MemoryVault, tmp_path: Path, arguments: tuple[str, ...], stdin: str, says: str
) -> None:
    done = CliRunner().invoke(commands, [*arguments, "--data-dir", str(tmp_path)], input=stdin)
    assert says in (done.output or "") + str(done.exception)
