"""A day's sales beside what each provider's own list tells of them."""
