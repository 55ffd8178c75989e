"""People over all sources, what they did that is no money, and how they are forgotten."""
