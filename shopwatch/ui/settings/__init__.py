"""The groups of the settings page."""
