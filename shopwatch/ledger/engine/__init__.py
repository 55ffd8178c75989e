"""What SQLite is asked in ways of its own, and what any other database would have to offer."""
