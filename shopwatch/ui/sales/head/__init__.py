"""The head of the screen: the day, and whether all is well."""
