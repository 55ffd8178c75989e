"""What is known of times in which nothing was heard, and what is still to be asked of providers."""
