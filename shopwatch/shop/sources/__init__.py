"""Sources: connected, proved, and known to their providers."""
