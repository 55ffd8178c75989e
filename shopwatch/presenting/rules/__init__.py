"""Rules and their steps."""
