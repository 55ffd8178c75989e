"""A day beside what services tell of it."""
