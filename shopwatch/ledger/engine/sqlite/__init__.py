"""SQLite: a ledger in one file of this computer, with one receiver."""
