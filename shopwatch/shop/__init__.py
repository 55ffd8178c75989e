"""The shop itself: the one facade that screens and commands talk to, and what it is made of."""
