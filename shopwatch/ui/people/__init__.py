"""The People page: who bought, wrote or left their details, over all sources."""
