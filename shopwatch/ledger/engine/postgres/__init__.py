"""PostgreSQL: one ledger for several receivers and desks."""
