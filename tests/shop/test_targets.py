"""What is known of a target beside its secret."""

from dataclasses import replace
from pathlib import Path

import pytest

from shopwatch.actions import registry
from shopwatch.actions.chat import CHAT_TARGET
from shopwatch.actions.database import DATABASE, OWN_DATABASE
from shopwatch.actions.forward import PROGRAM
from shopwatch.domain.rules.target import Target
from shopwatch.host.paths import Paths
from shopwatch.shop.outgoing.targets import tried


def test_a_chat_is_known_by_its_service_and_by_nothing_else_of_its_address() -> None:
    chat = Target("1", "chat", "#sales")
    assert CHAT_TARGET.described(chat, "slack://T1/B1/5ecret").options == {"service": "Slack"}
    assert CHAT_TARGET.described(chat, "tgram://token/1").options == {"service": "Telegram"}


async def test_a_password_in_an_address_is_kept_with_the_secrets_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    tried_with: list[str] = []

    async def check(target: Target, secret: str, _paths: Paths) -> str:
        tried_with.append(target.options["url"])
        return secret

    books = replace(DATABASE, target=replace(OWN_DATABASE, check=check))
    monkeypatch.setattr(registry, "ACTIONS", (books,))

    kept, secret = await tried(
        Target("1", "database", "Books", {"url": "mysql://me:5ecret@host/x"}), "", Paths(tmp_path)
    )

    assert (kept.options, secret) == ({"url": "mysql+pymysql://me@host/x"}, "5ecret")
    assert tried_with == ["mysql+pymysql://me@host/x"]


def test_other_targets_stay_as_they_are() -> None:
    books = Target("2", "forward", "Books", {"url": "https://books.example"})
    assert PROGRAM.described(books, "whsec_x") == books
