"""Each sale in a database of the owner's own."""
