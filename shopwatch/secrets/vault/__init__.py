"""The vault: the operating system's password store behind get, set and forget. There is no other place for secrets."""

from shopwatch.secrets.vault.memory import MemoryVault
from shopwatch.secrets.vault.sealed import SealedVault
from shopwatch.secrets.vault.system import KeyringVault
from shopwatch.secrets.vault.vault import Vault

__all__ = ["KeyringVault", "MemoryVault", "SealedVault", "Vault"]
