"""The four steps, and what only they have."""
