import pytest

from shopwatch.domain.errors import UserError
from shopwatch.domain.source import Secrets
from shopwatch.secrets.api_keys import ApiKeys
from shopwatch.secrets.redaction import hide
from shopwatch.secrets.secret_store import SecretStore
from shopwatch.secrets.vault import MemoryVault

KEY = "rk_live_canaryCANARYcanary0123456789"


async def test_a_key_comes_back_clean_and_can_be_forgotten() -> None:
    keys = ApiKeys(MemoryVault())
    assert await keys.read("stripe-1") is None
    assert (await keys.write("stripe-1", f" {KEY}\n")).said
    assert await keys.read("stripe-1") == KEY
    await keys.forget("stripe-1")
    assert await keys.read("stripe-1") is None


@pytest.mark.parametrize("pasted", ["", "  ", "short", "rk_live_\x00canary0123456789"])
async def test_what_cannot_be_a_key_is_refused(pasted: str) -> None:
    with pytest.raises(UserError):
        await ApiKeys(MemoryVault()).write("stripe-1", pasted)


async def test_a_key_never_shows_and_is_no_secret_of_messages() -> None:
    vault = MemoryVault()
    await SecretStore(vault).write("stripe-1", Secrets(("whsec_of_the_messages_0123",)))
    await ApiKeys(vault).write("stripe-1", KEY)
    assert KEY not in hide(f"it was {KEY}")
    assert (await SecretStore(vault).read("stripe-1")).current == ("whsec_of_the_messages_0123",)


async def test_a_key_that_was_renewed_is_hidden_and_the_one_before_it_forgotten() -> None:
    keys = ApiKeys(MemoryVault())
    await keys.write("etsy-1", "1.refresh.0123456789")
    await keys.renew("etsy-1", "2.refresh.0123456789")
    assert await keys.read("etsy-1") == "2.refresh.0123456789"
    assert hide("1.refresh.0123456789") == "1.refresh.0123456789"
    assert "2.refresh" not in hide("it was 2.refresh.0123456789")


async def test_keys_go_into_an_encrypted_backup_and_come_back() -> None:
    keys = ApiKeys(MemoryVault())
    await keys.write("stripe-1", KEY)
    held = await keys.copy_out(("stripe-1", "square-2"))
    assert held == {"api/stripe-1": KEY}
    vault = MemoryVault()
    await SecretStore(vault).copy_in(held)
    assert await ApiKeys(vault).read("stripe-1") == KEY
