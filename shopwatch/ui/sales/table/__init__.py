"""The list of sales."""
