"""What the shop does and writes outside."""
