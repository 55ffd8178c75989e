import base64
import dataclasses
import logging
from pathlib import Path

import pytest

from shopwatch.domain.errors import Outage, UserError
from shopwatch.domain.source import Secrets
from shopwatch.host import logs
from shopwatch.host.paths import Paths
from shopwatch.secrets.redaction import hide
from shopwatch.secrets.secret_store import SecretStore, cleaned, tail
from shopwatch.secrets.vault import KeyringVault, MemoryVault
from shopwatch.settings.settings import load
from tests.secrets.password_store import PasswordStore

OLD, NEW = "whsec_old_0123456789", "whsec_new_9876543210"


async def test_what_is_written_comes_back_whole() -> None:
    store = SecretStore(MemoryVault())
    held = Secrets((OLD, NEW), ("whsec_before_012345",), 1_795_000_000_000)
    await store.write("a", held)
    assert await store.read("a") == held


async def test_a_source_without_a_secret_is_an_outage_that_names_the_provider() -> None:
    store = SecretStore(MemoryVault())
    with pytest.raises(Outage) as failure:
        await store.read("a", "Stripe")
    assert failure.value.code == "secret-missing"
    assert failure.value.title == "There is no secret for Stripe yet."


async def test_a_broken_item_is_an_outage_that_does_not_show_it() -> None:
    vault = MemoryVault()
    await vault.set("source/a", '{"current": "whsec_not_a_list"')
    with pytest.raises(Outage) as failure:
        await SecretStore(vault).read("a")
    assert failure.value.code == "secret-broken"
    assert "whsec_not" not in str(failure.value)


async def test_rotation_keeps_what_was_current_until_its_time() -> None:
    store = SecretStore(MemoryVault())
    await store.write("a", Secrets((OLD,)))
    await store.rotate("a", (NEW,), keep_until=1000)
    held = await store.read("a")
    assert held.at(999) == (NEW, OLD)
    assert held.at(1000) == (NEW,)


async def test_a_forgotten_source_has_no_secret() -> None:
    store = SecretStore(MemoryVault())
    await store.write("a", Secrets((OLD,)))
    await store.write("b", Secrets((NEW,)))
    await store.forget("a")
    with pytest.raises(Outage):
        await store.read("a")
    assert (await store.read("b")).current == (NEW,)


@pytest.mark.parametrize(
    ("pasted", "said"),
    [
        (OLD, ""),
        (OLD + " ", "A space at the end was removed."),
        (OLD + "\r\n", "A space at the end was removed."),
        ("\ufeff" + OLD, "A space at the start was removed."),
        ("\u00a0 " + OLD + "\u200b", "Spaces before and after it were removed."),
    ],
)
def test_what_copying_adds_is_removed_and_said(pasted: str, said: str) -> None:
    result = cleaned(pasted)
    assert (result.secret, result.said) == (OLD, said)
    assert OLD not in repr(result)


@pytest.mark.parametrize(
    ("pasted", "code"),
    [
        ("", "secret-empty"),
        (" \n\u200b", "secret-empty"),
        ("12345678", "secret-short"),
        ("whsec_\x00_0123456789", "secret-unprintable"),
        ("whsec_two\nlines_0123456789", "secret-unprintable"),
    ],
)
async def test_what_cannot_be_a_secret_is_refused_and_nothing_changes(pasted: str, code: str) -> None:
    store = SecretStore(MemoryVault())
    await store.write("a", Secrets((OLD,)))
    with pytest.raises(UserError) as failure:
        await store.write("a", Secrets((pasted,)))
    assert failure.value.code == code
    assert (await store.read("a")).current == (OLD,)


async def test_no_secret_at_all_is_refused() -> None:
    with pytest.raises(UserError) as failure:
        await SecretStore(MemoryVault()).write("a", Secrets())
    assert failure.value.code == "secret-empty"


def test_the_tail_is_four_characters() -> None:
    assert tail(OLD) == "6789"


def test_the_lines_of_a_pasted_key_are_put_on_one() -> None:
    """RFC 7468: white space within a key says nothing."""
    pasted = "-----BEGIN PUBLIC KEY-----\r\nMIIBIjANBgkq\nhkiG9w0BAQEF\n-----END PUBLIC KEY-----\n"

    found = cleaned(pasted)

    assert found.secret == "-----BEGIN PUBLIC KEY----- MIIBIjANBgkq hkiG9w0BAQEF -----END PUBLIC KEY-----"
    assert cleaned(found.secret).secret == found.secret


async def test_the_tunnel_token_is_cleaned_and_kept() -> None:
    store = SecretStore(MemoryVault())
    assert await store.tunnel_token() is None
    assert (await store.set_tunnel_token("  2abcDEF_0123456789\n")).said
    assert await store.tunnel_token() == "2abcDEF_0123456789"


async def test_a_backup_of_the_vault_fills_another_one() -> None:
    one, other = SecretStore(MemoryVault()), SecretStore(MemoryVault())
    await one.write("a", Secrets((OLD,), (NEW,), 5))
    await one.set_tunnel_token("2abcDEF_0123456789")
    items = await one.copy_out(("a", "never-had-one"))
    await other.copy_in(items)
    assert await other.read("a") == await one.read("a")
    assert await other.tunnel_token() == "2abcDEF_0123456789"


def all_bytes(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())


async def test_the_secret_is_in_the_password_store_and_nowhere_in_the_data_folder(
    paths: Paths, password_store: PasswordStore, own_logging: None
) -> None:
    settings, _ = load(paths.settings)
    logs.configure(paths.logs)
    store = SecretStore(KeyringVault(settings.id))
    await store.write("a", Secrets((OLD,)))
    logging.getLogger("test").info("it is %s, %s", OLD, dataclasses.asdict(await store.read("a")))
    (item,) = password_store.values().items()
    assert item[0] == f"{settings.id}/source/a"
    assert OLD in item[1]
    everything = all_bytes(paths.data_dir)
    assert b"it is" in everything
    raw = OLD.encode()
    for form in (raw, raw[:8], raw[::-1], raw.hex().encode(), base64.b64encode(raw)[:-4]):
        assert form not in everything
    await store.forget("a")


async def test_targets_keep_their_secrets_apart_from_sources() -> None:
    vault = MemoryVault()
    store = SecretStore(vault)

    await store.set_target_secret("mail-1", "a password of the mail host")

    assert await store.target_secret("mail-1") == "a password of the mail host"
    assert await store.target_secret("mail-2") is None
    assert await store.copy_out((), ("mail-1",)) == {"target/mail-1": "a password of the mail host"}
    assert "password of" not in hide("it was a password of the mail host")
    await store.set_target_secret("chat-1", "slack://T0KEN-A/T0KEN-B")
    assert hide("slack://elsewhere, T0KEN-A/T0KEN-B") == "slack://elsewhere, [hidden]"
    await store.forget_target_secret("mail-1")
    assert await store.target_secret("mail-1") is None
