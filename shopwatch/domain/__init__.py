"""The words of the shop, as values: no I/O, no clock of its own, no other floor."""
