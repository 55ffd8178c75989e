"""What a service is told by: secrets, keys, descriptions."""
