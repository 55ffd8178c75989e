"""What list pages are made of: the models of rows, the table, what stands in its place, the head, the page."""
