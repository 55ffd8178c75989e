"""The first-run assistant: from nothing to the first bell in four steps."""
