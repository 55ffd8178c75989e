"""How the outside reaches the shop, and when it did not."""
