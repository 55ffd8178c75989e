"""What a sender is made of: how its messages are checked, read and practised."""
