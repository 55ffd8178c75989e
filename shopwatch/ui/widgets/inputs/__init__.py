"""What the owner presses, types into and chooses from."""
