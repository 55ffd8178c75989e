"""What its page says of each connection."""
