"""What must never be in a file: secrets and API keys in the password store, what hides them, and what seals them."""
