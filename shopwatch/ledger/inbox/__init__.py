"""Deliveries as they came, and how many of those that were not accepted are kept."""
