"""Where the shop's own messages go, and the forms in which that is set up."""
