"""What sells best."""
