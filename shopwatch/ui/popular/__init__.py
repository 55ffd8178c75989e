"""The Popular items page: what sold best, and the public page of it."""
