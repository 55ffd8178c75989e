"""What the owner chose, where it is kept, and the backup that takes it to another computer."""
