"""Secrets that are sealed in the ledger open with the right key from outside, and with nothing else."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from shopwatch.domain.errors import Outage, UserError
from shopwatch.ledger import Ledger
from shopwatch.secrets.unsealing import CREDENTIAL, Credential, Passphrase, from_credentials, from_descriptor
from shopwatch.secrets.vault import SealedVault

WORDS = "four words are enough"
SECRET = "whsec_5WbX5kEWLlfzsGNjH64I8lOOqUB6e8FH"


@pytest.fixture
async def ledger(tmp_path: Path) -> AsyncIterator[Ledger]:
    ledger = Ledger.open(tmp_path / "sales.sqlite")
    yield ledger
    ledger.close()


def vault(ledger: Ledger, words: str = WORDS) -> SealedVault:
    return SealedVault(ledger.sealed_items, Passphrase(words))


async def test_another_computer_with_the_same_words_reads_it(ledger: Ledger) -> None:
    await vault(ledger).set("source/a", SECRET)

    assert await vault(ledger).get("source/a") == SECRET
    assert await vault(ledger).get("source/b") is None


async def test_a_secret_is_replaced_and_forgotten(ledger: Ledger) -> None:
    here = vault(ledger)
    await here.set("source/a", "an old one")
    await here.set("source/a", "schlüssel \ud800")
    assert await here.get("source/a") == "schlüssel \ud800"

    await here.forget("source/a")
    await here.forget("source/a")
    assert await here.get("source/a") is None


async def test_other_words_open_nothing_and_change_nothing(ledger: Ledger) -> None:
    await vault(ledger).set("source/a", SECRET)
    other = vault(ledger, "four other words here")

    for attempt in (other.check(), other.get("source/a"), other.set("source/a", "mine")):
        with pytest.raises(Outage) as refused:
            await attempt
        assert refused.value.code == "vault-key"
    assert await vault(ledger).get("source/a") == SECRET


async def test_an_item_cannot_be_put_in_the_place_of_another(ledger: Ledger) -> None:
    await vault(ledger).set("target/mail", SECRET)
    sealed = await ledger.sealed_items.get("target/mail")
    assert sealed
    await ledger.sealed_items.put("source/a", sealed, 1)

    with pytest.raises(Outage) as refused:
        await vault(ledger).get("source/a")
    assert refused.value.code == "secret-broken"


def _all_of(folder: Path) -> bytes:
    return b"".join(each.read_bytes() for each in folder.iterdir())


async def test_neither_secret_nor_words_are_in_the_ledger(ledger: Ledger, tmp_path: Path) -> None:
    await vault(ledger).set("source/a", SECRET)
    ledger.close()

    held = _all_of(tmp_path)
    assert b"source/a" in held
    assert SECRET.encode() not in held
    assert WORDS.encode() not in held


async def test_a_credential_of_systemd_is_a_key(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "credentials").mkdir()
    (tmp_path / "credentials" / CREDENTIAL).write_bytes(os.urandom(32))
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path / "credentials"))
    key = from_credentials()
    assert key is not None
    await SealedVault(ledger.sealed_items, key).set("source/a", SECRET)

    again = from_credentials()
    assert again is not None
    assert await SealedVault(ledger.sealed_items, again).get("source/a") == SECRET
    with pytest.raises(Outage):
        await SealedVault(ledger.sealed_items, Credential(os.urandom(32))).check()


def test_without_a_credential_there_is_no_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    assert from_credentials() is None
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert from_credentials() is None


def test_a_credential_that_could_be_guessed_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / CREDENTIAL).write_text("secret")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))

    with pytest.raises(UserError) as refused:
        from_credentials()
    assert refused.value.code == "key-short"


@pytest.mark.parametrize(("content", "code"), [(b"short\n", "passphrase-short"), (b"\xff" * 20, "usage")])
def test_a_descriptor_without_a_passphrase_has_a_sentence(content: bytes, code: str) -> None:
    reads, writes = os.pipe()
    os.write(writes, content)
    os.close(writes)

    with pytest.raises(UserError) as refused:
        from_descriptor(reads)
    assert refused.value.code == code


def test_a_descriptor_that_is_not_open_has_a_sentence() -> None:
    reads, writes = os.pipe()
    os.close(reads)
    os.close(writes)

    with pytest.raises(UserError) as refused:
        from_descriptor(reads)
    assert refused.value.code == "usage"
