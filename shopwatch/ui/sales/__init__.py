"""The Sales screen."""
