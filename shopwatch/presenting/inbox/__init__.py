"""Messages, as they came."""
