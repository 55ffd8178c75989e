"""The connections of this shop: one card for each source."""
