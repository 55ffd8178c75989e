"""What a running program needs below every other part: threads for blocking work."""
