"""What the ledger needs of a database, and the databases that offer it: their own SQL and habits stand here alone."""
