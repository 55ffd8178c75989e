"""What was missed, who is silent, and whether a day is complete."""
