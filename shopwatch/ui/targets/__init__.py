"""Where the shop's own messages go: a form for each kind of target, tried before it is kept."""
