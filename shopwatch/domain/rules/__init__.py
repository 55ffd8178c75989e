"""What the owner wants done, where, and what comes of it."""
