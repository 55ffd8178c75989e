"""A sender is one declaration: with a line in `PROVIDERS`, the shop, its commands and its page know it."""

import json
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession
from typer.testing import CliRunner

from shopwatch import providers
from shopwatch.cli import commands
from shopwatch.domain.connection.reach import TunnelKind
from shopwatch.domain.messages.event import Kind
from shopwatch.host.paths import Paths
from shopwatch.ledger.sales.query import SalesQuery
from shopwatch.providers.pages import page
from shopwatch.runtime.clock import now
from shopwatch.secrets.vault import MemoryVault
from shopwatch.shop.opening import open_shop
from tests.providers.bloomcart import BLOOMCART

SECRET = "a-secret-of-bloomcart-0123456789"


@pytest.fixture
def vault(monkeypatch: pytest.MonkeyPatch) -> MemoryVault:
    """What commands keep secrets in here; they know Bloomcart too."""
    vault = MemoryVault()
    monkeypatch.setattr("shopwatch.shop.opening.KeyringVault", lambda **_: vault)
    monkeypatch.setitem(providers._BY_ID, BLOOMCART.id, BLOOMCART)
    return vault


def test_another_sender_is_connected_by_a_command(vault: MemoryVault, tmp_path: Path) -> None:
    def run(*arguments: str, stdin: str = "") -> list[dict[str, Any]]:
        done = CliRunner().invoke(commands, [*arguments, "--data-dir", str(tmp_path)], input=stdin)
        assert done.exit_code == 0, done.output
        return [json.loads(line) for line in done.stdout.splitlines()]

    [added] = run("source", "add", "bloomcart", "--name", "Stall", "--secret-stdin", stdin=SECRET)
    [listed] = run("source", "list")

    assert (listed["id"], listed["provider"], listed["name"]) == (added["id"], "bloomcart", "Stall")
    [held] = run("secret", "list")
    assert (held["source"], held["secrets"]) == (added["id"], 1)


async def test_its_messages_are_sales_and_forged_ones_are_not(vault: MemoryVault, tmp_path: Path) -> None:
    shop = await open_shop(Paths(tmp_path), vault=vault)
    source = await shop.connections.add("bloomcart")
    await shop.connections.set_secrets(source.id, (SECRET,))
    port = await shop.start(port=0, tunnel=TunnelKind.NONE)
    url = f"http://127.0.0.1:{port}{source.path}"
    genuine = BLOOMCART.practise(Kind.SALE, SECRET, now(), 1, url=url)
    forged = BLOOMCART.practise(Kind.SALE, f"not {SECRET}", now(), 2, url=url)

    answers = []
    async with ClientSession() as session:
        for message in (genuine, forged, genuine):
            headers = {name.decode(): value.decode() for name, value in message.headers.lines}
            async with session.post(url, data=message.body, headers=headers) as answer:
                answers.append(answer.status)
    [row] = (await shop.ledger.sales.page(SalesQuery(practice=True))).rows
    await shop.close()

    told = json.loads(genuine.body)
    assert answers == [200, 401, 200]
    assert (row.sale.order_id, row.sale.email) == (told["order"], told["email"])
    assert row.sale.amount is not None
    assert f"{row.sale.amount.minor / 100:.2f}" == told["total"]


def test_its_page_tells_what_to_do_there() -> None:
    told = page(BLOOMCART)

    assert "Settings › Webhooks" in told
    assert "Beside the webhook, once it is made." in told
