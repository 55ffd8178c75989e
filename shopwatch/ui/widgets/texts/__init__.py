"""Texts, signs and small pictures."""
