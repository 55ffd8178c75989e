"""The durable store: what came in, what it means, and finding it again."""
