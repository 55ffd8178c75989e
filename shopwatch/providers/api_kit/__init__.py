"""What an API is made of: how its provider is asked, and what it keeps for us."""
