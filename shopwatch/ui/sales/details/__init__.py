"""One sale in full."""
