"""What came in of a time in which nothing was heard."""
