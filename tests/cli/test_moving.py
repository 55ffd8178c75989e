"""Two real processes of one shop behind one address: the later copy works, the other one ends."""

import asyncio
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.cli.conftest import SECRET, Program
from tests.desktop import paynow
from tests.standin.road import Road

WORDS = "a long enough passphrase"


@pytest.fixture
async def road() -> AsyncIterator[Road]:
    road = Road()
    await road.build()
    yield road
    await road.tear_down()


async def serve(program: Program, *options: str) -> tuple[subprocess.Popen[str], int]:
    process, ready = await asyncio.to_thread(program.start, "--port", "0", *options)
    return process, int(ready["port"])


async def stepped_back(process: subprocess.Popen[str]) -> None:
    _, words = await asyncio.to_thread(process.communicate, timeout=60)
    assert "works on another computer now" in words
    assert "“shopwatch serve --here” takes it back." in words
    assert "Traceback" not in words
    assert process.returncode == 0


async def hears(url: str, number: int) -> None:
    """A sale is taken at this address, soon."""
    async with asyncio.timeout(30):
        while await asyncio.to_thread(_post, url, number) != 200:  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.2)


def _post(url: str, number: int) -> int:
    try:
        return paynow.post(url, paynow.order(number), SECRET)
    except OSError:
        return 0


async def test_the_later_of_two_copies_works_and_the_shop_can_be_taken_back(
    shopwatch: Program, road: Road, tmp_path: Path
) -> None:
    async def run(program: Program, *words: str, stdin: str = "") -> int:
        return (await asyncio.to_thread(program.run, *words, stdin=stdin)).code

    added = await asyncio.to_thread(shopwatch.add_paynow)
    url, file = road.origin + added["path"], str(tmp_path / "shop.backup")
    assert await run(shopwatch, "tunnel", "own", road.origin) == 0
    old, road.to = await serve(shopwatch)
    await hears(url, 1)
    assert await run(shopwatch, "backup", file, "--with-secrets", stdin=WORDS) == 0
    other = Program({**shopwatch.env, "SHOPWATCH_DATA_DIR": str(tmp_path / "other")}, tmp_path / "other")
    try:
        assert await run(other, "restore", file, "--with-secrets", stdin=WORDS) == 0
        new, port = await serve(other)
        await stepped_back(old)
        road.to = port
        await hears(url, 2)
        assert [len((await asyncio.to_thread(each.run, "sales")).lines) for each in (shopwatch, other)] == [1, 2]
        assert await run(shopwatch, "serve", "--port", "0") == 2

        old, port = await serve(shopwatch, "--here")
        await stepped_back(new)
        road.to = port
        await hears(url, 3)
        assert await run(other, "serve", "--port", "0") == 2
    finally:
        await asyncio.to_thread(other.stop)


async def test_a_shop_that_moves_out_hears_nothing_any_more(shopwatch: Program, tmp_path: Path) -> None:
    file = str(tmp_path / "shop.backup")
    await asyncio.to_thread(shopwatch.add_paynow)
    process, _ = await serve(shopwatch)
    refused = await asyncio.to_thread(shopwatch.run, "backup", file, "--with-secrets", "--move", stdin=WORDS)
    assert refused.code == 2
    assert "already open" in refused.words
    process.terminate()
    await asyncio.to_thread(process.communicate, timeout=60)

    plain = await asyncio.to_thread(shopwatch.run, "backup", file, "--move")
    assert plain.code == 2
    assert "--with-secrets" in plain.words
    moved = await asyncio.to_thread(shopwatch.run, "backup", file, "--with-secrets", "--move", stdin=WORDS)

    assert moved.code == 0
    assert "--here" in moved.words
    away = await asyncio.to_thread(shopwatch.run, "serve", "--port", "0")
    assert away.code == 2
    assert "works on another computer now" in away.words
    assert away.words.count("“shopwatch serve --here” takes it back.") == 1
    other = Program({**shopwatch.env, "SHOPWATCH_DATA_DIR": str(tmp_path / "other")}, tmp_path / "other")
    restored = await asyncio.to_thread(other.run, "restore", file)
    assert restored.code == 0
    assert "but the secrets" in restored.words
    assert "--with-secrets" in restored.words
