"""What the owner chose, where it is kept, and the password store that holds what must never be in a file."""
