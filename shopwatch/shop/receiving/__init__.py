"""Hearing: the receiver, its address, and how it is."""
