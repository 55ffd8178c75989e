"""The public page of popular items: made, kept ready, and put where else the owner wants it."""
