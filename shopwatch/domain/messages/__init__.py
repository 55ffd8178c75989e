"""What comes in, and what it comes to."""
