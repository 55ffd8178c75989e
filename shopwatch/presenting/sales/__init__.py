"""Sales, days and times away."""
