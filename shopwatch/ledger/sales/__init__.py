"""Sales: folded from their events, found again page by page, and summed."""
