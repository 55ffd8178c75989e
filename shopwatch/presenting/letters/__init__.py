"""Letters while they are written."""
