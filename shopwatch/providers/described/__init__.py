"""Senders without a declaration, described by their owner."""
