"""How whatever waits is written: in batches, in order, by one writer."""
