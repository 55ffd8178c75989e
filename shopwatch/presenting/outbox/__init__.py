"""Jobs, done and to be done."""
