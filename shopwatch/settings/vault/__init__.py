"""The vault: the operating system's password store behind get, set and forget. There is no other place for secrets."""

from shopwatch.settings.vault.memory import MemoryVault
from shopwatch.settings.vault.system import KeyringVault
from shopwatch.settings.vault.vault import Vault

__all__ = ["KeyringVault", "MemoryVault", "Vault"]
